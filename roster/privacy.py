"""The privacy rules: which rows and which fields each audience may read.

This is the code of “Who sees what” in docs/api.md, and the only place of these rules. QuerySets apply the row rules in
`visible_to(audience)`; serializers and filters use the field lists. No web framework is imported here.
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
    """The three audiences, in the order of what they may read, the least first."""

    PUBLIC = "public", "Public"
    CAMPUS = "campus", "Campus"
    STAFF = "staff", "Staff"


@dataclass(frozen=True, slots=True)
class Audience:
    """The properties of a caller that the privacy rules depend on."""

    level: Level
    limited_by: int | None = None
    """Id of the API key to whose organizations this audience is limited; None: not limited."""
    user_id: int | None = None
    """Id of the signed-in person, who may always see their own account."""
    may_read_reflections: bool = False

    @property
    def is_staff(self) -> bool:
        return self.level == Level.STAFF

    @property
    def reads_names_on_record(self) -> bool:
        """May it read the first name on record of a person who has a preferred one? Others read the preferred one."""
        return self.is_staff

    @property
    def may_include_deleted(self) -> bool:
        """May it list deleted rows?"""
        return self.is_staff

    @property
    def may_read_users(self) -> bool:
        """May it read the list of people at all? The public may not."""
        return self.level != Level.PUBLIC


PUBLIC = Audience(Level.PUBLIC)
CAMPUS = Audience(Level.CAMPUS)
STAFF = Audience(Level.STAFF)


# Rows ---------------------------------------------------------------------------------------------------------------


class ProvidedQuery:
    """A query that another app provides at start-up, so that the rules here can use it without importing that app."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._query: Callable[[Audience], QuerySet[Any]] | None = None

    def provide(self, query: Callable[[Audience], QuerySet[Any]]) -> None:
        self._query = query

    def __call__(self, audience: Audience) -> QuerySet[Any]:
        if self._query is None:
            raise LookupError(f"No installed app provides {self.name}.")
        return self._query(audience)


memberships_seen_by = ProvidedQuery("the memberships that an audience sees")
organizations_in_limit_of = ProvidedQuery("the organizations that an audience is limited to")


def roster_flag(audience: Audience) -> str:
    """The privacy flag of a membership that applies to an audience; for staff no flag applies."""
    return "shown_on_public" if audience.level == Level.PUBLIC else "shown_on_campus"


def membership_rows(audience: Audience) -> Q:
    """Which memberships an audience sees."""
    organization = "position__organization__"
    if audience.is_staff:
        return _within_limit(audience, organization)
    shown = Q(**{roster_flag(audience): True}, deleted_at=None, user__is_confidential=False)
    return shown & organization_rows(audience, organization)


