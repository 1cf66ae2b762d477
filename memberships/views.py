from memberships.filters import MembershipDetailFilter, MembershipFilter
from memberships.models import Membership
from memberships.serializers import MembershipSerializer
from roster.api.views import RosterViewSet


class MembershipViewSet(RosterViewSet):
    """Memberships that the caller may see: who holds which position in which organization, and when."""

    queryset = Membership.objects.all()
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter
    detail_filterset_class = MembershipDetailFilter
