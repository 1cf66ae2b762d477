from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from bench.peers import wire
from bench.peers.stock.models import Membership


class MembershipFilter(django_filters.rest_framework.FilterSet):
    organizationId = django_filters.NumberFilter(field_name="position__organization_id")
    userId = django_filters.NumberFilter(field_name="user_id")
    username = django_filters.CharFilter(method="by_username")
    currentMembershipsOnly = django_filters.BooleanFilter(method="current")
    publicPrivacyFilter = django_filters.BooleanFilter(field_name="shown_on_public")
    ModifiedOnStart = django_filters.NumberFilter(method="modified_since")

    class Meta:
        model = Membership
        fields = ()

    def by_username(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(user__username_folded=wire.search_key(value))

    def current(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        today = wire.today()
        is_open = Q(recorded_end=None) | Q(recorded_end__gte=today)
        return queryset.filter(is_open, recorded_start__lte=today) if value else queryset

    def modified_since(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(modified_at__gte=wire.EPOCH + int(value) * wire.MILLISECOND)
