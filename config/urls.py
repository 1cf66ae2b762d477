from django.contrib import admin
from django.urls import include, path

from roster.home import home

urlpatterns = [
    path("api/", include("lti.ltik.urls")),  # memberships too
    path("api/", include("organizations.urls")),
    path("api/", include("roster.urls")),
    path("admin/", admin.site.urls),
    path("", home, name="front-page"),
    path("", include("lti.urls")),
]

handler400 = "roster.api.errors.bad_request"
handler403 = "roster.api.errors.forbidden"
handler404 = "roster.api.errors.not_found"
handler500 = "roster.api.errors.server_error"
