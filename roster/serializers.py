from functools import cached_property
from typing import Any

from rest_framework import serializers

from roster import days, privacy, unsupported_fields
from roster.fields import (
    EMPTY,
    INSTANT,
    FlagField,
    InstantField,
    LabelField,
    NumberField,
    TextField,
    WireField,
    WireSerializer,
)
from roster.models import User
from roster.querysets import known_as


class DatedField(TextField):
    """A text wrapped as `{"value": ..., "lastModified": ms}`, with the time of its last change.

    If the text never changed, the time is that of the account's creation, or null for audiences that may not read it.
    """

    withheld = EMPTY
    openapi = {
        "type": "object",
        "required": ["value", "lastModified"],
        "properties": {"value": {"type": "string"}, "lastModified": {**INSTANT, "nullable": True}},
    }

    @cached_property
    def reads_created(self) -> bool:
        """May the audience read when the account was created, which is the time of a text that never changed?"""
        return "createdOn" in privacy.fields("user", self.context["audience"])

    def get_attribute(self, instance: User) -> Any:
        return self.from_columns(super().get_attribute(instance), instance.attribute_times, instance.created_at)

    def get_columns(self) -> tuple[Any, ...]:
        return (*super().get_columns(), "attribute_times", "created_at")

    def from_columns(self, value: Any, *others: Any) -> dict[str, Any]:
        """The text with its time; `others` are the times of all dated texts and of the account's creation."""
        if not value:
            return EMPTY
        times, created = others
        changed = times.get(self.source)
        if changed is None and self.reads_created:
            changed = created if isinstance(created, int) else days.milliseconds(created)
        return {"value": value, "lastModified": changed}

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        return value


class CustomFieldsField(WireField, serializers.JSONField):
    """The custom fields of a person, each a name and its values."""

    openapi = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["name", "value"],
            "properties": {"name": {"type": "string"}, "value": {"type": "array", "items": {"type": "string"}}},
        },
    }


class FirstNameField(TextField):
    """The first name that the audience may read: the one on record, or the preferred one if there is one."""

    def get_attribute(self, instance: User) -> str:
        return instance.first_name if self.context["audience"].reads_names_on_record else instance.known_as

    def get_columns(self) -> tuple[Any, ...]:
        return ("first_name",) if self.context["audience"].reads_names_on_record else (known_as(),)

    def from_columns(self, value: Any, *others: Any) -> Any:
        return value


class UserSerializer(WireSerializer):
    """A user item (docs/api.md)."""

    resource = "user"
    always_empty = unsupported_fields.EMPTY_USER_FIELDS

    userId = NumberField(source="id", help_text="Id of the person.")
    username = TextField(help_text="Campus account name.")
    status = LabelField(choices=User.Status.choices, help_text="Only an active person can sign in.")
    lastLogin = InstantField(
        source="last_login", help_text="When the person last signed in; null if never.", allow_null=True
    )
    profilePictureUrl = TextField(source="picture_url", help_text="URL of the person's picture.")
    firstName = FirstNameField(
        source="first_name", help_text="For staff the first name on record; for others the preferred one, if any."
    )
    lastName = TextField(source="last_name", help_text="Last name.")
    campusEmail = TextField(source="campus_email", help_text="Campus e-mail address.")
    preferredEmail = TextField(source="preferred_email", help_text="E-mail address the person prefers.")
    cardId = TextField(source="card_id", help_text="Number of the campus card.")
    mobilePhone = TextField(source="mobile_phone", help_text="Mobile phone number.")
    preferredFirstName = DatedField(
        source="preferred_first_name", help_text="Preferred first name, if it differs from the one on record."
    )
    middleName = DatedField(source="middle_name", help_text="Middle name.")
    sisId = DatedField(source="sis_id", help_text="Id in the student information system.")
    affiliation = DatedField(help_text="Student, Faculty, Staff, Alumni ...")
    enrollmentStatus = DatedField(source="enrollment_status", help_text="Full-time, Part-time ...")
    classStanding = DatedField(source="class_standing", help_text="First-year, Senior, Graduate ...")
    primarySchoolOfEnrollment = DatedField(source="school", help_text="School, college or faculty.")
    customFields = CustomFieldsField(source="custom_fields", help_text="The campus's own fields.")
    createdOn = InstantField(source="created_at", help_text="When this record was created.")
    modifiedOn = InstantField(source="modified_at", help_text="When this record last changed.")
    isConfidential = FlagField(
        source="is_confidential",
        help_text="FERPA directory block, which staff must respect. Only responses to staff have this key.",
    )
