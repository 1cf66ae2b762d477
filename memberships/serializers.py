from rest_framework import serializers

from roster.api.fields import DayField, InstantField, TextField, WireSerializer


class MembershipSerializer(WireSerializer):
    """A membership item (WIRE.md, section 3)."""

    resource = "membership"

    membershipId = serializers.IntegerField(source="id")
    organizationId = serializers.IntegerField(source="position.organization_id")
    organizationName = TextField(source="position.organization.name")
    organizationShortName = TextField(source="position.organization.short_name")
    positionTemplateId = serializers.IntegerField(source="position.template_id")
    positionTemplateName = TextField(source="position.template.name")
    positionTypeId = serializers.IntegerField(source="position.type_id")
    positionTypeName = TextField(source="position.type.name")
    positionId = serializers.IntegerField(source="position_id")
    positionName = TextField(source="position.name")
    userId = serializers.IntegerField(source="user_id")
    username = TextField(source="user.username")
    userFirstName = TextField(source="user.known_as")
    userLastName = TextField(source="user.last_name")
    userCampusEmail = TextField(source="user.campus_email")
    positionRecordedStartDate = DayField(source="recorded_start")
    positionRecordedEndDate = DayField(source="recorded_end")
    positionReportedStartDate = DayField(source="reported_start")
    positionReportedEndDate = DayField(source="reported_end")
    reflection = TextField(source="reflection_text")
    userShownOnCampusRoster = serializers.BooleanField(source="shown_on_campus")
    userShownOnPublicRoster = serializers.BooleanField(source="shown_on_public")
    deleted = serializers.BooleanField(source="is_deleted")
    createdOn = InstantField(source="created_at")
    modifiedOn = InstantField(source="modified_at")
