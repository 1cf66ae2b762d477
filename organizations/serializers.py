from typing import Any

from rest_framework import serializers

from organizations.models import Organization
from roster.fields import FlagField, InstantField, LabelField, NumberField, TextField, TextsField, WireSerializer
from roster.querysets import known_as


class CategorySerializer(serializers.Serializer[object]):
    categoryId = NumberField(source="id", help_text="Id of the category.")
    categoryName = TextField(source="name", help_text="Its name.")


class CustomFieldSerializer(serializers.Serializer[object]):
    name = TextField(help_text="What the campus calls the field.")
    value = TextsField(source="values", help_text="Its values.")


class SeenTextField(TextField):
    """A text of a related row, if the audience sees that row: if the column `seen` is not NULL."""

    def __init__(self, *, seen: str, **kwargs: Any) -> None:
        self.seen = seen
        super().__init__(**kwargs)

    def get_attribute(self, instance: Organization) -> Any:
        return "" if getattr(instance, self.seen) is None else super().get_attribute(instance)

    def get_columns(self) -> tuple[Any, ...]:
        return (*super().get_columns(), self.seen)

    def from_columns(self, value: Any, *others: Any) -> Any:
        return "" if others[-1] is None else super().from_columns(value)


class ContactNameField(SeenTextField):
    """The name of the primary contact, as `User.full_name`."""

    def get_columns(self) -> tuple[Any, ...]:
        return (known_as("primary_contact__"), "primary_contact__last_name", self.seen)

    def from_columns(self, value: Any, *others: Any) -> Any:
        last, seen = others
        return "" if seen is None else f"{value} {last}".strip()


class OrganizationSerializer(WireSerializer):
    """An organization item (docs/api.md)."""

    resource = "organization"

    organizationId = NumberField(source="id", help_text="Id of the organization.")
    name = TextField(help_text="Its name.")
    status = LabelField(choices=Organization.Status.choices, help_text="Is it active?")
    shortName = TextField(source="short_name", help_text="Its short name.")
    summary = TextField(help_text="A description in one or two sentences.")
    description = TextField(help_text="A longer description; may contain HTML.")
    addressStreet1 = TextField(source="address_street_1", help_text="First line of the postal address.")
    addressStreet2 = TextField(source="address_street_2", help_text="Second line.")
    addressCity = TextField(source="address_city", help_text="City.")
    addressStateProvince = TextField(source="address_state_province", help_text="State or province.")
    addressZipPostal = TextField(source="address_zip_postal", help_text="Postal code.")
    phoneNumber = TextField(source="phone_number", help_text="Phone number.")
    extension = TextField(help_text="Extension of the phone number.")
    faxNumber = TextField(source="fax_number", help_text="Fax number.")
    email = TextField(help_text="E-mail address of the organization.")
    externalWebsite = TextField(source="external_website", help_text="URL of its own website.")
    facebookUrl = TextField(source="facebook_url", help_text="URL of its Facebook page.")
    twitterUrl = TextField(source="twitter_url", help_text="URL of its Twitter page.")
    flickrFeedUrl = TextField(source="flickr_feed_url", help_text="URL of its Flickr feed.")
    youtubeChannelUrl = TextField(source="youtube_channel_url", help_text="URL of its YouTube channel.")
    googleCalendarUrl = TextField(source="google_calendar_url", help_text="URL of its Google calendar.")
    profileImageUrl = TextField(source="profile_image_url", help_text="URL of its picture.")
    profileUrl = TextField(source="profile_url", help_text="URL of its page on the campus site.")
    directoryVisibility = LabelField(
        source="directory_visibility",
        choices=Organization.Visibility.choices,
        help_text="Is it listed in the directory? Only staff see a hidden one.",
    )
    membershipType = LabelField(
        source="membership_type", choices=Organization.MembershipType.choices, help_text="May anybody join?"
    )
    typeId = NumberField(source="type_id", allow_null=True, help_text="Id of the kind of organization.")
    typeName = TextField(source="type.name", help_text="That kind: Student Organization, Department ...")
    parentId = NumberField(
        source="seen_parent_id",
        allow_null=True,
        help_text="Id of the parent organization, if the caller may see that one.",
    )
    parentName = SeenTextField(source="parent.name", seen="seen_parent_id", help_text="Its name.")
    primaryContactId = NumberField(
        source="seen_contact_id",
        allow_null=True,
        help_text="User id of the primary contact, if the caller may see that person.",
    )
    primaryContactName = ContactNameField(
        source="primary_contact.full_name", seen="seen_contact_id", help_text="Name of the primary contact."
    )
    primaryContactCampusEmail = SeenTextField(
        source="primary_contact.campus_email",
        seen="seen_contact_id",
        help_text="Campus e-mail address of the primary contact.",
    )
    categories = CategorySerializer(many=True, help_text="Its categories, ordered by name.")
    customFields = CustomFieldSerializer(
        source="custom_fields",
        many=True,
        help_text="The campus's own fields, ordered by name; for others than staff only the public ones.",
    )
    createdOn = InstantField(source="created_at", help_text="When this record was created.")
    modifiedOn = InstantField(
        source="modified_at",
        help_text="When this record last changed; changes of parent, contact and private custom fields count only for "
        "staff.",
    )


class PositionSerializer(WireSerializer):
    """A position item (docs/api.md)."""

    resource = "position"

    positionId = NumberField(source="id", help_text="Id of the position.")
    positionName = TextField(source="name", help_text="Its name in this organization.")
    organizationId = NumberField(source="organization_id", help_text="Id of the organization.")
    organizationName = TextField(source="organization.name", help_text="Name of the organization.")
    positionTemplateId = NumberField(source="template_id", help_text="Id of the position template.")
    positionTemplateName = TextField(source="template.name", help_text="Its name: President, Treasurer, Member ...")
    positionTypeId = NumberField(source="type_id", help_text="Id of the position type.")
    positionTypeName = TextField(source="type.name", help_text="Its name: Officer, Member ...")
    active = FlagField(
        source="is_active", help_text="Is it in use? A retired position is kept because of its past memberships."
    )
