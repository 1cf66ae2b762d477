from django.urls import include, path
from rest_framework.routers import SimpleRouter

from roster.api.schema.views import DocsView, IndexView, SchemaView
from roster.views import TestView, UserViewSet

router = SimpleRouter()
router.register("users", UserViewSet)

urlpatterns = [
    path("", include(router.urls)),
    path("test/", TestView.as_view(), name="test"),
    path("", IndexView.as_view(), name="index"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
]
