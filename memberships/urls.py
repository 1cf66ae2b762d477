from rest_framework.routers import SimpleRouter

from memberships.views import MembershipViewSet

router = SimpleRouter()
router.register("memberships", MembershipViewSet)

urlpatterns = router.urls
