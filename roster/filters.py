from roster.api.filters import (
    BeforeInstantFilter,
    ChoiceFilter,
    FromInstantFilter,
    IdFilter,
    IncludeDeletesFilter,
    SearchKeyFilter,
    TextFilter,
    UsernameFilter,
    WireFilterSet,
)
from roster.models import User


class UserFilter(WireFilterSet):
    """The parameters of `GET /api/users` (docs/api.md)."""

    userId = IdFilter(field_name="id", help_text="The person of this id.")
    username = UsernameFilter(
        field_name="username_folded",
        help_text="The person of this username, in any letter case; nobody for an unknown or blank one.",
    )
    cardId = TextFilter(field_name="card_id", help_text="For staff: the person of exactly this campus card.")
    sisId = TextFilter(
        field_name="sis_id", help_text="For staff: the person of exactly this id in the student information system."
    )
    affiliation = SearchKeyFilter(
        field_name="affiliation_folded", help_text="For staff: people of this affiliation, in any letter case."
    )
    enrollmentStatus = SearchKeyFilter(
        field_name="enrollment_status_folded",
        help_text="For staff: people of this enrollment status, in any letter case.",
    )
    SchoolOfEnrollment = SearchKeyFilter(
        field_name="school_folded",
        reads=("primarySchoolOfEnrollment",),
        help_text="For staff: people of this primary school of enrollment, in any letter case.",
    )
    primarySchoolOfEnrollment = SearchKeyFilter(
        field_name="school_folded", help_text="The same as `SchoolOfEnrollment`, by the name that an item prints."
    )
    status = ChoiceFilter(
        field_name="status",
        choices=User.Status.choices,
        help_text="For staff: accounts of this status, in any letter case.",
    )
    CreatedOnStart = FromInstantFilter(
        field_name="created_at",
        reads=("createdOn",),
        help_text="For staff: accounts whose `createdOn` is at or after this instant.",
    )
    CreatedOnEnd = BeforeInstantFilter(
        field_name="created_at",
        reads=("createdOn",),
        help_text="For staff: accounts whose `createdOn` is before this instant.",
    )
    IncludeDeletes = IncludeDeletesFilter(
        help_text="Only staff may set true. It changes nothing: people are never deleted."
    )

    class Meta:
        model = User
        fields = ()