def pseudonymous_membership_rows(audience: Audience) -> Q:
    """Which further memberships an audience may read as pseudonymous members: those whose privacy flag is off.

    An LTI tool reads only a user id and roles of them, if its deployment allows that. Confidential people, deleted
    memberships and hidden organizations are excluded.
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
    """Which people an audience sees: those with a membership that it sees, and the signed-in person; staff see all."""
    if audience.is_staff and audience.limited_by is None:
        return Q()
    if not audience.may_read_users:
        return Q(pk__in=())
    oneself = Q() if audience.user_id is None else Q(pk=audience.user_id)
    return Q(Exists(memberships_seen_by(audience).filter(user=OuterRef("pk")))) | oneself


def contact_rows(audience: Audience) -> Q:
    """Organizations whose primary contact an audience may see: it sees a membership of the contact there."""
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


# Fields, by their names in the API -----------------------------------------------------------------------------------

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
"""The allow-list: a field that is not listed here is withheld from everybody."""

STAFF_ONLY_KEYS = frozenset({"isConfidential", *unsupported_fields.EMPTY_USER_FIELDS})
"""Fields whose key is omitted for audiences that may not read them; other withheld fields have an empty value."""


def fields(resource: str, audience: Audience) -> frozenset[str]:
    """The fields of a resource that an audience may read."""
    allowed = FIELDS[resource][audience.level]
    return allowed if audience.may_read_reflections else allowed - {"reflection"}


# Times of modification -----------------------------------------------------------------------------------------------

PRIVATE_COLUMNS: dict[str, frozenset[str]] = {
    "membership": frozenset({"reported_start", "reported_end"}),
    "organization": frozenset({"parent", "parent_id", "primary_contact", "primary_contact_id"}),
}
"""Columns that some readers of `modifiedOn` may not read. Changes of them do not update `shown_modified_at`."""


def modification_column(resource: str, audience: Audience) -> str:
    """The column of `modifiedOn` for an audience, which does not reveal changes of withheld values."""
    if resource == "membership":
        reported = {"positionReportedStartDate", "positionReportedEndDate"}
        reads_all = fields(resource, audience).issuperset(reported)
    elif resource == "organization":  # its parent, contact or custom fields may be withheld
        reads_all = audience.is_staff and audience.limited_by is None
    else:
        reads_all = True
    return "modified_at" if reads_all else "shown_modified_at"


# Fields of a member, as LTI tools read them ---------------------------------------------------------------------------


class Disclosure(TextChoices):
    """How much about a person is disclosed to an LTI tool. Each level includes those before it."""

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
"""Each field of a member: the lowest level that discloses it, and the API fields that the audience must be able to
read."""

PSEUDONYMOUS_FIELDS = frozenset({"user_id", "roles"})
"""Fields of a member that every tool receives."""


def member_fields(audience: Audience, disclosure: str, *, with_sourcedid: bool = False) -> frozenset[str]:
    """The fields of a member that a tool may read: those that both its audience and its level of disclosure allow.

    The id in the student information system needs the staff audience and a separate permission (`with_sourcedid`).
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
    """In this context, `str(row)` contains names only of models that `may_view` allows."""
    token = _may_view.set(may_view)
    try:
        yield
    finally:
        _may_view.reset(token)


def name_is_visible(model: type[Model]) -> bool:
    """May names of this model's rows be shown? Only if this model and all models in `named_after` may be viewed."""
    may_view = _may_view.get()
    return may_view is None or all(map(may_view, _named_in(model)))


def name_of(row: Model, name: Callable[[], str] | str) -> str:
    """The name of a row, or a text such as “Membership 1005” if the reader may not see it."""
    if name_is_visible(type(row)):
        return name if isinstance(name, str) else name()
    return f"{capfirst(row._meta.verbose_name)} {row.pk}"


def restrict_name(model: type[Model]) -> None:
    """Change `__str__` of this model so that it shows names only to readers who may see them."""
    name: Callable[[Model], str] = model.__str__

    def guarded(row: Any) -> str:
        return name_of(row, lambda: name(row))

    model.__str__ = guarded  # type: ignore[method-assign]


def _named_in(model: type[Model]) -> Iterator[type[Model]]:
    """The models whose names a row's name contains: its own, and those of the relations in its `named_after`."""
    yield model
    for relation in getattr(model, "named_after", ()):
        yield from _named_in(model._meta.get_field(relation).related_model)  # type: ignore[arg-type]


# What may be granted -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key, a tool or a deployment permits a program to read."""

    level: Level
    reads_sourcedid: bool = False
    """May it read people's ids in the student information system?"""
    reads_bare_members: bool = False
    """May it read pseudonymous members, whose privacy flag is off?"""
    reads_reflections: bool = False

    def joined(self, other: Grant) -> Grant:
        """The combination of both grants."""
        return Grant(
            max(self.level, other.level, key=_LEVELS.index),
            self.reads_sourcedid or other.reads_sourcedid,
            self.reads_bare_members or other.reads_bare_members,
            self.reads_reflections or other.reads_reflections,
        )


_LEVELS = list(Level)


def excess(granter: Audience, grant: Grant) -> list[str]:
    """The parts of a grant that a person may not give because they may not read them, as texts; empty if none.

    This does not apply to commands: administrators of the server may grant everything.
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
    """May a person give this grant to a program? People may grant only what they may read themselves."""
    return not excess(granter, grant)
