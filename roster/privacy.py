"""Who may know what: the one page that decides which rows and which fields each audience reads.

“Who sees what” of docs/api.md, in code. Nothing else in the product decides it: QuerySets call the row rules through
`visible_to(audience)`, serializers the field lists, filters `withheld_fields`. No web framework is imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, TextChoices
from django.utils.text import capfirst

from roster import unsupported_fields


class Level(TextChoices):
    """The three audiences, from the least that may be known to the most."""

    PUBLIC = "public", "Public"
    CAMPUS = "campus", "Campus"
    STAFF = "staff", "Staff"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is asking, as far as privacy is concerned."""

    level: Level
    limited_by: int | None = None
    """Id of the API key whose organizations bound this audience; None: the whole campus."""
    user_id: int | None = None
    """Id of the signed-in person, who may always see oneself."""
    may_read_reflections: bool = False

    @property
    def is_staff(self) -> bool:
        return self.level == Level.STAFF

    @property
    def reads_names_on_record(self) -> bool:
        """May it read the first name on record of somebody who goes by another? Others read the preferred one."""
        return self.is_staff

    @property
    def may_include_deleted(self) -> bool:
        """May it list deleted rows?"""
        return self.is_staff

    @property
    def may_read_users(self) -> bool:
        """May it ask about people at all? The public may not."""
        return self.level != Level.PUBLIC


PUBLIC = Audience(Level.PUBLIC)
CAMPUS = Audience(Level.CAMPUS)
STAFF = Audience(Level.STAFF)


# Rows ---------------------------------------------------------------------------------------------------------------


