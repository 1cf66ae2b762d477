"""Who may read what, implemented a second time: directly from docs/api.md, “Who sees what”, over plain data.

Nothing of the product is used here. A comment explains each choice that the page leaves open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.privacy.campus import Campus, CampusOrganization, Holding, Person, token


@dataclass(frozen=True)
class Asker:
    """Who asks: a level, and what narrows or widens it."""

    level: str
    """public, campus or staff."""
    is_limited: bool = False
    me: int | None = None
    """Id of the signed-in person."""
    reads_reflections: bool = False

    @property
    def is_staff(self) -> bool:
        return self.level == "staff"


@dataclass(frozen=True)
class Expected:
    """An item that may be disclosed: the values that privacy decides about, and every token it may contain."""

    id: int
    values: dict[str, Any]
    tokens: set[str]


def sees_organization(asker: Asker, row: CampusOrganization) -> bool:
    """Hidden ones exist for staff only. A limited key sees those of its limit; children are not implied."""
    return (asker.is_staff or not row.is_hidden) and (not asker.is_limited or row.is_in_limit)


def sees_holding(asker: Asker, holding: Holding) -> bool:
    """May it see this membership, if it requests deleted ones where it may?"""
    if asker.is_staff:
        return sees_organization(asker, holding.organization)
    shown = holding.on_campus if asker.level == "campus" else holding.to_public
    return (
        shown
        and not holding.is_deleted
        and not holding.person.is_confidential
        and sees_organization(asker, holding.organization)
    )


def sees_person(asker: Asker, person: Person, campus: Campus) -> bool:
    """Staff all; campus those with a membership it can see, and oneself; public none.

    A limited staff key sees people through memberships; a deleted one counts, since it may list those.
    """
    if asker.level == "public":
        return False
    if asker.is_staff and not asker.is_limited:
        return True
    theirs = (holding for holding in campus.holdings if holding.person is person)
    return asker.me == person.id or any(sees_holding(asker, holding) for holding in theirs)


def names_contact(asker: Asker, row: CampusOrganization, campus: Campus) -> bool:
    """Is the primary contact named? To staff always; to others, and to a limited key, only a member there it sees."""
    if row.contact is None or (asker.is_staff and not asker.is_limited):
        return row.contact is not None
    there = (holding for holding in campus.holdings if holding.organization is row and holding.person is row.contact)
    return any(sees_holding(asker, holding) for holding in there)


def memberships(asker: Asker, campus: Campus, *, deleted: bool, reflections: bool) -> Iterator[Expected]:
    seen = [holding for holding in campus.holdings if sees_holding(asker, holding)]
    for holding in sorted(
        seen,
        key=lambda it: (token(it.organization.number, "on"), it.organization.id, it.organization.position_id, it.id),
    ):
        if not holding.is_deleted or deleted:
            yield membership(asker, holding, reflections and asker.is_staff and asker.reads_reflections)


def membership(asker: Asker, holding: Holding, tells_reflection: bool) -> Expected:
    person, row, public = holding.person, holding.organization, asker.level == "public"
    username, email = token(person.number, "un"), token(person.number, "ce")
    reflection = token(holding.number, "mr") if tells_reflection else ""
    values = {
        "username": "" if public else username,
        "userCampusEmail": "" if public else f"{email}@example.edu",
        "positionReportedStartDate": None if public else 1_746_072_000_000,
        "positionReportedEndDate": None if public else 1_746_072_000_000,
        "reflection": reflection,
        "userShownOnCampusRoster": holding.on_campus,
        "userShownOnPublicRoster": holding.to_public,
        "deleted": holding.is_deleted,
    }
    tokens = {person.known_as, person.last, reflection, *(token(row.number, what) for what in ("on", "os", "pn"))}
    return Expected(holding.id, values, (tokens | (set() if public else {username, email})) - {""})


def organizations(asker: Asker, campus: Campus) -> Iterator[Expected]:
    seen = [row for row in campus.organizations if sees_organization(asker, row)]
    for row in sorted(seen, key=lambda it: (token(it.number, "on"), it.id)):
        yield organization(asker, row, campus)


def organization(asker: Asker, row: CampusOrganization, campus: Campus) -> Expected:
    parent = row.parent if row.parent and sees_organization(asker, row.parent) else None
    contact = row.contact if names_contact(asker, row, campus) else None
    email = token(contact.number, "ce") if contact and asker.level != "public" else ""
    custom = ["oi", "op"] if asker.is_staff else ["op"]
    values = {
        "parentId": parent.id if parent else None,
        "parentName": token(parent.number, "on") if parent else "",
        "primaryContactId": contact.id if contact else None,
        "primaryContactName": f"{contact.known_as} {contact.last}" if contact else "",
        "primaryContactCampusEmail": f"{email}@example.edu" if email else "",
        "customFields": [{"name": what, "value": [token(row.number, what)]} for what in custom],
    }
    tokens = {token(row.number, what) for what in ("on", "os", *custom)} | {email, str(values["parentName"])}
    tokens |= {contact.known_as, contact.last} if contact else set()
    return Expected(row.id, values, tokens - {""})


def positions(asker: Asker, campus: Campus) -> Iterator[Expected]:
    seen = [row for row in campus.organizations if sees_organization(asker, row)]
    for row in sorted(seen, key=lambda it: (token(it.number, "on"), it.id)):
        yield Expected(row.position_id, {}, {token(row.number, "on"), token(row.number, "pn")})


def users(asker: Asker, campus: Campus) -> Iterator[Expected]:
    seen = [person for person in campus.people if sees_person(asker, person, campus)]
    first = "on_record" if asker.is_staff else "known_as"
    for person in sorted(seen, key=lambda it: (it.last, getattr(it, first), it.id)):
        yield user(asker, person)


def user(asker: Asker, person: Person) -> Expected:
    staff, number = asker.is_staff, person.number
    values: dict[str, Any] = {
        "firstName": person.on_record if staff else person.known_as,
        "preferredFirstName": person.preferred,
        "middleName": token(number, "mn"),
        "status": "Active" if staff else "",
        "lastLogin": 1_745_848_800_000 if staff else None,
        "preferredEmail": f"{token(number, 'pe')}@example.org" if staff else "",
        "cardId": token(number, "cd") if staff else "",
        "mobilePhone": token(number, "mp") if staff else "",
        "customFields": [{"name": "Hall", "value": [token(number, "cf")]}] if staff else [],
    }
    wrapped = {"sisId": "si", "affiliation": "af", "enrollmentStatus": "es", "classStanding": "cs"}
    values |= {name: token(number, what) if staff else "" for name, what in wrapped.items()}
    values["primarySchoolOfEnrollment"] = token(number, "so") if staff else ""
    if staff:
        values["isConfidential"] = person.is_confidential
    tokens = {person.last, values["firstName"], person.preferred}
    tokens |= {token(number, what) for what in ("un", "mn", "ce", "pu")}
    tokens |= {token(number, what) for what in ("pe", "cd", "mp", "cf", "so", *wrapped.values())} if staff else set()
    return Expected(person.id, values, tokens - {""})


WITHHELD_FROM: dict[str, dict[str, set[str]]] = {
    "/api/memberships": {
        "public": {"reflection", "username", "userCampusEmail", "positionReportedStartDate", "positionReportedEndDate"},
        "campus": {"reflection"},
        "staff": set(),
    },
    "/api/organizations": {"public": {"primaryContactCampusEmail"}, "campus": set(), "staff": set()},
    "/api/positions": {"public": set(), "campus": set(), "staff": set()},
    "/api/users": {
        "campus": {
            *("status", "lastLogin", "preferredEmail", "cardId", "mobilePhone", "sisId", "affiliation"),
            *("enrollmentStatus", "classStanding", "primarySchoolOfEnrollment", "customFields"),
            *("createdOn", "modifiedOn"),
        },
        "staff": set(),
    },
}
"""Fields that an audience may not read. The public may not ask for users at all."""
