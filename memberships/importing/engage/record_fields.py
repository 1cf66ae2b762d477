"""The keys of each kind of record, with the column and the reader of each value (docs/api.md)."""

from collections import Counter
from typing import Any, NamedTuple

from memberships.importing.engage import values as read
from memberships.importing.engage.record_kinds import RecordKind
from memberships.importing.errors import InvalidValue
from memberships.models import Reflection
from organizations.models import Category, CustomField, Organization, Position
from roster.models import User


class RecordField(NamedTuple):
    """One key of a record."""

    name: str
    column: str
    read: read.Reader
    needed: bool = False
    empties: bool = False
    """Does null mean that there is no value? Otherwise it means that the value is unknown."""


REFERENCE_FIELDS: dict[RecordKind, frozenset[str]] = {
    RecordKind.MEMBERSHIP: frozenset(
        {
            *("organizationId", "organizationName", "organizationShortName"),
            *("positionTemplateId", "positionTemplateName", "positionTypeId", "positionTypeName", "positionName"),
            *("username", "userFirstName", "userLastName", "userCampusEmail"),
        }
    ),
    RecordKind.POSITION: frozenset({"organizationName", "positionTemplateName", "positionTypeName"}),
    RecordKind.ORGANIZATION: frozenset({"typeName", "parentName", "primaryContactName", "primaryContactCampusEmail"}),
    RecordKind.USER: frozenset(),
}
"""Keys that describe referenced rows."""

ORGANIZATION_TEXTS = {
    "shortName": "short_name",
    "summary": "summary",
    "description": "description",
    "addressStreet1": "address_street_1",
    "addressStreet2": "address_street_2",
    "addressCity": "address_city",
    "addressStateProvince": "address_state_province",
    "addressZipPostal": "address_zip_postal",
    "phoneNumber": "phone_number",
    "extension": "extension",
    "faxNumber": "fax_number",
    "email": "email",
    "externalWebsite": "external_website",
    "facebookUrl": "facebook_url",
    "twitterUrl": "twitter_url",
    "flickrFeedUrl": "flickr_feed_url",
    "youtubeChannelUrl": "youtube_channel_url",
    "googleCalendarUrl": "google_calendar_url",
    "profileImageUrl": "profile_image_url",
    "profileUrl": "profile_url",
}
USER_TEXTS = {
    "profilePictureUrl": "picture_url",
    "firstName": "first_name",
    "lastName": "last_name",
    "campusEmail": "campus_email",
    "preferredEmail": "preferred_email",
    "cardId": "card_id",
    "mobilePhone": "mobile_phone",
}
DATED_TEXTS = {
    "preferredFirstName": "preferred_first_name",
    "middleName": "middle_name",
    "sisId": "sis_id",
    "affiliation": "affiliation",
    "enrollmentStatus": "enrollment_status",
    "classStanding": "class_standing",
    "primarySchoolOfEnrollment": "school",
}


class Texts:
    """Makes readers of text columns, which count invalid addresses in the common counter `odd`."""

    def __init__(self) -> None:
        self.odd: Counter[str] = Counter()

    def of(self, model: Any, column: str, *, needed: bool | None = None) -> read.TextReader:
        return read.TextReader(model._meta.get_field(column), self.odd, needed=needed)


def record_fields(texts: Texts, *, floor_dates: bool) -> dict[RecordKind, list[RecordField]]:
    """The keys of each kind, except its id and `REFERENCE_FIELDS`."""
    day = read.DayReader(floor=floor_dates)
    created = RecordField("createdOn", "created_at", read.read_instant)
    membership = [
        RecordField("userId", "user_id", read.read_id, needed=True),
        RecordField("positionId", "position_id", read.read_id, needed=True),
        RecordField("positionRecordedStartDate", "recorded_start", day, needed=True),
        RecordField("positionRecordedEndDate", "recorded_end", day, empties=True),
        RecordField("positionReportedStartDate", "reported_start", day, empties=True),
        RecordField("positionReportedEndDate", "reported_end", day, empties=True),
        RecordField("reflection", "reflection", texts.of(Reflection, "text", needed=False)),
        RecordField("userShownOnCampusRoster", "shown_on_campus", read.read_flag),
        RecordField("userShownOnPublicRoster", "shown_on_public", read.read_flag),
        RecordField("deleted", "deleted", read.read_flag),
        created,
    ]
    position = [
        RecordField("positionName", "name", texts.of(Position, "name"), needed=True),
        RecordField("organizationId", "organization_id", read.read_optional_id),
        RecordField("positionTemplateId", "template_id", read.read_optional_id),
        RecordField("positionTypeId", "type_id", read.read_optional_id),
        RecordField("active", "is_active", read.read_flag),
        created,
    ]
    organization = [
        RecordField("name", "name", texts.of(Organization, "name"), needed=True),
        *(RecordField(name, column, texts.of(Organization, column)) for name, column in ORGANIZATION_TEXTS.items()),
        RecordField("status", "status", read.ChoiceReader(Organization.Status.choices)),
        RecordField("directoryVisibility", "directory_visibility", read.ChoiceReader(Organization.Visibility.choices)),
        RecordField("membershipType", "membership_type", read.ChoiceReader(Organization.MembershipType.choices)),
        RecordField("typeId", "type_id", read.read_optional_id, empties=True),
        RecordField("parentId", "parent_id", read.read_optional_id, empties=True),
        RecordField("primaryContactId", "primary_contact_id", read.read_optional_id, empties=True),
        RecordField("categories", "categories", Categories(texts.of(Category, "name", needed=False))),
        RecordField("customFields", "custom_fields", OrganizationFields(texts.of(CustomField, "name"))),
        created,
    ]
    user = [
        RecordField("username", "username", texts.of(User, "username"), needed=True),
        *(RecordField(name, column, texts.of(User, column)) for name, column in USER_TEXTS.items()),
        *(RecordField(name, column, DatedReader(texts.of(User, column))) for name, column in DATED_TEXTS.items()),
        RecordField("status", "status", read.ChoiceReader(User.Status.choices)),
        RecordField("lastLogin", "last_login", read.read_instant),
        RecordField("customFields", "custom_fields", read.custom_fields),
        RecordField("isConfidential", "is_confidential", read.read_flag),
        created,
    ]
    return {
        RecordKind.MEMBERSHIP: membership,
        RecordKind.POSITION: position,
        RecordKind.ORGANIZATION: organization,
        RecordKind.USER: user,
    }


class DatedReader:
    """A text with the time of its last change, `{"value": ..., "lastModified": ms}`, or the text alone."""

    def __init__(self, text: read.TextReader) -> None:
        self.text = text

    def __call__(self, value: Any) -> tuple[str, int | None]:
        if not isinstance(value, dict):
            return self.text(value), None
        return self.text(value.get("value")), read.milliseconds_or_none(value.get("lastModified"))


class Categories:
    """The categories of an organization: names by id."""

    def __init__(self, name: read.TextReader) -> None:
        self.name = name

    def __call__(self, value: Any) -> dict[int, str] | None:
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise InvalidValue('A list of {"categoryId": 1, "categoryName": "..."} is needed.')
        return {read.read_id(each.get("categoryId")): self.name(each.get("categoryName")) for each in value}


class OrganizationFields:
    """The custom fields of an organization: lists of values by name."""

    def __init__(self, name: read.TextReader) -> None:
        self.name = name

    def __call__(self, value: Any) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for each in read.custom_fields(value):
            name = self.name(each["name"])
            if name in fields:
                raise InvalidValue(
                    f"Names of custom fields must be unique in an organization, but {name!r} is repeated."
                )
            fields[name] = each["value"]
        return fields
