from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/", include("memberships.urls")),
    path("api/", include("organizations.urls")),
    path("api/", include("roster.urls")),
    path("admin/", admin.site.urls),
    path("", include("lti.urls")),
]

handler400 = "roster.api.errors.bad_request"
handler403 = "roster.api.errors.forbidden"
handler404 = "roster.api.errors.not_found"
handler500 = "roster.api.errors.server_error"
