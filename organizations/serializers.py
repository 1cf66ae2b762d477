from rest_framework import serializers

from organizations.models import Organization
from roster.api.fields import InstantField, LabelField, TextField, WireSerializer


class CategorySerializer(serializers.Serializer[object]):
    categoryId = serializers.IntegerField(source="id")
    categoryName = TextField(source="name")


class CustomFieldSerializer(serializers.Serializer[object]):
    name = TextField()
    value = serializers.ListField(source="values", child=TextField())


class ContactNameField(TextField):
    """The name of the primary contact, from the two columns that `with_wire_fields` shows of it."""

    def get_attribute(self, instance: Organization) -> str:
        names = (getattr(instance, f"seen_contact_{part}_name") for part in ("first", "last"))
        return " ".join(name for name in names if name)


class OrganizationSerializer(WireSerializer):
    """An organization item (WIRE.md, section 3)."""

    resource = "organization"

    organizationId = serializers.IntegerField(source="id")
    name = TextField()
    status = LabelField(choices=Organization.Status.choices)
    shortName = TextField(source="short_name")
    summary = TextField()
    description = TextField()
    addressStreet1 = TextField(source="address_street_1")
    addressStreet2 = TextField(source="address_street_2")
    addressCity = TextField(source="address_city")
    addressStateProvince = TextField(source="address_state_province")
    addressZipPostal = TextField(source="address_zip_postal")
    phoneNumber = TextField(source="phone_number")
    extension = TextField()
    faxNumber = TextField(source="fax_number")
    email = TextField()
    externalWebsite = TextField(source="external_website")
    facebookUrl = TextField(source="facebook_url")
    twitterUrl = TextField(source="twitter_url")
    flickrFeedUrl = TextField(source="flickr_feed_url")
    youtubeChannelUrl = TextField(source="youtube_channel_url")
    googleCalendarUrl = TextField(source="google_calendar_url")
    profileImageUrl = TextField(source="profile_image_url")
    profileUrl = TextField(source="profile_url")
    directoryVisibility = LabelField(source="directory_visibility", choices=Organization.Visibility.choices)
    membershipType = LabelField(source="membership_type", choices=Organization.MembershipType.choices)
    typeId = serializers.IntegerField(source="type_id", allow_null=True)
    typeName = TextField(source="type.name")
    parentId = serializers.IntegerField(source="seen_parent_id", allow_null=True)
    parentName = TextField(source="seen_parent_name")
    primaryContactId = serializers.IntegerField(source="seen_contact_id", allow_null=True)
    primaryContactName = ContactNameField()
    primaryContactCampusEmail = TextField(source="seen_contact_email")
    categories = CategorySerializer(many=True)
    customFields = CustomFieldSerializer(source="custom_fields", many=True)
    createdOn = InstantField(source="created_at")
    modifiedOn = InstantField(source="modified_at")


class PositionSerializer(WireSerializer):
    """A position item (WIRE.md, section 3)."""

    resource = "position"

    positionId = serializers.IntegerField(source="id")
    positionName = TextField(source="name")
    organizationId = serializers.IntegerField(source="organization_id")
    organizationName = TextField(source="organization.name")
    positionTemplateId = serializers.IntegerField(source="template_id")
    positionTemplateName = TextField(source="template.name")
    positionTypeId = serializers.IntegerField(source="type_id")
    positionTypeName = TextField(source="type.name")
    active = serializers.BooleanField(source="is_active")
