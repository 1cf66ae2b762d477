from django.db.models import BooleanField, ExpressionWrapper, Q

from roster.fields import DayField, FlagField, InstantField, NumberField, TextField, WireSerializer
from roster.querysets import known_as

IS_DELETED = ExpressionWrapper(Q(deleted_at__isnull=False), output_field=BooleanField())


class MembershipSerializer(WireSerializer):
    """A membership item (docs/api.md)."""

    resource = "membership"

    membershipId = NumberField(source="id", help_text="Id of the membership.")
    organizationId = NumberField(source="position.organization_id", help_text="Id of the organization.")
    organizationName = TextField(source="position.organization.name", help_text="Name of the organization.")
    organizationShortName = TextField(source="position.organization.short_name", help_text="Its short name.")
    positionTemplateId = NumberField(source="position.template_id", help_text="Id of the position template.")
    positionTemplateName = TextField(
        source="position.template.name", help_text="Its name: President, Treasurer, Member ..."
    )
    positionTypeId = NumberField(source="position.type_id", help_text="Id of the position type.")
    positionTypeName = TextField(source="position.type.name", help_text="Its name: Officer, Member ...")
    positionId = NumberField(source="position_id", help_text="Id of the position.")
    positionName = TextField(source="position.name", help_text="Its name in this organization.")
    userId = NumberField(source="user_id", help_text="Id of the person.")
    username = TextField(source="user.username", help_text="Campus account name of the person.")
    userFirstName = TextField(
        source="user.known_as",
        column=known_as("user__"),
        help_text="First name; the preferred one, if any.",
    )
    userLastName = TextField(source="user.last_name", help_text="Last name.")
    userCampusEmail = TextField(source="user.campus_email", help_text="Campus e-mail address.")
    positionRecordedStartDate = DayField(source="recorded_start", help_text="First day, as recorded in the roster.")
    positionRecordedEndDate = DayField(
        source="recorded_end", help_text="Last day, inclusive; null if no end is known.", allow_null=True
    )
    positionReportedStartDate = DayField(
        source="reported_start", help_text="First day, as the person reports it.", allow_null=True
    )
    positionReportedEndDate = DayField(
        source="reported_end", help_text="Last day, as the person reports it.", allow_null=True
    )
    reflection = TextField(
        source="reflection_text",
        help_text="The member's own text, if `includeReflections` is true and the caller may read it.",
    )
    userShownOnCampusRoster = FlagField(
        source="shown_on_campus", help_text="May signed-in people and campus programs see this membership?"
    )
    userShownOnPublicRoster = FlagField(source="shown_on_public", help_text="May anybody see it?")
    deleted = FlagField(
        source="is_deleted",
        column=IS_DELETED,
        help_text="Is it deleted? True only with `IncludeDeletes`.",
    )
    createdOn = InstantField(source="created_at", help_text="When this record was created.")
    modifiedOn = InstantField(
        source="modified_at",
        help_text="When this record last changed; for the public, changes of reported dates do not count.",
    )
