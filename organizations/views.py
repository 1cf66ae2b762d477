from organizations.filters import OrganizationFilter, PositionFilter
from organizations.models import Organization, Position
from organizations.serializers import OrganizationSerializer, PositionSerializer
from roster.api.views import RosterViewSet


class OrganizationViewSet(RosterViewSet):
    """Organizations that the caller may see."""

    queryset = Organization.objects.all()
    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter


class PositionViewSet(RosterViewSet):
    """Positions of the organizations that the caller may see."""

    queryset = Position.objects.all()
    serializer_class = PositionSerializer
    filterset_class = PositionFilter
