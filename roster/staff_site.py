"""The site of the admin. It stands apart from roster/admin/, whose import registers pages with it."""

from functools import cache, partial, wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from roster import privacy
from roster.admin_log import row_named_in
from roster.api.errors import bad_request

MAX_RECENT = 10
"""Own changes that the first page lists."""

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

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Give these models pages. From then on their rows are named to those only who may read their names."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register(models, admin_class, **options)
        for model in models:
            privacy.restrict_name(model)

    def may_view(self, request: HttpRequest, model: type[Model]) -> bool:
        """May this person view the rows of a model? What has no pages of its own is part of what has."""
        return not self.is_registered(model) or self.get_model_admin(model).has_view_permission(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page is made, and its template rendered, with the names that this person may read."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def with_names(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with privacy.names_visible_to(cache(partial(self.may_view, request))):
                try:
                    response = checked(request, *args, **kwargs)
                except DisallowedModelAdminToField as error:  # typed into the address: nothing for the log
                    return bad_request(request, error)
                return response.render() if isinstance(response, TemplateResponse) else response

        return with_names

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from django.contrib.admin.models import LogEntry

        entries = LogEntry.objects.filter(user=request.user.pk).select_related("content_type")
        recent = [(entry, row_named_in(entry)) for entry in entries[:MAX_RECENT]]
        return super().index(request, {"recent": recent, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What the staff keep every day first, the others after it in the order of their names."""
        named = super().get_app_list(request, app_label)
        return sorted(named, key=lambda app: DAILY.index(app["app_label"]) if app["app_label"] in DAILY else len(DAILY))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """What an autocomplete field offers, each row distinct from others of the same name."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        describe = getattr(self.model_admin, "describe", str)
        return {"id": str(getattr(obj, to_field_name)), "text": describe(obj)}
