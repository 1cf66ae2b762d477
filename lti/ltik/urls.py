from django.urls import path

from lti.ltik.launches import LaunchesView
from lti.ltik.views import IdTokenView

urlpatterns = [
    path("idtoken/", IdTokenView.as_view(), name="idtoken"),
    path("launches/", LaunchesView.as_view(), name="launches"),
]
