"""What an LTI tool may be told, written a second time: straight from docs/lti/security.md, “What a tool can learn”, and
decisions 27 to 29, over plain facts. Nothing of the product is used here.
"""

from dataclasses import dataclass
from typing import Any

from tests.lti.privacy.campus import Club, Holding, Member
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


def is_open(club: Club) -> bool:
    """Hidden organizations are there for no tool."""
    return not club.is_hidden


def on_roster(told: ToolAccess, holding: Holding) -> bool:
    return holding.on_campus if told.audience == "campus" else holding.to_public


def sees(told: ToolAccess, member: Member) -> list[Holding]:
    """The memberships on the roster that the tool's audience sees, of the past ones too."""
    if member.person.is_confidential:
        return []
    return [it for it in member.holdings if on_roster(told, it) and not it.is_deleted]


def row(told: ToolAccess, member: Member) -> Row | None:
    """What a roster says of a person, but for the id; None when the tool may not know that they are there."""
    seen = [it for it in sees(told, member) if it.period != "past"]
    if seen:
        today = [it for it in seen if it.period == "current"]
        status = "Active" if today else "Inactive"
        said = {name: value for name, value in personal(told, member).items() if value}
        if told.disclosure != "none" or not today:
            said["status"] = status
        return {**said, "roles": roles(today or seen)}
    off = [it for it in member.holdings if not on_roster(told, it) and it.period == "current" and not it.is_deleted]
    if told.has_consent and off and not member.person.is_confidential:
        return {"roles": roles(off)}
    return None


def personal(told: ToolAccess, member: Member) -> dict[str, str]:
    """All that is told of a person who is on the roster: what the audience reads, as far as the level discloses it."""
    person, level = member.person, LEVELS.index(told.disclosure)
    is_campus = told.audience == "campus"
    said = {}
    if level >= 1:
        said = {"name": f"{person.known_as} {person.last}", "given_name": person.known_as, "family_name": person.last}
    if level >= 1 and is_campus:
        said["middle_name"] = token(person.number, "mn")
    if level >= 2 and is_campus:
        said["email"] = f"{token(person.number, 'ce')}@example.edu"
    if level >= 3 and is_campus:
        said["picture"] = f"https://example.edu/{token(person.number, 'pu')}"
    if told.reads_sis_id:
        said["lis_person_sourcedid"] = token(person.number, "si")
    return said


def roles(holdings: list[Holding]) -> list[str]:
    places = sorted({it.place for it in holdings})
    return [role for place in places for role in ROLES[place]]


def launching(told: ToolAccess, member: Member) -> Row:
    """What a launch says of its person: what the roster does; only roles held today, else those of anybody."""
    said = row(told, member) or {"roles": [ANYBODY]}
    if said.pop("status", "Active") == "Inactive":
        said["roles"] = [ANYBODY]
    return said


def other_names(said: Row) -> dict[str, str]:
    """Names of a person under the names of LTIaaS."""
    names = {"givenName": "given_name", "familyName": "family_name"}
    return {name: said[source] for name, source in names.items() if source in said}


def may_be_launched_for(told: ToolAccess, club: Club, member: Member) -> bool:
    """May a portal launch for this person? Only for those on a roster that the tool's audience sees, at any time."""
    return is_open(club) and bool(sees(told, member))


def custom(told: ToolAccess, club: Club, member: Member, said: Row, user_id: str) -> dict[str, str]:
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
    told_of = {variable: said.get(field, variable) for variable, field in fields.items()}
    told_of["$Membership.role"] = ",".join(said["roles"])
    told_of["$User.id"] = user_id
    told_of["$Context.title"] = token(club.number, "on")
    told_of["$User.username"] = "$User.username"  # known to no tool
    return {asked[1:].replace(".", "_"): value for asked, value in told_of.items()}
