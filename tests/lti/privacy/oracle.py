"""What an LTI tool may be told, written a second time: straight from docs/lti/security.md, “What a tool can learn”, and
decisions 27 to 29, over plain facts. Nothing of the product is used here.
"""

from dataclasses import dataclass
from typing import Any

from tests.lti.privacy.campus import Holding, Member, SampleGroup
from tests.privacy.campus import token

Row = dict[str, Any]

MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Member"
OFFICER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Officer"
CHAIR = "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Chair"
ANYBODY = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
ROLES = ([MEMBER], [OFFICER, CHAIR])
"""The roles of each place."""

LEVELS = ("none", "name", "email", "all")


@dataclass(frozen=True)
class ToolAccess:
    """A tool, as far as privacy goes."""

    audience: str
    disclosure: str
    has_consent: bool = False
    """To rows without anything personal of members off the roster."""
    reads_sis_id: bool = False

    def __str__(self) -> str:
        grants = [name for name in ("has_consent", "reads_sis_id") if getattr(self, name)]
        return " ".join([self.audience, self.disclosure, *grants])


def is_open(group: SampleGroup) -> bool:
    """Hidden organizations are there for no tool."""
    return not group.is_hidden


def on_roster(access: ToolAccess, holding: Holding) -> bool:
    return holding.on_campus if access.audience == "campus" else holding.to_public


def sees(access: ToolAccess, member: Member) -> list[Holding]:
    """The memberships on the roster that the tool's audience sees, of the past ones too."""
    if member.person.is_confidential:
        return []
    return [it for it in member.holdings if on_roster(access, it) and not it.is_deleted]


def row(access: ToolAccess, member: Member) -> Row | None:
    """What a roster says of a person, but for the id; None when the tool may not know that they are there."""
    seen = [it for it in sees(access, member) if it.period != "past"]
    if seen:
        today = [it for it in seen if it.period == "current"]
        status = "Active" if today else "Inactive"
        shown = {name: value for name, value in personal(access, member).items() if value}
        if access.disclosure != "none" or not today:
            shown["status"] = status
        return {**shown, "roles": roles(today or seen)}
    off = [it for it in member.holdings if not on_roster(access, it) and it.period == "current" and not it.is_deleted]
    if access.has_consent and off and not member.person.is_confidential:
        return {"roles": roles(off)}
    return None


def personal(access: ToolAccess, member: Member) -> dict[str, str]:
    """All that is told of a person who is on the roster: what the audience reads, as far as the level discloses it."""
    person, level = member.person, LEVELS.index(access.disclosure)
    is_campus = access.audience == "campus"
    shown = {}
    if level >= 1:
        shown = {"name": f"{person.known_as} {person.last}", "given_name": person.known_as, "family_name": person.last}
    if level >= 1 and is_campus:
        shown["middle_name"] = token(person.number, "mn")
    if level >= 2 and is_campus:
        shown["email"] = f"{token(person.number, 'ce')}@example.edu"
    if level >= 3 and is_campus:
        shown["picture"] = f"https://example.edu/{token(person.number, 'pu')}"
    if access.reads_sis_id:
        shown["lis_person_sourcedid"] = token(person.number, "si")
    return shown


def roles(holdings: list[Holding]) -> list[str]:
    places = sorted({it.place for it in holdings})
    return [role for place in places for role in ROLES[place]]


def launching(access: ToolAccess, member: Member) -> Row:
    """What a launch says of its person: what the roster does; only roles held today, else those of anybody."""
    shown = row(access, member) or {"roles": [ANYBODY]}
    if shown.pop("status", "Active") == "Inactive":
        shown["roles"] = [ANYBODY]
    return shown


def other_names(shown: Row) -> dict[str, str]:
    """Names of a person under the names of LTIaaS."""
    names = {"givenName": "given_name", "familyName": "family_name"}
    return {name: shown[source] for name, source in names.items() if source in shown}


def may_be_launched_for(access: ToolAccess, group: SampleGroup, member: Member) -> bool:
    """May a portal launch for this person? Only for those on a roster that the tool's audience sees, at any time."""
    return is_open(group) and bool(sees(access, member))


def custom(access: ToolAccess, group: SampleGroup, member: Member, shown: Row, user_id: str) -> dict[str, str]:
    """Custom parameters that ask for all there is: what may not be told stays a variable."""
    fields = {
        "$Person.name.full": "name",
        "$Person.name.given": "given_name",
        "$Person.name.family": "family_name",
        "$Person.name.middle": "middle_name",
        "$Person.email.primary": "email",
        "$Person.sourcedId": "lis_person_sourcedid",
        "$User.image": "picture",
    }
    disclosed_rows = {variable: shown.get(field, variable) for variable, field in fields.items()}
    disclosed_rows["$Membership.role"] = ",".join(shown["roles"])
    disclosed_rows["$User.id"] = user_id
    disclosed_rows["$Context.title"] = token(group.number, "on")
    disclosed_rows["$User.username"] = "$User.username"  # known to no tool
    return {asked[1:].replace(".", "_"): value for asked, value in disclosed_rows.items()}
