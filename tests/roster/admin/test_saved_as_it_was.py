"""A stored value changes only if somebody changed it: every form of the admin, with values as imports leave them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.db import DatabaseError, models, transaction
from django.db.models import Model
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from organizations.models import Organization
from roster.models import User
from roster.names import ByteOrderField
from tests.pages import Page, opened, signed_in
from tests.roster.admin.crowd import Crowd
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

Columns = dict[tuple[str, Any, str], Any]


def odd(field: Any) -> str:
    """A value that an import keeps and a form would write otherwise."""
    if isinstance(field, models.URLField):
        return "callink.example.edu/organization/x"
    if isinstance(field, models.EmailField):
        return "Amara.OKAFOR@Example.EDU"
    return "two\r\nlines\n and a blank " if isinstance(field, models.TextField) else "a trailing blank "


def write_odd_values(row: Model) -> None:
    """Into each text that takes one; where a rule of the data forbids it, the text stays."""
    rows: Any = models.QuerySet(type(row)).filter(pk=row.pk)  # plain: past the rules of the own methods
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and not (field.choices or is_derived(field)):
            try:
                with transaction.atomic():
                    rows.update(**{field.name: odd(field)[: field.max_length]})
            except DatabaseError:
                continue


def is_derived(field: Any) -> bool:
    return isinstance(field, ByteOrderField) or not field.editable or field.name == "password"


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Model]]:
    with django_db_blocker.unblock(), transaction.atomic():
        crowd = Crowd(User.objects.create_superuser("root"))
        crowd.grow(to=1)
        for row in crowd.subjects():
            write_odd_values(row)
        yield crowd.subjects()
        transaction.set_rollback(True)


@pytest.fixture
def client(db: None) -> Client:
    return signed_in(User.objects.create_superuser("robin"))


def columns_of(row: Model) -> Columns:
    """All values of the row's table and of those on its page."""
    pages: Any = admin.site.get_model_admin(type(row))
    tables = [type(row), *(inline.model for inline in pages.get_inline_instances(None))]
    return {
        (table._meta.label, values["pk"], name): value
        for table in tables
        for values in models.QuerySet(table).values("pk", *(field.attname for field in table._meta.concrete_fields))
        for name, value in values.items()
    }


def changed(before: Columns, after: Columns) -> set[tuple[str, str]]:
    return {(label, name) for (label, pk, name), value in after.items() if before.get((label, pk, name)) != value}


def test_a_page_that_is_saved_as_it_was_changes_nothing(client: Client, rows: list[Model]) -> None:
    saved = 0
    for row in rows:
        page = opened(client, row)
        if "Save" in page.form.buttons:
            before = columns_of(row)
            answer = page.send()
            assert answer.response.redirect_chain, (row._meta.label, answer.errors)
            assert changed(before, columns_of(row)) == set(), row._meta.label
            saved += 1

    assert saved > 10


def texts_of(page: Page) -> list[str]:
    """The fields of a page that take any text."""
    fields = page.response.context["adminform"].form.fields.items()
    plain = (forms.CharField,)
    return [name for name, field in fields if type(field) in plain and name in page.form.data and not field.disabled]


def test_who_changes_one_field_changes_no_other(client: Client, rows: list[Model]) -> None:
    seen: set[str] = set()
    for row in rows:
        page = opened(client, row)
        columns = {field.name for field in row._meta.concrete_fields if not is_derived(field)}
        for name in [name for name in texts_of(page) if name in columns][:2] if "Save" in page.form.buttons else ():
            with transaction.atomic():
                before = columns_of(row)
                answer = page.send(**{name: "Another"})
                if answer.response.redirect_chain:
                    written = {
                        (label, column) for label, column in changed(before, columns_of(row)) if column in columns
                    }
                    assert written == {(row._meta.label, name)}
                    seen.add(row._meta.label)
                transaction.set_rollback(True)

    assert {"roster.User", "organizations.Organization", "organizations.Category", "lti.Tool"} <= seen


def test_an_address_without_a_scheme_stays_as_the_portals_expect_it(client: Client, sample: SampleData) -> None:
    imported = {"profile_url": "callink.example.edu/organization/x", "external_website": "www.example.edu"}
    Organization.objects.filter(pk=sample.chess_club.pk).update(**imported)

    opened(client, sample.chess_club).send(summary="Plays chess")
    sample.chess_club.refresh_from_db()
    assert sample.chess_club.profile_url == "callink.example.edu/organization/x"
    assert sample.chess_club.external_website == "www.example.edu"

    opened(client, sample.chess_club).send(
        profile_url="callink.example.edu/organization/y", profile_image_url="https://a.example/"
    )
    sample.chess_club.refresh_from_db()
    assert sample.chess_club.profile_url == "callink.example.edu/organization/y"
    assert sample.chess_club.profile_image_url == "https://a.example/"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "two words", "ftp://example.edu/x"])
def test_an_address_is_one_of_the_web(client: Client, sample: SampleData, text: str) -> None:
    page = opened(client, sample.chess_club).send(profile_url=text)

    assert page.errors == [
        "Write a web address, with or without https://, such as campus.example.edu/organization/chess."
    ]
