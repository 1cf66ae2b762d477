from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest

from roster.admin.retirement import ChoicesAdmin, NoDeleteAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(NoDeleteAdmin, DjangoGroupAdmin):
    """Groups of staff, with the permissions of each."""

    search_fields = ("name",)
    search_help_text = "Name"
    ordering = ("name",)
    filter_horizontal = ()


@admin.register(Permission)
class PermissionAdmin(ChoicesAdmin, NoDeleteAdmin):
    """Only for autocomplete: the permissions that groups and people can be given."""

    search_fields = ("name", "codename", "content_type__app_label")
    ordering = ("content_type__app_label", "content_type__model", "codename")
    list_display = ("name", "codename")
    fields = ("name", "codename")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("content_type")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People who may assign permissions may see all of them."""
        return request.user.is_superuser or request.user.has_perm("auth.change_group")
