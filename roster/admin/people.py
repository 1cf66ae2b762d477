from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, ReadOnlyPasswordHashField, SetUnusablePasswordMixin
from django.db.models import QuerySet
from django.http import HttpRequest

from roster.admin.forms import ConstraintForm
from roster.admin.retirement import RetiringAdmin
from roster.models import User

BLOCK = (
    "Tick this if the person has requested it. From the next request on, nothing about this person is disclosed to "
    "programs and people other than staff."
)


class UserForm(ConstraintForm):
    password = ReadOnlyPasswordHashField(
        help_text="Only a hash is stored. Most people need no password, because they do not sign in here."
    )

    class Meta:
        model = User
        fields = ()  # the page chooses
        widgets = {"custom_fields": forms.Textarea(attrs={"rows": 4, "cols": 80})}


class NewUserForm(SetUnusablePasswordMixin, BaseUserCreationForm, ConstraintForm):
    """A new person, without a password unless one is given."""

    usable_password = SetUnusablePasswordMixin.create_usable_password_field(
        "Only people who sign in here with a password need one."
    )

    class Meta:
        model = User
        fields = ()  # the page chooses

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usable_password"].initial = "false"
        self.fields["password1"].required = self.fields["password2"].required = False


@admin.register(User)
class UserAdmin(RetiringAdmin, DjangoUserAdmin):
    """The people of the campus."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "roster_name", "campus_email", "affiliation", "status", "is_confidential")
    list_display_links = ("username", "roster_name")
    list_filter = ("status", "is_confidential", "is_staff", "is_superuser", "groups")
    ordering = ("name_key", "id")
    search_fields = (
        *("name_key__contains", "known_as_key__contains", "username_folded__contains"),
        *("campus_email__istartswith", "card_id__iexact", "sis_id__iexact"),
    )
    search_help_text = "Names, username, start of the campus e-mail, or a whole card id or SIS id"
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at", "modified_at")
    fieldsets = (
        (None, {"fields": ("username", "status")}),
        ("Directory block", {"fields": ("is_confidential",), "description": BLOCK, "classes": ("directory-block",)}),
        ("Names", {"fields": ("first_name", "preferred_first_name", "middle_name", "last_name")}),
        ("Contact", {"fields": ("campus_email", "preferred_email", "mobile_phone", "picture_url")}),
        (
            "On campus",
            {
                "fields": (
                    *("card_id", "sis_id", "affiliation", "enrollment_status", "class_standing", "school"),
                    "custom_fields",
                )
            },
        ),
        ("Sign-in and permissions", {"fields": ("password", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Record", {"fields": ("last_login", "created_at", "modified_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username",)}),
        ("Directory block", {"fields": ("is_confidential",), "description": BLOCK, "classes": ("directory-block",)}),
        ("Names", {"fields": ("first_name", "preferred_first_name", "middle_name", "last_name", "campus_email")}),
        ("Sign-in", {"fields": ("usable_password", "password1", "password2")}),
    )
    inlines: ClassVar[list[Any]] = []

    @admin.display(description="name", ordering="name_key")
    def roster_name(self, user: User) -> str:
        return ", ".join(filter(None, (user.last_name, user.known_as)))

    def describe(self, row: User) -> str:
        marks = [str(row.get_status_display())] if not row.is_active else []
        marks += ["confidential"] if row.is_confidential else []
        return " · ".join([str(row), *marks])

    def get_notice(self, row: User) -> str:
        return (
            "Confidential: only staff may know about this person. Do not read this page aloud to others or send "
            "pictures of it."
            if row.is_confidential
            else ""
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return self.inlines if obj else []

    # Permissions: only a superuser may assign them, and may change the accounts of staff.

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        readonly = tuple(super().get_readonly_fields(request, obj))
        return readonly if request.user.is_superuser else (*readonly, "is_staff", "groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        hidden = {"is_superuser", "user_permissions"}
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_change_account(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_change_account(request, obj)

    def changeable(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if request.user.is_superuser else rows.filter(is_staff=False, is_superuser=False)

    @staticmethod
    def _may_change_account(request: HttpRequest, user: Any) -> bool:
        is_not_staff = user is None or not (user.is_staff or user.is_superuser)
        return is_not_staff or bool(request.user.is_superuser)

    # Retiring

    def is_retired(self, row: User) -> bool:
        return row.status == User.Status.INACTIVE

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """People cannot retire themselves, because they could not sign in again to reactivate themselves."""
        super().retire(request, queryset.exclude(pk=request.user.pk))
