"""The root URL of the site."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect signed-in staff to the admin, and everybody else to the documentation of the API."""
    return HttpResponseRedirect(reverse("admin:index" if admin.site.has_permission(request) else "docs"))
