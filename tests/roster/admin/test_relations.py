"""Every relation in the admin is chosen by autocomplete; no page holds a whole table to choose from."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse

from organizations.models import Category, Organization, OrganizationType, PositionTemplate, PositionType
from roster.models import User
from tests.pages import signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SHORT_LISTS = {Category, Group, OrganizationType, PositionTemplate, PositionType}
"""A few dozen words each: a filter may list them."""


@pytest.fixture
def request_of_root() -> Any:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_superuser("root")
    return request


def forms_of(model_admin: Any, request: Any) -> Iterator[tuple[str, Any]]:
    """The form of a new row and of a saved one, and those of the tables on their pages."""
    row = model_admin.model()
    yield f"new {model_admin.opts.label}", model_admin.get_form(request)
    yield model_admin.opts.label, model_admin.get_form(request, row, change=True)
    for inline in model_admin.get_inline_instances(request, row):
        yield f"{model_admin.opts.label} {type(inline).__name__}", inline.get_formset(request, row).form


def is_autocomplete(widget: Any) -> bool:
    inner = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
    return isinstance(inner, AutocompleteMixin)


def test_no_form_lists_a_table_to_choose_from(request_of_root: Any) -> None:
    chosen: list[str] = []
    listed: list[str] = []
    for model_admin in admin.site._registry.values():
        for label, form in forms_of(model_admin, request_of_root):
            for name, field in form.base_fields.items():
                if isinstance(field, forms.ModelChoiceField):
                    (chosen if is_autocomplete(field.widget) else listed).append(f"{label}.{name}")

    assert listed == []
    assert "memberships.Membership.user" in chosen
    assert "organizations.Organization PositionInline.template" in chosen


def test_no_filter_lists_a_long_table(request_of_root: Any) -> None:
    listed = set()
    for model_admin in admin.site._registry.values():
        for chosen in model_admin.get_list_filter(request_of_root):
            if isinstance(chosen, str):
                listed.add(target(model_admin.model, chosen))

    assert listed - {None} <= SHORT_LISTS


def target(model: type[Model], path: str) -> Any:
    """The table that a filter's field points to; None for a plain one."""
    found: Any = model
    for name in path.split("__"):
        found = found._meta.get_field(name).related_model
    return found


def test_every_autocomplete_answers(request_of_root: Any) -> None:
    client = signed_in(request_of_root.user)
    refused = []
    for model, model_admin in admin.site._registry.items():
        for name in model_admin.get_autocomplete_fields(request_of_root):
            asked: dict[str, Any] = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
            }
            response = client.get(reverse("admin:autocomplete"), {**asked, "term": "é"})
            if response.status_code != 200:
                refused.append(f"{model._meta.label}.{name}")

    assert refused == ["auth.Permission.content_type"]  # a page that only shows


def offered(user: User, model: type[Model], field: str, term: str) -> list[str]:
    asked: dict[str, Any] = {
        "app_label": model._meta.app_label,
        "model_name": model._meta.model_name,
        "field_name": field,
    }
    response = signed_in(user).get(reverse("admin:autocomplete"), {**asked, "term": term})
    return [result["text"] for result in response.json()["results"]]


def test_organizations_of_one_name_are_distinguished(sample: SampleData, request_of_root: Any) -> None:
    one, other = sample.chess_club, sample.chess_club_downtown

    assert offered(request_of_root.user, Organization, "parent", "chess club") == [
        f"Chess Club · CHESS · no. {one.pk}",
        f"Chess Club · CHESS-DT · no. {other.pk}",
    ]


def test_what_is_retired_or_hidden_says_so(sample: SampleData, request_of_root: Any) -> None:
    assert offered(request_of_root.user, Organization, "parent", "guild") == [
        f"Typewriter Guild · no. {sample.guild.pk} · Inactive"
    ]
    assert offered(request_of_root.user, Organization, "parent", "owls") == [
        f"Night Owls · OWLS · no. {sample.night_owls.pk} · hidden"
    ]
    assert offered(request_of_root.user, Organization, "primary_contact", "thornbury") == [
        "Grace Thornbury (grace.thornbury) · Inactive"
    ]
    assert offered(request_of_root.user, Organization, "primary_contact", "quinones") == [
        "Marisol Quiñones (marisol.quinones) · confidential"
    ]


def test_no_term_breaks_an_autocomplete(sample: SampleData, request_of_root: Any) -> None:
    assert offered(request_of_root.user, Organization, "parent", "\x00") == []
    assert offered(request_of_root.user, Organization, "parent", "%") == []


def test_an_autocomplete_is_for_those_who_may_see_the_table(sample: SampleData) -> None:
    asked = {"app_label": "organizations", "model_name": "organization", "field_name": "primary_contact"}

    assert signed_in(sample.jolene).get(reverse("admin:autocomplete"), asked).status_code == 403
