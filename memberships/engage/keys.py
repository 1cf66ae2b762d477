"""The keys of each kind of record: the column that a value goes to, and what reads it (docs/api.md)."""

from collections import Counter
from typing import Any, NamedTuple

from memberships.engage import values as read
from memberships.engage.complaints import Unreadable
from memberships.engage.kinds import Kind
from memberships.models import Reflection
from organizations.models import Category, CustomField, Organization, Position
from roster.models import User


class Key(NamedTuple):
    """One key of a record."""

    name: str
    column: str
    read: read.Reader
    needed: bool = False
    empties: bool = False
    """Does null say that there is none? Else it says that the answer does not know."""


ONLY_REFER: dict[Kind, frozenset[str]] = {
    Kind.MEMBERSHIP: frozenset(
        {
            *("organizationId", "organizationName", "organizationShortName"),
            *("positionTemplateId", "positionTemplateName", "positionTypeId", "positionTypeName", "positionName"),
            *("username", "userFirstName", "userLastName", "userCampusEmail"),
        }
    ),
    Kind.POSITION: frozenset({"organizationName", "positionTemplateName", "positionTypeName"}),
    Kind.ORGANIZATION: frozenset({"typeName", "parentName", "primaryContactName", "primaryContactCampusEmail"}),
    Kind.USER: frozenset(),
}
"""Keys that describe what a record refers to."""

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
    """Makes readers of text columns, which count odd addresses together in `odd`."""

    def __init__(self) -> None:
        self.odd: Counter[str] = Counter()

    def of(self, model: Any, column: str, *, needed: bool | None = None) -> read.Text:
        return read.Text(model._meta.get_field(column), self.odd, needed=needed)


def keys_of_records(texts: Texts, *, floor_dates: bool) -> dict[Kind, list[Key]]:
    """The keys of each kind, but for its id and what only refers."""
    day = read.Day(floor=floor_dates)
    created = Key("createdOn", "created_at", read.an_instant)
    membership = [
        Key("userId", "user_id", read.an_id, needed=True),
        Key("positionId", "position_id", read.an_id, needed=True),
        Key("positionRecordedStartDate", "recorded_start", day, needed=True),
        Key("positionRecordedEndDate", "recorded_end", day, empties=True),
        Key("positionReportedStartDate", "reported_start", day, empties=True),
        Key("positionReportedEndDate", "reported_end", day, empties=True),
        Key("reflection", "reflection", texts.of(Reflection, "text", needed=False)),
        Key("userShownOnCampusRoster", "shown_on_campus", read.a_flag),
        Key("userShownOnPublicRoster", "shown_on_public", read.a_flag),
        Key("deleted", "deleted", read.a_flag),
        created,
    ]
    position = [
        Key("positionName", "name", texts.of(Position, "name"), needed=True),
        Key("organizationId", "organization_id", read.an_id_or_none),
        Key("positionTemplateId", "template_id", read.an_id_or_none),
        Key("positionTypeId", "type_id", read.an_id_or_none),
        Key("active", "is_active", read.a_flag),
        created,
    ]
    organization = [
        Key("name", "name", texts.of(Organization, "name"), needed=True),
        *(Key(name, column, texts.of(Organization, column)) for name, column in ORGANIZATION_TEXTS.items()),
        Key("status", "status", read.Word(Organization.Status.choices)),
        Key("directoryVisibility", "directory_visibility", read.Word(Organization.Visibility.choices)),
        Key("membershipType", "membership_type", read.Word(Organization.MembershipType.choices)),
        Key("typeId", "type_id", read.an_id_or_none, empties=True),
        Key("parentId", "parent_id", read.an_id_or_none, empties=True),
        Key("primaryContactId", "primary_contact_id", read.an_id_or_none, empties=True),
        Key("categories", "categories", Categories(texts.of(Category, "name", needed=False))),
        Key("customFields", "custom_fields", OrganizationFields(texts.of(CustomField, "name"))),
        created,
    ]
    user = [
        Key("username", "username", texts.of(User, "username"), needed=True),
        *(Key(name, column, texts.of(User, column)) for name, column in USER_TEXTS.items()),
        *(Key(name, column, Dated(texts.of(User, column))) for name, column in DATED_TEXTS.items()),
        Key("status", "status", read.Word(User.Status.choices)),
        Key("lastLogin", "last_login", read.an_instant),
        Key("customFields", "custom_fields", read.custom_fields),
        Key("isConfidential", "is_confidential", read.a_flag),
        created,
    ]
    return {
        Kind.MEMBERSHIP: membership,
        Kind.POSITION: position,
        Kind.ORGANIZATION: organization,
        Kind.USER: user,
    }


class Dated:
    """A text with the time of its last change, `{"value": ..., "lastModified": ms}`, or the text alone."""

    def __init__(self, text: read.Text) -> None:
        self.text = text

    def __call__(self, value: Any) -> tuple[str, int | None]:
        if not isinstance(value, dict):
            return self.text(value), None
        return self.text(value.get("value")), read.milliseconds_or_none(value.get("lastModified"))


class Categories:
    """The categories of an organization: names by id."""

    def __init__(self, name: read.Text) -> None:
        self.name = name

    def __call__(self, value: Any) -> dict[int, str] | None:
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise Unreadable('A list of {"categoryId": 1, "categoryName": "..."} is needed.')
        return {read.an_id(each.get("categoryId")): self.name(each.get("categoryName")) for each in value}


class OrganizationFields:
    """The custom fields of an organization: lists of values by name."""

    def __init__(self, name: read.Text) -> None:
        self.name = name

    def __call__(self, value: Any) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for each in read.custom_fields(value):
            name = self.name(each["name"])
            if name in fields:
                raise Unreadable(f"An organization has one custom field of a name, and this has two {name!r}.")
            fields[name] = each["value"]
        return fields
