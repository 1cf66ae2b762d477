"""The site of the admin. It stands apart from roster/admin/, whose import registers pages with it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

DAILY = ("memberships", "organizations", "roster")
"""The apps that the first page begins with."""


class StaffSite(admin.AdminSite):
    """The pages on which the staff of the student-life office keep the roster."""

    site_header = "Campus Roster"
    site_title = "Campus Roster"
    index_title = "For staff"
    index_template = "admin/staff_index.html"
    site_url = None  # there is no other site to view
    enable_nav_sidebar = False  # the lists are wide tables

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What the staff keep every day first, the others after it in the order of their names."""
        named = super().get_app_list(request, app_label)
        return sorted(named, key=lambda app: DAILY.index(app["app_label"]) if app["app_label"] in DAILY else len(DAILY))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """What an autocomplete field offers, each row told apart from others of its name."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        describe = getattr(self.model_admin, "describe", str)
        return {"id": str(getattr(obj, to_field_name)), "text": describe(obj)}
