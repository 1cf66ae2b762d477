"""Every field of the admin that reads JSON refuses what no database stores and no program reads."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from roster.admin.forms import JSONText, LinesField
from roster.models import User
from tests.pages import opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

UNREADABLE = {
    "nested deeply": "[" * 900 + "]" * 900,
    "nested too deeply for any reader": "[" * 5000,
    "objects nested deeply": "[" + '{"a":' * 900 + "1" + "}" * 900 + "]",
    "half of a character": r'["\ud800"]',
    "no number": "[NaN]",
    "too large a number": f"[{'9' * 5000}]",
}


def fields() -> Iterator[tuple[str, forms.Field]]:
    """Every field of every form of the admin, of a new row and of tables of rows."""
    request = RequestFactory().get("/")
    request.user = User(username="root", is_staff=True, is_superuser=True)
    for model, pages in admin.site._registry.items():
        shown: list[Any] = [pages.get_form(request)]
        shown += [inline.get_formset(request).form for inline in pages.get_inline_instances(request)]
        for form in shown:
            yield from ((f"{model._meta.label} {name}", field) for name, field in form.base_fields.items())


def of_json() -> Iterator[tuple[str, Any]]:
    for name, field in fields():
        if isinstance(field, forms.JSONField | LinesField):
            yield name, field


def test_every_field_refuses_it() -> None:
    taken = []
    for name, field in of_json():
        for what, text in UNREADABLE.items():
            try:
                field.clean(text)
            except ValidationError:
                field.has_changed([], text)
                field.prepare_value(field.bound_data(text, None))
            else:
                taken.append((name, what))

    assert taken == []
    assert {type(field) for _, field in of_json()} == {JSONText, LinesField}


def test_an_unguarded_field_would_be_noticed() -> None:
    with pytest.raises((RecursionError, ValueError)):
        forms.JSONField().clean(UNREADABLE["nested too deeply for any reader"])


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=list(UNREADABLE))
def test_the_page_is_shown_again(client: Client, sample: SampleData, text: str) -> None:
    page = opened(client, sample.ben).send(custom_fields=text)

    assert page.errors != []


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_version_that_is_none_is_refused(client: Client, sample: SampleData, text: str) -> None:
    page = opened(client, sample.ben).send(mobile_phone="555-0199", _version=text)

    sample.ben.refresh_from_db()
    assert sample.ben.mobile_phone != "555-0199"
    assert page.errors != []


@pytest.mark.parametrize("text", ["{}", "null", "", "[]"])
def test_nothing_is_a_list_of_no_custom_fields(client: Client, sample: SampleData, text: str) -> None:
    opened(client, sample.farid).send(custom_fields=text)

    sample.farid.refresh_from_db()
    assert sample.farid.custom_fields == []
