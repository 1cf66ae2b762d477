"""The pages that every model of the roster has in the admin."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG, IGNORED_PARAMS, PAGE_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_protect

from roster.admin import optimistic_locking
from roster.admin.forms import ConstraintForm
from roster.admin.lookups import DeclaredListLookups, parameters_of
from roster.admin.paging import BoundedChangeList, BoundedPaginator
from roster.admin.relations import RelationsByAutocomplete, is_id
from roster.admin_log import withhold_names
from roster.names import search_key

logger = logging.getLogger("roster.admin")

LIST_PARAMETERS = (*IGNORED_PARAMS, PAGE_VAR)
"""Query parameters that every list has: order, search, page ..."""

MAX_AT_ONCE = 500
"""Maximum number of rows that one action changes: half of the number of fields that a form may have."""


@dataclass(frozen=True)
class Link:
    """A link from a row to a list of related rows, which has the admin URL name `to` and the filter `parameter`."""

    label: str
    to: str
    parameter: str

    def url(self, row: Model) -> str:
        return f"{reverse(f'admin:{self.to}_changelist')}?{urlencode({self.parameter: row.pk})}"


def action_parts(action: Any) -> tuple[Callable[..., Any], str]:
    """The function and the description of an action: a tuple in Django 5.2, an object in later versions."""
    return (action[0], action[2]) if isinstance(action, tuple) else (action.func, action.description)


class StaffAdmin(RelationsByAutocomplete, DeclaredListLookups, admin.ModelAdmin):
    """Base class of all pages: declared lookups, search by search key, limited counts, row versions, action buttons."""

    form = ConstraintForm
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    show_facets = admin.ShowFacets.NEVER  # counting every choice of every filter takes long on long lists
    change_form_template = "admin/staff_change_form.html"
    delete_confirmation_template = "admin/staff_delete_confirmation.html"
    delete_selected_confirmation_template = "admin/staff_delete_selected_confirmation.html"
    object_history_template = "admin/staff_history.html"
    sortable_when_long: tuple[str, ...] | None = None
    """Columns with an index, by which a very long list may be sorted. None: the table is small, so any column may."""
    links: list[Link] = []

    def describe(self, row: Any) -> str:
        """The label of the row in an autocomplete field. It is different for rows of the same name."""
        return str(row)

    def get_notice(self, row: Any) -> str:
        """A notice at the top of the page of this row; "" for none."""
        return ""

    def get_buttons(self, row: Any) -> tuple[str, ...]:
        """Names of the actions that the page of this row has a button for."""
        return ()

    def changeable(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows among these that this person may change."""
        return rows

    # Lists

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        return BoundedChangeList

    @property
    def media(self) -> Any:
        """Add the scripts of autocomplete, which filters of the list need."""
        return super().media + AutocompleteSelect(None, self.admin_site).media

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows that contain every word of the term, compared by search key: “angstrom” finds Ångström."""
        if "\x00" in search_term:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_key(search_term))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Refuse unknown filters, and values with null characters, which databases do not accept."""
        if any("\x00" in value for _, values in request.GET.lists() for value in values):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        try:
            return super().changelist_view(request, extra_context)
        except DisallowedModelAdminLookup:
            known = sorted(parameters_of(self.get_list_filter(request), self.model))
            unknown = sorted(set(request.GET) - {*known, *LIST_PARAMETERS})
            self.message_user(
                request,
                f"This list cannot be filtered by {', '.join(unknown)}. All rows are shown. It can be filtered by: "
                f"{', '.join(known) or 'nothing'}.",
                messages.ERROR,
            )
            return HttpResponseRedirect(request.path)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], **options: Any) -> HttpResponse | None:
        if request.POST.get("select_across") == "1" and queryset.order_by()[: MAX_AT_ONCE + 1].count() > MAX_AT_ONCE:
            self.message_user(
                request,
                f"Nothing was changed: an action changes at most {MAX_AT_ONCE:,} rows. "
                "Use a search or a filter to shorten the list.",
                messages.ERROR,
            )
            return HttpResponseRedirect(request.get_full_path())
        data = request.POST.copy()
        data.setlist(ACTION_CHECKBOX_NAME, filter(is_id, data.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = data  # type: ignore[assignment]
        return super().response_action(request, queryset, **options)

    # The page of a row

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Lock an existing row before it is read, so that two people cannot both save changes of the same version."""
        try:
            if request.method != "POST" or object_id is None:
                return super().changeform_view(request, object_id, form_url, extra_context)
            with transaction.atomic():
                pk = unquote(object_id)
                row = self.get_object(request, pk) if is_id(pk) and optimistic_locking.lock(self.model, [pk]) else None
                if (
                    row is not None
                    and not self.has_change_permission(request, row)
                    and self.has_change_permission(request)
                ):
                    return self._not_saved(request, "You may not change this row.", row, status=403)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            return self._refused(request, error, "Nothing was saved: the change would violate a rule of the data.")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if context["original"] is not None:
            context.update(self._context_of(request, context["original"]))
            rows = [form for table in context["inline_admin_formsets"] for form in table.formset.initial_forms]
            context["has_conflict"], has_others = optimistic_locking.has_conflicts(context["errors"])
            if context["has_conflict"] and not has_others:
                context["errors"] = []  # nothing has to be corrected: the page explains the conflict instead
            context["version"] = optimistic_locking.form_version([context["adminform"].form, *rows])
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        if request.method == "POST" and optimistic_locking.PARAMETER in request.POST:
            message = f"The {opts.verbose_name} no. {object_id} no longer exists: somebody has deleted it."
            return self._not_saved(request, message, None, status=409)
        page: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return page

    def _not_saved(self, request: HttpRequest, message: str, row: Any, *, status: int) -> HttpResponse:
        """A page that says why nothing was saved, and shows the typed values."""
        if row is not None and self.has_view_permission(request, row):
            message = f"{message} {self.get_notice(row)}"
        labels = {field.name: str(field.verbose_name) for field in (*self.opts.fields, *self.opts.many_to_many)}
        typed = [
            (labels.get(name, name), ", ".join(values))
            for name, values in request.POST.lists()
            if any(values) and not name.startswith(("_", "csrf")) and not name.endswith("_FORMS")
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Nothing was saved",
            "opts": self.opts,
            "message": message,
            "typed": typed,
        }
        return TemplateResponse(request, "admin/not_saved.html", context, status=status)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a row only if the form has changed it, so that `modified_at` does not change otherwise."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ProtectedError, IntegrityError) as error:
            return self._refused(request, error, "Nothing was deleted: another row refers to it.")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The history of a row, without the names that this person may not read."""
        response = super().history_view(request, object_id, extra_context)
        if isinstance(response, TemplateResponse):
            inlines = [inline.model for inline in self.get_inline_instances(request)]
            page: Any = response.context_data["action_list"]  # type: ignore[index]
            page.object_list = list(page.object_list)
            for entry in page.object_list:
                withhold_names(entry, inlines)
        return response

    def _refused(self, request: HttpRequest, error: Exception, message: str) -> HttpResponse:
        """Redirect to the page after an error that only a concurrent change by somebody else can cause."""
        logger.warning("The database refused a change on %s: %s", request.path, type(error).__name__)
        self.message_user(request, f"{message} Check the page again: somebody may have changed it.", messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def _context_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actions: Any = self.get_actions(request)
        may_change = self.changeable(request, self.model._default_manager.filter(pk=row.pk)).exists()
        return {
            "notice": self.get_notice(row),
            "links": [(link.label, link.url(row)) for link in self.links],
            "buttons": [
                (action_parts(actions[name])[1], self.button_url(name, row))
                for name in self.get_buttons(row)
                if name in actions and may_change
            ],
        }

    # Actions, on a list and on the page of a row

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(csrf_protect(self.button_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_button"
        return [path("<path:object_id>/do/<slug:name>/", view, name=name), *super().get_urls()]

    def button_url(self, name: str, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_button", args=[row.pk, name])

    def button_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Run an action on one row from the button on its page. Redirect to the page unless the action returns one."""
        row = self.get_object(request, unquote(object_id))
        if row is None or name not in self.get_buttons(row):
            raise Http404
        rows = self.changeable(request, self.get_queryset(request).filter(pk=row.pk))
        action = self.get_actions(request).get(name)
        if request.method != "POST" or action is None or not rows:
            raise PermissionDenied
        function, _ = action_parts(action)
        response: Any = function(self, request, rows)
        return response or HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )

    def carry_out(
        self, request: HttpRequest, rows: QuerySet[Any], change: Callable[[QuerySet[Any]], Any], *, done: str
    ) -> None:
        """Change these rows, show a message, and add it to the history of each. `done` names the change: "retired"."""
        found = list(self.changeable(request, rows))
        with transaction.atomic():
            change(self.model._default_manager.filter(pk__in=[row.pk for row in found]))
            if found:
                LogEntry.objects.log_actions(request.user.pk, found, CHANGE, f"{done.capitalize()}.")  # type: ignore[arg-type]
        names = self.opts.verbose_name if len(found) == 1 else self.opts.verbose_name_plural
        self.message_user(request, f"{len(found)} {names} {done}.", messages.SUCCESS if found else messages.WARNING)
