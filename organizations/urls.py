from rest_framework.routers import SimpleRouter

from organizations.views import OrganizationViewSet, PositionViewSet

router = SimpleRouter()
router.register("organizations", OrganizationViewSet)
router.register("positions", PositionViewSet)

urlpatterns = router.urls