class ProvidedQuery:
    """A query that a package above this one provides at start-up, so that rules here may speak of its rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._query: Callable[[Audience], QuerySet[Any]] | None = None

    def provide(self, query: Callable[[Audience], QuerySet[Any]]) -> None:
        self._query = query

    def __call__(self, audience: Audience) -> QuerySet[Any]:
        if self._query is None:
            raise LookupError(f"No installed app provides {self.name}.")
        return self._query(audience)


memberships_seen_by = ProvidedQuery("the memberships an audience sees")
organizations_in_limit_of = ProvidedQuery("the organizations that an audience is limited to")


def roster_flag(audience: Audience) -> str:
    """The privacy flag of a membership that an audience goes by; staff see past it."""
    return "shown_on_public" if audience.level == Level.PUBLIC else "shown_on_campus"


def membership_rows(audience: Audience) -> Q:
    """Which memberships an audience sees."""
    organization = "position__organization__"
    if audience.is_staff:
        return _within_limit(audience, organization)
    shown = Q(**{roster_flag(audience): True}, deleted_at=None, user__is_confidential=False)
    return shown & organization_rows(audience, organization)


def pseudonymous_membership_rows(audience: Audience) -> Q:
    """Which memberships, beyond those it sees, an audience may know of without anything personal.

    An LTI tool reads a user id and roles of them, where its deployment consents to that. Their flag is off; the
    confidential, the deleted and hidden organizations stay unknown.
    """
    withheld = Q(**{roster_flag(audience): False}, deleted_at=None, user__is_confidential=False)
    return withheld & organization_rows(audience, "position__organization__")


def organization_rows(audience: Audience, path: str = "") -> Q:
    """Which organizations an audience sees; `path` leads to the organization, `"organization__"` from a position."""
    listed = Q() if audience.is_staff else Q(**{f"{path}directory_visibility": "visible"})
    return listed & _within_limit(audience, path)


def position_rows(audience: Audience) -> Q:
    """Which positions an audience sees: those of the organizations it sees."""
    return organization_rows(audience, "organization__")


def user_rows(audience: Audience) -> Q:
    """Which people an audience sees: through a membership it sees; staff all; a signed-in person oneself."""
    if audience.is_staff and audience.limited_by is None:
        return Q()
    if not audience.may_read_users:
        return Q(pk__in=())
    oneself = Q() if audience.user_id is None else Q(pk=audience.user_id)
    return Q(Exists(memberships_seen_by(audience).filter(user=OuterRef("pk")))) | oneself


def contact_rows(audience: Audience) -> Q:
    """Which organizations an audience may know the primary contact of: who holds a membership there that it sees."""
    if audience.is_staff and audience.limited_by is None:
        return Q()
    there = memberships_seen_by(audience).filter(
        user=OuterRef("primary_contact"), position__organization=OuterRef("pk")
    )
    return Q(Exists(there))


def custom_field_rows(audience: Audience) -> Q:
    """Which custom fields of an organization an audience sees."""
    return Q() if audience.is_staff else Q(is_public=True)


def _within_limit(audience: Audience, path: str) -> Q:
    if audience.limited_by is None:
        return Q()
    # a subquery, because a join would repeat an organization that several keys are limited to
    return Q(**{f"{path}pk__in": organizations_in_limit_of(audience)})


# Fields, by the names they have on the wire --------------------------------------------------------------------------

_MEMBERSHIP_PUBLIC = frozenset(
    {
        *("membershipId", "organizationId", "organizationName", "organizationShortName"),
        *("positionTemplateId", "positionTemplateName", "positionTypeId", "positionTypeName"),
        *("positionId", "positionName", "userId", "userFirstName", "userLastName"),
        *("positionRecordedStartDate", "positionRecordedEndDate"),
        *("userShownOnCampusRoster", "userShownOnPublicRoster", "deleted", "createdOn", "modifiedOn"),
    }
)
_MEMBERSHIP_CAMPUS = _MEMBERSHIP_PUBLIC | {
    *("username", "userCampusEmail", "positionReportedStartDate", "positionReportedEndDate"),
}
_ORGANIZATION_PUBLIC = frozenset(
    {
        *("organizationId", "name", "status", "shortName", "summary", "description"),
        *("addressStreet1", "addressStreet2", "addressCity", "addressStateProvince", "addressZipPostal"),
        *("phoneNumber", "extension", "faxNumber", "email", "externalWebsite", "facebookUrl", "twitterUrl"),
        *("flickrFeedUrl", "youtubeChannelUrl", "googleCalendarUrl", "profileImageUrl", "profileUrl"),
        *("directoryVisibility", "membershipType", "typeId", "typeName", "parentId", "parentName"),
        *("primaryContactId", "primaryContactName", "categories", "customFields", "createdOn", "modifiedOn"),
    }
)
_ORGANIZATION_CAMPUS = _ORGANIZATION_PUBLIC | {"primaryContactCampusEmail"}
_POSITION = frozenset(
    {
        *("positionId", "positionName", "organizationId", "organizationName"),
        *("positionTemplateId", "positionTemplateName", "positionTypeId", "positionTypeName", "active"),
    }
)
_USER_CAMPUS = frozenset(
    {
        *("userId", "username", "firstName", "lastName", "preferredFirstName", "middleName"),
        *("campusEmail", "profilePictureUrl"),
    }
)
_USER_STAFF = _USER_CAMPUS | {
    *("status", "lastLogin", "preferredEmail", "cardId", "mobilePhone", "sisId", "affiliation"),
    *("enrollmentStatus", "classStanding", "primarySchoolOfEnrollment", "customFields"),
    *("createdOn", "modifiedOn", "isConfidential", *unsupported_fields.EMPTY_USER_FIELDS),
}

FIELDS: dict[str, dict[Level, frozenset[str]]] = {
    "membership": {
        Level.PUBLIC: _MEMBERSHIP_PUBLIC,
        Level.CAMPUS: _MEMBERSHIP_CAMPUS,
        Level.STAFF: _MEMBERSHIP_CAMPUS | {"reflection"},
    },
    "organization": {
        Level.PUBLIC: _ORGANIZATION_PUBLIC,
        Level.CAMPUS: _ORGANIZATION_CAMPUS,
        Level.STAFF: _ORGANIZATION_CAMPUS,
    },
    "position": {Level.PUBLIC: _POSITION, Level.CAMPUS: _POSITION, Level.STAFF: _POSITION},
    "user": {Level.PUBLIC: frozenset(), Level.CAMPUS: _USER_CAMPUS, Level.STAFF: _USER_STAFF},
}
"""The allow-list: a field that is not named here is withheld from everybody."""

STAFF_ONLY_KEYS = frozenset({"isConfidential", *unsupported_fields.EMPTY_USER_FIELDS})
"""Fields whose very key stays out of an answer that withholds them; every other keeps its key with an empty value."""


def fields(resource: str, audience: Audience) -> frozenset[str]:
    """The fields of a resource that an audience may read."""
    allowed = FIELDS[resource][audience.level]
    return allowed if audience.may_read_reflections else allowed - {"reflection"}


# Times of modification -----------------------------------------------------------------------------------------------

PRIVATE_COLUMNS: dict[str, frozenset[str]] = {
    "membership": frozenset({"reported_start", "reported_end"}),
    "organization": frozenset({"parent", "parent_id", "primary_contact", "primary_contact_id"}),
}
"""Columns that not all may read who read `modifiedOn` of the row. They do not move `shown_modified_at`."""


def modification_column(resource: str, audience: Audience) -> str:
    """The column that is `modifiedOn` to an audience: it does not reveal changes of what the audience may not read."""
    if resource == "membership":
        reported = {"positionReportedStartDate", "positionReportedEndDate"}
        reads_all = fields(resource, audience).issuperset(reported)
    elif resource == "organization":  # a parent may be hidden, a contact unknown, a custom field not public
        reads_all = audience.is_staff and audience.limited_by is None
    else:
        reads_all = True
    return "modified_at" if reads_all else "shown_modified_at"


# Fields of a member, as LTI tools read them ---------------------------------------------------------------------------


class Disclosure(TextChoices):
    """How much about a person is disclosed to an LTI tool. Each level holds those before it."""

    NONE = "none", "Nothing"
    NAME = "name", "Name"
    EMAIL = "email", "Name and e-mail"
    ALL = "all", "All"


_MEMBER_FIELDS: dict[str, tuple[Disclosure, str, tuple[str, ...]]] = {
    "status": (Disclosure.NAME, "membership", ("positionRecordedStartDate", "positionRecordedEndDate")),
    "name": (Disclosure.NAME, "membership", ("userFirstName", "userLastName")),
    "given_name": (Disclosure.NAME, "membership", ("userFirstName",)),
    "family_name": (Disclosure.NAME, "membership", ("userLastName",)),
    "middle_name": (Disclosure.NAME, "user", ("middleName",)),
    "email": (Disclosure.EMAIL, "membership", ("userCampusEmail",)),
    "picture": (Disclosure.ALL, "user", ("profilePictureUrl",)),
}
"""Each field of a member: the least level that discloses it, and the printed fields that the audience must read."""

PSEUDONYMOUS_FIELDS = frozenset({"user_id", "roles"})
"""Fields of a member that every tool receives."""


def member_fields(audience: Audience, disclosure: str, *, with_sourcedid: bool = False) -> frozenset[str]:
    """The fields of a member that a tool may read: what its audience reads anyway, as far as its level discloses it.

    The id in the student information system is read by no audience but staff, and needs a grant of its own.
    """
    levels = list(Disclosure)
    reached = levels[: levels.index(Disclosure(disclosure)) + 1]
    visible = {
        name
        for name, (level, resource, reads) in _MEMBER_FIELDS.items()
        if level in reached and fields(resource, audience).issuperset(reads)
    }
    return PSEUDONYMOUS_FIELDS | visible | ({"lis_person_sourcedid"} if with_sourcedid else set())


def may_read_texts_of_platforms(disclosure: str, *, with_sourcedid: bool) -> bool:
    """May a tool read what an LMS writes freely, as custom parameters and messages? They may contain anything."""
    return disclosure == Disclosure.ALL and with_sourcedid


# Names of rows, on the pages of the admin -----------------------------------------------------------------------------

MayView = Callable[[type[Model]], bool]

_may_view: ContextVar[MayView | None] = ContextVar("may_view", default=None)


@contextmanager
def names_visible_to(may_view: MayView) -> Iterator[None]:
    """Within it, `str(row)` is what somebody reads who may view these models."""
    token = _may_view.set(may_view)
    try:
        yield
    finally:
        _may_view.reset(token)


def name_is_visible(model: type[Model]) -> bool:
    """May rows of this model be named? Only to whoever may view it and all that its rows are named after."""
    may_view = _may_view.get()
    return may_view is None or all(map(may_view, _named_in(model)))


def name_of(row: Model, name: Callable[[], str] | str) -> str:
    """This name of a row, or “Membership 1005” for somebody who may not read it."""
    if name_is_visible(type(row)):
        return name if isinstance(name, str) else name()
    return f"{capfirst(row._meta.verbose_name)} {row.pk}"


def restrict_name(model: type[Model]) -> None:
    """Let `str(row)` name the rows of this model to those only who may read it."""
    name: Callable[[Model], str] = model.__str__

    def guarded(row: Any) -> str:
        return name_of(row, lambda: name(row))

    model.__str__ = guarded  # type: ignore[method-assign]


def _named_in(model: type[Model]) -> Iterator[type[Model]]:
    """The models that stand in the name of a row: its own, and those of the relations in its `named_after`."""
    yield model
    for relation in getattr(model, "named_after", ()):
        yield from _named_in(model._meta.get_field(relation).related_model)  # type: ignore[arg-type]


# What may be granted -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key, a tool, or a place where one is used lets a program read."""

    level: Level
    reads_sourcedid: bool = False
    """Does it read people's ids in the student information system?"""
    reads_bare_members: bool = False
    """Does it receive members whose privacy flag is off?"""
    reads_reflections: bool = False

    def joined(self, other: Grant) -> Grant:
        """What both let a program read together."""
        return Grant(
            max(self.level, other.level, key=_LEVELS.index),
            self.reads_sourcedid or other.reads_sourcedid,
            self.reads_bare_members or other.reads_bare_members,
            self.reads_reflections or other.reads_reflections,
        )


_LEVELS = list(Level)


def excess(granter: Audience, grant: Grant) -> list[str]:
    """What of a grant a person may not read themselves, and so may not grant, in words; nothing when they may.

    Commands are run by whoever runs the server, and grant anything.
    """
    found = []
    if _LEVELS.index(grant.level) > _LEVELS.index(granter.level):
        found.append(f"what the audience {grant.level} reads")
    if grant.reads_sourcedid and "sisId" not in fields("user", granter):
        found.append("SIS ids")
    if grant.reads_bare_members and not granter.is_staff:
        found.append("members off the roster")
    if grant.reads_reflections and not granter.may_read_reflections:
        found.append("reflections")
    return found


def may_grant(granter: Audience, grant: Grant) -> bool:
    """May a person let a program read this? Nobody grants more than they may read themselves."""
    return not excess(granter, grant)
