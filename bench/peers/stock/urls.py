from rest_framework.routers import SimpleRouter

from bench.peers.stock.views import MembershipViewSet

router = SimpleRouter(trailing_slash=False)
router.register("api/memberships", MembershipViewSet, basename="membership")

urlpatterns = router.urls
