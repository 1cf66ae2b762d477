import datetime as dt
from typing import Any

from rest_framework import serializers

from bench.peers import wire
from bench.peers.stock.models import Membership


class DayField(serializers.Field):
    def to_representation(self, value: dt.date) -> int | None:
        return wire.midnight(value)


class InstantField(serializers.Field):
    def to_representation(self, value: dt.datetime) -> int:
        return wire.milliseconds(value)


class MembershipSerializer(serializers.ModelSerializer[Any]):
    membershipId = serializers.IntegerField(source="id")
    organizationId = serializers.IntegerField(source="position.organization_id")
    organizationName = serializers.CharField(source="position.organization.name")
    organizationShortName = serializers.CharField(source="position.organization.short_name")
    positionTemplateId = serializers.IntegerField(source="position.template_id")
    positionTemplateName = serializers.CharField(source="position.template.name")
    positionTypeId = serializers.IntegerField(source="position.type_id")
    positionTypeName = serializers.CharField(source="position.type.name")
    positionId = serializers.IntegerField(source="position_id")
    positionName = serializers.CharField(source="position.name")
    userId = serializers.IntegerField(source="user_id")
    username = serializers.CharField(source="user.username")
    userFirstName = serializers.CharField(source="user.known_as")
    userLastName = serializers.CharField(source="user.last_name")
    userCampusEmail = serializers.CharField(source="user.campus_email")
    positionRecordedStartDate = DayField(source="recorded_start")
    positionRecordedEndDate = DayField(source="recorded_end")
    positionReportedStartDate = DayField(source="reported_start")
    positionReportedEndDate = DayField(source="reported_end")
    reflection = serializers.SerializerMethodField()
    userShownOnCampusRoster = serializers.BooleanField(source="shown_on_campus")
    userShownOnPublicRoster = serializers.BooleanField(source="shown_on_public")
    deleted = serializers.SerializerMethodField()
    createdOn = InstantField(source="created_at")
    modifiedOn = InstantField(source="modified_at")

    class Meta:
        model = Membership
        fields = (
            *("membershipId", "organizationId", "organizationName", "organizationShortName"),
            *("positionTemplateId", "positionTemplateName", "positionTypeId", "positionTypeName"),
            *("positionId", "positionName", "userId", "username", "userFirstName", "userLastName", "userCampusEmail"),
            *("positionRecordedStartDate", "positionRecordedEndDate"),
            *("positionReportedStartDate", "positionReportedEndDate", "reflection"),
            *("userShownOnCampusRoster", "userShownOnPublicRoster", "deleted", "createdOn", "modifiedOn"),
        )

    def get_reflection(self, membership: Membership) -> str:
        return ""

    def get_deleted(self, membership: Membership) -> bool:
        return membership.deleted_at is not None
