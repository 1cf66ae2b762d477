from collections.abc import Mapping
from typing import Any

from memberships.models import Membership
from roster import days
from roster.api.filters import (
    BeforeInstantFilter,
    EndsUntilFilter,
    FlagFilter,
    FoldedFilter,
    FromInstantFilter,
    IdFilter,
    OnlyFilter,
    StartsFromFilter,
    UsernameFilter,
    WireFilterSet,
)
from roster.api.parameters import TRUE
from roster.privacy import Audience


class IncludeDeletesFilter(FlagFilter):
    """True lists deleted memberships too, for those who may; else they are left out."""

    def may_be_used(self, name: str, query: Mapping[str, str], allowed: frozenset[str], audience: Audience) -> bool:
        return audience.may_include_deleted or query.get(name, "").lower() not in TRUE

    def filter(self, qs: Any, value: Any) -> Any:
        return qs if value else qs.not_deleted()


class CurrentFilter(FlagFilter):
    """True: only memberships whose recorded period covers today on campus."""

    def prepare(self, value: Any) -> Any:
        return days.today() if value else None

    def narrow(self, qs: Any, prepared: Any) -> Any:
        return qs.current(on=prepared)


class MembershipDetailFilter(WireFilterSet):
    """The parameters of `GET /api/memberships/{id}` (WIRE.md, section 4)."""

    includeReflections = OnlyFilter(word="with_reflections", reads=())
    IncludeDeletes = IncludeDeletesFilter()

    class Meta:
        model = Membership
        fields = ()


class MembershipFilter(MembershipDetailFilter):
    """The parameters of `GET /api/memberships` (WIRE.md, section 4)."""

    membershipId = IdFilter(field_name="id")
    userId = IdFilter(field_name="user")
    username = UsernameFilter(field_name="user__username_folded")
    organizationId = IdFilter(field_name="position__organization")
    positionTemplateId = IdFilter(field_name="position__template")
    positionTemplateName = FoldedFilter(field_name="position__template__name_folded")
    currentMembershipsOnly = CurrentFilter(reads=("positionRecordedStartDate", "positionRecordedEndDate"))
    publicPrivacyFilter = FlagFilter(field_name="shown_on_public", reads=("userShownOnPublicRoster",))
    campusPrivacyFilter = FlagFilter(field_name="shown_on_campus", reads=("userShownOnCampusRoster",))
    startDate = StartsFromFilter(field_name="recorded_start", reads=("positionRecordedStartDate",))
    endDate = EndsUntilFilter(field_name="recorded_end", reads=("positionRecordedEndDate",))
    ModifiedOnStart = FromInstantFilter(field_name="modified_at", reads=("modifiedOn",))
    ModifiedOnEnd = BeforeInstantFilter(field_name="modified_at", reads=("modifiedOn",))

    class Meta(MembershipDetailFilter.Meta):
        pass
