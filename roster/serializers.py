from typing import Any

from rest_framework import serializers

from roster import days
from roster.api.fields import EMPTY, InstantField, LabelField, TextField, WireSerializer
from roster.models import User


class DatedField(TextField):
    """A text wrapped as `{"value": ..., "lastModified": ms}`, with the time of its last change."""

    withheld = EMPTY

    def get_attribute(self, instance: User) -> Any:
        changed = instance.attribute_times.get(self.source, days.milliseconds(instance.created_at))
        value = super().get_attribute(instance)
        return {"value": value, "lastModified": changed if value else None}

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        return value


class FirstNameField(TextField):
    """The first name as the audience may read it: on record, or the one the person goes by."""

    def get_attribute(self, instance: User) -> str:
        return instance.first_name if self.context["audience"].reads_names_on_record else instance.known_as


class UserSerializer(WireSerializer):
    """A user item (WIRE.md, section 3)."""

    resource = "user"

    userId = serializers.IntegerField(source="id")
    username = TextField()
    status = LabelField(choices=User.Status.choices)
    lastLogin = InstantField(source="last_login")
    profilePictureUrl = TextField(source="picture_url")
    firstName = FirstNameField(source="first_name")
    lastName = TextField(source="last_name")
    campusEmail = TextField(source="campus_email")
    preferredEmail = TextField(source="preferred_email")
    cardId = TextField(source="card_id")
    mobilePhone = TextField(source="mobile_phone")
    preferredFirstName = DatedField(source="preferred_first_name")
    middleName = DatedField(source="middle_name")
    sisId = DatedField(source="sis_id")
    affiliation = DatedField()
    enrollmentStatus = DatedField(source="enrollment_status")
    classStanding = DatedField(source="class_standing")
    primarySchoolOfEnrollment = DatedField(source="school")
    customFields = serializers.JSONField(source="custom_fields")
    createdOn = InstantField(source="created_at")
    modifiedOn = InstantField(source="modified_at")
    isConfidential = serializers.BooleanField(source="is_confidential")
