from organizations.filters import OrganizationFilter, PositionFilter
from organizations.models import Organization, Position
from organizations.querysets import OrganizationQuerySet, PositionQuerySet
from organizations.serializers import OrganizationSerializer, PositionSerializer
from roster.api.views import RosterViewSet


class OrganizationViewSet(RosterViewSet):
    """Organizations, as far as the caller may know of them."""

    queryset = Organization.objects.all()
    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter

    def get_queryset(self) -> OrganizationQuerySet:
        organizations = Organization.objects.visible_to(self.audience)
        return organizations.with_wire_fields(self.audience).in_wire_order()


class PositionViewSet(RosterViewSet):
    """Positions of the organizations that the caller may know of."""

    queryset = Position.objects.all()
    serializer_class = PositionSerializer
    filterset_class = PositionFilter

    def get_queryset(self) -> PositionQuerySet:
        return Position.objects.visible_to(self.audience).with_wire_fields().in_wire_order()
