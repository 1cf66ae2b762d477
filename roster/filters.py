from roster.api.filters import (
    BeforeInstantFilter,
    FoldedFilter,
    FromInstantFilter,
    IdFilter,
    TextFilter,
    UsernameFilter,
    WireFilterSet,
    WordFilter,
)
from roster.models import User


class UserFilter(WireFilterSet):
    """The parameters of `GET /api/users` (WIRE.md, section 4)."""

    userId = IdFilter(field_name="id")
    username = UsernameFilter(field_name="username_folded")
    cardId = TextFilter(field_name="card_id")
    sisId = TextFilter(field_name="sis_id")
    affiliation = FoldedFilter(field_name="affiliation_folded")
    enrollmentStatus = FoldedFilter(field_name="enrollment_status_folded")
    SchoolOfEnrollment = FoldedFilter(field_name="school_folded", reads=("primarySchoolOfEnrollment",))
    primarySchoolOfEnrollment = FoldedFilter(field_name="school_folded")
    status = WordFilter(field_name="status", choices=User.Status.choices)
    CreatedOnStart = FromInstantFilter(field_name="created_at", reads=("createdOn",))
    CreatedOnEnd = BeforeInstantFilter(field_name="created_at", reads=("createdOn",))

    class Meta:
        model = User
        fields = ()
