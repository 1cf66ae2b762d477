from django.urls import include, path
from rest_framework.routers import SimpleRouter

from roster.views import TestView, UserViewSet

router = SimpleRouter()
router.register("users", UserViewSet)

urlpatterns = [
    path("test/", TestView.as_view(), name="test"),
    path("", include(router.urls)),
]
