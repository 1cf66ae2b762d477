from django.contrib import admin
from django.urls import include, path

from lti.door.dispatch import behind_the_door
from memberships.urls import urlpatterns as memberships
from roster.front import front_page

urlpatterns = [
    path("api/", include(behind_the_door(memberships))),
    path("api/", include("organizations.urls")),
    path("api/", include("roster.urls")),
    path("api/", include("lti.door.urls")),
    path("admin/", admin.site.urls),
    path("", front_page, name="front-page"),
    path("", include("lti.urls")),
]

handler400 = "roster.api.errors.bad_request"
handler403 = "roster.api.errors.forbidden"
handler404 = "roster.api.errors.not_found"
handler500 = "roster.api.errors.server_error"
