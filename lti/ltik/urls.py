"""URLs that take an ltik. Memberships are among them: a launched tool reads its roster at the URL of the roster API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from lti.ltik.launches import LaunchesView
from lti.ltik.memberships import MembershipsByScheme
from lti.ltik.views import IdTokenView

router = SimpleRouter()
router.register("memberships", MembershipsByScheme)

urlpatterns = [
    *router.urls,
    path("idtoken/", IdTokenView.as_view(), name="idtoken"),
    path("launches/", LaunchesView.as_view(), name="launches"),
]
