from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import date_format

from roster import secrets
from roster.admin.forms import LinesField
from roster.admin.grants import GrantingAdmin, GrantingForm
from roster.admin.retirement import NoDeleteAdmin
from roster.api.authentication import audience_of
from roster.models import ApiKey
from roster.privacy import Grant, Level, may_grant, name_of

NEW_SECRETS = "roster_new_secrets"
"""Where the session keeps the encrypted secrets of new keys until the page that shows each of them once."""


class ApiKeyForm(GrantingForm):
    networks = LinesField(
        required=False,
        help_text="Networks from which the key may be used, one on each line, such as 192.0.2.0/24. Empty: any.",
    )

    class Meta:
        model = ApiKey
        fields = ()  # the page chooses

    def clean_bound_to(self) -> str | None:
        """Store no address as NULL, as the constraint requires."""
        return self.cleaned_data["bound_to"] or None


class NewApiKeyForm(ApiKeyForm):
    kind_of_key = forms.ChoiceField(
        label="Kind",
        choices=ApiKey.Kind.choices,
        initial=ApiKey.Kind.BEARER,
        widget=forms.RadioSelect,
        help_text="A bearer key for new programs; a signed query for older clients.",
    )
    secret = ""
    """The text of the new key's secret, once the form is valid."""

    def prepare_instance(self) -> None:
        if kind := self.cleaned_data.get("kind_of_key"):
            self.secret = self.instance.take_new_secret(ApiKey.Kind(kind))


class ByState(admin.SimpleListFilter):
    """A filter by state: in force, expired or revoked."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in-force", "In force"), ("expired", "Expired"), ("revoked", "Revoked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        in_force = ApiKey.objects.in_force(on=timezone.now()).values("pk")
        if self.value() == "in-force":
            return queryset.filter(pk__in=in_force)
        if self.value() == "expired":
            return queryset.filter(revoked_at=None).exclude(pk__in=in_force)
        return queryset.exclude(revoked_at=None) if self.value() == "revoked" else queryset


@admin.register(ApiKey)
class ApiKeyAdmin(GrantingAdmin, NoDeleteAdmin):
    """Keys of client programs. A new key's secret is shown once, on the page after the form."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "kind", "audience", "is_limited", "state", "expires_at", "last_used")
    list_filter = (ByState, "audience", "kind", "is_limited", "may_read_reflections")
    search_fields = ("name__icontains", "prefix__startswith")
    search_help_text = "Name, or the start of the prefix or public key"
    ordering = ("name", "id")
    actions = ("revoke",)
    readonly_fields = ("kind", "prefix", "revoked_at", "last_used", "created_at", "modified_at")
    inlines: ClassVar[list[Any]] = []
    fieldsets = (
        (None, {"fields": ("name", "kind", "prefix")}),
        (
            "What it may read",
            {
                "fields": ("audience", "may_read_reflections", "is_limited"),
                "description": "Public: what is on the public roster, for web sites. Campus: what is on the campus "
                "roster, for portals that require a sign-in. Staff: everything, confidential people too, for offices.",
            },
        ),
        ("How it may be used", {"fields": ("rate", "expires_at", "networks")}),
        ("Signed queries only", {"fields": ("bound_to", "allow_md5")}),
        ("Record", {"fields": ("last_used", "revoked_at", "created_at", "modified_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("name", "kind_of_key")}),
        *fieldsets[1:-1],
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        keys: QuerySet[Any] = super().get_queryset(request).with_last_use()  # type: ignore[attr-defined]
        return keys

    @admin.display(description="state")
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return "revoked"
        return "in force" if key.is_in_force(on=timezone.now()) else "expired"

    @admin.display(description="last used", ordering="last_used_at")
    def last_used(self, key: ApiKey) -> str:
        used = key.last_used_at  # type: ignore[attr-defined]  # annotated
        return date_format(timezone.localtime(used), "DATETIME_FORMAT") if used else "never"

    def get_notice(self, row: ApiKey) -> str:
        return "" if self.state(row) == "in force" else f"This key is {self.state(row)}: requests with it are refused."

    # Adding a key

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = self.readonly_fields if obj else ()
        return fields if request.user.has_perm("roster.read_reflections") else (*fields, "may_read_reflections")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """A new key has only one save button, which leads to the page that shows its secret."""
        if context["original"] is None:
            context.update({"show_save_and_add_another": False, "show_save_and_continue": False})
        return super().render_change_form(request, context, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": NewApiKeyForm}), **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            new_secrets = request.session.get(NEW_SECRETS, {})
            request.session[NEW_SECRETS] = {**new_secrets, str(obj.pk): secrets.encrypt(form.secret)}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:roster_apikey_secret", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.secret_view)
        return [path("<int:key_id>/secret/", view, name="roster_apikey_secret"), *super().get_urls()]

    def secret_view(self, request: HttpRequest, key_id: int) -> HttpResponse:
        """Show the secret of a new key once, to the person who added it, and remove it from the session."""
        key = self.get_object(request, str(key_id))
        if key is None or not self.has_add_permission(request):
            raise PermissionDenied
        new_secrets = request.session.get(NEW_SECRETS, {})
        token = new_secrets.pop(str(key.pk), None)
        request.session[NEW_SECRETS] = new_secrets
        context = {
            **self.admin_site.each_context(request),
            "title": "Your new key",
            "opts": self.opts,
            "key": key,
            "secret": secrets.decrypt(token) if token else "",
            "is_signed": key.kind == ApiKey.Kind.SIGNED,
        }
        return TemplateResponse(request, "admin/roster/apikey/secret.html", context)

    # Revoking and deleting keys

    def get_buttons(self, row: ApiKey) -> tuple[str, ...]:
        return () if row.revoked_at else ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A revoked key cannot be changed. A key that reads more than this person may read can only be revoked."""
        is_changeable = obj is None or (obj.revoked_at is None and not self.beyond(request, obj))
        return super().has_change_permission(request, obj) and is_changeable

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "audience":
            granter = audience_of(request.user)  # type: ignore[arg-type]
            kwargs["choices"] = [choice for choice in Level.choices if may_grant(granter, Grant(Level(choice[0])))]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        now = timezone.now()

        def end(keys: QuerySet[Any]) -> None:
            for key in keys:
                key.revoke(on=now)

        self.carry_out(request, queryset.filter(revoked_at=None), end, done="revoked")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        names, counts, lacking, protected = super().get_deleted_objects(objs, request)
        in_force = ApiKey.objects.filter(pk__in=[key.pk for key in objs]).in_force(on=timezone.now())
        working = [f"programs: “{name_of(key, key.name)}” is in force. Revoke it first." for key in in_force[:20]]
        return names, counts, lacking, [*protected, *working]
