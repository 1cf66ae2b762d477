"""The admin site. It is not part of roster/admin/, because importing that package registers pages with the site."""

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
"""Number of the person's own changes that the first page lists."""

DAILY = ("memberships", "organizations", "roster")
"""The apps that come first on the first page."""


class StaffSite(admin.AdminSite):
    """The pages on which the staff of the student-life office maintain the roster."""

    site_header = "Campus Roster"
    site_title = "Campus Roster"
    index_title = "For staff"
    index_template = "admin/staff_index.html"
    site_url = None  # there is no other site to view
    enable_nav_sidebar = False  # the lists are wide tables

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register models. From then on, names of their rows are shown only to people who may view the models."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register(models, admin_class, **options)
        for model in models:
            privacy.restrict_name(model)

    def may_view(self, request: HttpRequest, model: type[Model]) -> bool:
        """May this person view the rows of a model? A model without pages belongs to a model with pages."""
        return not self.is_registered(model) or self.get_model_admin(model).has_view_permission(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view so that its page, including the template, shows only names that this person may read."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def with_names(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with privacy.names_visible_to(cache(partial(self.may_view, request))):
                try:
                    response = checked(request, *args, **kwargs)
                except DisallowedModelAdminToField as error:  # a wrong URL, not an error of the server
                    return bad_request(request, error)
                return response.render() if isinstance(response, TemplateResponse) else response

        return with_names

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from django.contrib.admin.models import LogEntry

        entries = LogEntry.objects.filter(user=request.user.pk).select_related("content_type")
        recent = [(entry, row_named_in(entry)) for entry in entries[:MAX_RECENT]]
        return super().index(request, {"recent": recent, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps of daily work first, then the others in the order of their names."""
        named = super().get_app_list(request, app_label)
        return sorted(named, key=lambda app: DAILY.index(app["app_label"]) if app["app_label"] in DAILY else len(DAILY))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return Autocomplete.as_view(admin_site=self)(request)


class Autocomplete(AutocompleteJsonView):
    """The results of an autocomplete field, with texts that distinguish rows of the same name."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        describe = getattr(self.model_admin, "describe", str)
        return {"id": str(getattr(obj, to_field_name)), "text": describe(obj)}
