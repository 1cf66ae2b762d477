from collections.abc import Hashable
from typing import Any

from memberships.models import Membership
from roster import days
from roster.api.filters import (
    BeforeInstantFilter,
    EndsUntilFilter,
    FlagFilter,
    FromInstantFilter,
    IdFilter,
    IncludeDeletesFilter,
    OrderFilter,
    QuerySetMethodFilter,
    SearchKeyFilter,
    StartsFromFilter,
    UsernameFilter,
    WireFilterSet,
)


class DeletedTooFilter(IncludeDeletesFilter):
    """True lists deleted memberships too; otherwise they are omitted."""

    def filter(self, qs: Any, value: Any) -> Any:
        return qs if value else qs.not_deleted()


class CurrentFilter(FlagFilter):
    """True: only memberships whose recorded period covers today on campus."""

    when_unset = False

    is_bound = True

    def shape(self, value: Any) -> Hashable:
        return bool(value)

    def prepare(self, value: Any) -> Any:
        return days.today() if value else None

    def narrow(self, qs: Any, prepared: Any) -> Any:
        return qs.current(on=prepared)


class MembershipDetailFilter(WireFilterSet):
    """The parameters of `GET /api/memberships/{id}` (docs/api.md)."""

    includeReflections = QuerySetMethodFilter(
        word="with_reflections",
        reads=(),
        help_text="True: `reflection` has its text, if the caller may read it.",
    )
    IncludeDeletes = DeletedTooFilter(
        help_text="True, for staff only: deleted memberships are returned too, with `deleted: true`."
    )

    class Meta:
        model = Membership
        fields = ()


class MembershipFilter(MembershipDetailFilter):
    """The parameters of `GET /api/memberships` (docs/api.md)."""

    membershipId = IdFilter(field_name="id", help_text="The membership of this id.")
    userId = IdFilter(field_name="user", help_text="Memberships of this person.")
    username = UsernameFilter(
        field_name="user__username_folded",
        help_text="Memberships of the person of this username, in any letter case; none for an unknown or blank one.",
    )
    organizationId = IdFilter(field_name="position__organization", help_text="Memberships in this organization.")
    positionTemplateId = IdFilter(
        field_name="position__template",
        leaves_few=False,
        help_text="Memberships in positions of this template.",
    )
    positionTemplateName = SearchKeyFilter(
        field_name="position__template__name_folded",
        help_text="Memberships in positions of exactly this template's name, in any letter case.",
    )
    currentMembershipsOnly = CurrentFilter(
        reads=("positionRecordedStartDate", "positionRecordedEndDate"),
        keeps=True,
        help_text="True: memberships whose recorded period, end day included, covers today on campus.",
    )
    publicPrivacyFilter = FlagFilter(
        field_name="shown_on_public",
        reads=("userShownOnPublicRoster",),
        keeps=True,
        help_text="Memberships whose `userShownOnPublicRoster` has this value; without this parameter, all.",
    )
    campusPrivacyFilter = FlagFilter(
        field_name="shown_on_campus",
        reads=("userShownOnCampusRoster",),
        keeps=True,
        help_text="Memberships whose `userShownOnCampusRoster` has this value; without this parameter, all.",
    )
    startDate = StartsFromFilter(
        field_name="recorded_start",
        reads=("positionRecordedStartDate",),
        help_text="Memberships whose `positionRecordedStartDate` is at or after this instant.",
    )
    endDate = EndsUntilFilter(
        field_name="recorded_end",
        reads=("positionRecordedEndDate",),
        help_text="Memberships whose `positionRecordedEndDate` is at or before this instant; none without an end.",
    )
    ModifiedOnStart = FromInstantFilter(
        field_name="modified_on",
        reads=("modifiedOn",),
        help_text="Memberships whose `modifiedOn` is at or after this instant.",
    )
    ModifiedOnEnd = BeforeInstantFilter(
        field_name="modified_on",
        reads=("modifiedOn",),
        help_text="Memberships whose `modifiedOn` is before this instant.",
    )
    orderBy = OrderFilter(
        column="id",
        printed="membershipId",
        help_text="`membershipId`: ordered by that id, which never changes; without this parameter, in roster order.",
    )

    class Meta(MembershipDetailFilter.Meta):
        pass
