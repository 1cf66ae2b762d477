"""One row of every model of the admin, with a mark in every text: a page shows of which models it names rows."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.db import DatabaseError, models, transaction
from django.db.models import Model

from roster.models import User
from tests.roster.admin.crowd import Crowd

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def mark(model: type[Model]) -> str:
    """A mark in every text of this model's rows, and in no other's."""
    return f"zq{MODELS.index(model):02}qz"


def marks_in(page: str) -> set[type[Model]]:
    """The models of which a page holds a text."""
    return {model for model in MODELS if mark(model) in page}


class Marked:
    """A marked row of every model, other rows beside them, and entries of all in the history."""

    def __init__(self) -> None:
        self.root = User.objects.create_superuser("root")
        crowd = Crowd(self.root)
        crowd.grow(to=2)
        self.rows: dict[type[Model], Any] = {type(row): row for row in crowd.subjects()}
        for row in (*self.rows.values(), self.root):
            write_marks(row)
        self.person = crowd.person
        for model, row in self.rows.items():
            self.rows[model] = model._default_manager.get(pk=row.pk)
        self.clerk = User.objects.create(username="clerk", is_staff=True)
        self.write_history()

    def write_history(self) -> None:
        """Entries as the admin writes them, by somebody else and by the clerk, when they might do it."""
        for model, row in self.rows.items():
            inlines = [inline.model for inline in admin.site.get_model_admin(model).get_inline_instances(None)]  # type: ignore[arg-type]
            messages = [
                {"changed": {"name": str(inline._meta.verbose_name), "object": str(self.rows[inline]), "fields": ["x"]}}
                for inline in inlines
            ]
            for user in (self.root, self.clerk):
                LogEntry.objects.log_actions(user.pk, [row], CHANGE, messages)

    def may(self, *rights: str) -> None:
        """Give the clerk these rights and no others, as "view_user"."""
        self.clerk.user_permissions.set(Permission.objects.filter(codename__in=rights))


def texts(model: type[Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if (
            isinstance(field, models.CharField | models.TextField)
            and not field.choices
            and (field.max_length or 99) > 7
        ):
            yield field.name


def write_marks(row: Any) -> None:
    """A mark in each text that takes one; where a rule of the data forbids it, the text stays."""
    rows: Any = models.QuerySet(type(row)).filter(pk=row.pk)  # plain: past the rules of the own methods
    for name in texts(type(row)):
        try:
            with transaction.atomic():
                rows.update(**{name: f"{mark(type(row))}{row.pk}"})
        except DatabaseError:
            continue
