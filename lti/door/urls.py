from django.urls import path

from lti.door.launches import LaunchesView
from lti.door.views import IdTokenView

urlpatterns = [
    path("idtoken/", IdTokenView.as_view(), name="idtoken"),
    path("launches/", LaunchesView.as_view(), name="launches"),
]
