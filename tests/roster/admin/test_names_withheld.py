"""No page of the admin names a row of a model that one may not view, or finds or sorts rows by what one may not view.

The pages, rights and parameters are those of the registered models.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from organizations.models import Position
from roster.models import User
from tests.pages import signed_in
from tests.roster.admin.marked import MODELS, Marked, mark, marks_in

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

KINDS = ("view", "add", "change", "delete")
LOOKUPS = ("", "__exact", "__startswith", "__gt", "__lte", "__regex", "__in", "__isnull", "__icontains")
"""What an address may try to do with a column."""


@pytest.fixture(scope="module")
def marked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Marked]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Marked()
        transaction.set_rollback(True)


def right(kind: str, model: type[Model]) -> str:
    return f"{kind}_{model._meta.model_name}"


def inlines_of(model: type[Model]) -> list[type[Model]]:
    pages: Any = admin.site.get_model_admin(model)
    return [inline.model for inline in pages.get_inline_instances(None)]


def relations_of(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.get_fields() if field.concrete and field.related_model in MODELS]


def url(model: type[Model], page: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def lists_of(model: type[Model], marked: Marked) -> Iterator[str]:
    """The list, searched, sorted and filtered."""
    filters = {
        getattr(each, "parameter", f"{each}__id__exact") for each in admin.site.get_model_admin(model).list_filter
    }
    queries = ["", f"q={mark(model)}", "o=1.-2.3", *(f"{name}={marked.person.pk}" for name in filters)]
    yield from (f"{url(model, 'changelist')}?{query}" for query in queries)


def pages_of(model: type[Model], kind: str, marked: Marked) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The pages that open with a right to view, add, change or delete, each with what is sent to it."""
    row = marked.rows[model]
    if kind == "view":
        yield from ((address, None) for address in lists_of(model, marked))
        yield from ((url(model, page, row.pk), None) for page in ("history", "change"))
        for field in relations_of(model):
            query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field.name}"
            yield f"{reverse('admin:autocomplete')}?{query}", None
        yield reverse("admin:index"), None
    elif kind == "add":
        chosen = "&".join(f"{field.name}={marked.rows[field.related_model].pk}" for field in relations_of(model))
        yield f"{url(model, 'add')}?{chosen}", None
        yield url(model, "add"), {"_save": "Save"}
    elif kind == "change":
        yield url(model, "change", row.pk), None
        yield url(model, "change", row.pk), {"_save": "Save"}
        buttons: Any = admin.site.get_model_admin(model)
        yield from ((url(model, "button", row.pk, button), {}) for button in buttons.get_buttons(row))
    else:
        yield url(model, "delete", row.pk), None
        yield url(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk]}


def asking(marked: Marked, query: str = "") -> Any:
    """A request of the clerk for a list."""
    request: Any = RequestFactory().get(f"/?{query}")
    request.user = User.objects.get(pk=marked.clerk.pk)
    return request


def viewable(marked: Marked) -> set[type[Model]]:
    request, site = asking(marked), admin.site
    return {model for model in MODELS if site.may_view(request, model)}  # type: ignore[attr-defined]


@pytest.fixture
def client(marked: Marked) -> Client:
    return signed_in(marked.clerk)


def test_a_page_names_only_what_one_may_view(client: Client, marked: Marked) -> None:
    named: list[Any] = []
    opened: set[tuple[str, str]] = set()
    for model in MODELS:
        tables = [right(kind, inline) for inline in inlines_of(model) for kind in KINDS]
        for kind in KINDS:
            marked.may(right(kind, model), *tables)
            may_view = viewable(marked)
            for address, sent in pages_of(model, kind, marked):
                with transaction.atomic():
                    answer = client.get(address) if sent is None else client.post(address, sent, follow=True)
                    transaction.set_rollback(sent is not None)
                if answer.status_code == 200 and address.startswith(url(model, "changelist")):
                    opened.add((model._meta.label, kind))
                unseen = marks_in(answer.content.decode()) - marks_in(address) - may_view
                named += [(right(kind, model), address, found._meta.label) for found in unseen]

    assert named == []
    assert {label for label, _ in opened} == {model._meta.label for model in MODELS} - {"auth.Permission"}


def paths_of(model: type[Model]) -> Iterator[str]:
    """Every path of fields through two models."""
    for field in model._meta.get_fields():
        yield field.name
        if field.related_model:
            yield from (f"{field.name}__{other.name}" for other in field.related_model._meta.get_fields())  # type: ignore[union-attr]


def test_a_list_is_filtered_only_by_the_filters_that_it_shows(marked: Marked) -> None:
    """The parameters are those of the links and fields beside the list."""
    for model in MODELS:
        marked.may(*(right("view", each) for each in MODELS))
        pages: Any = admin.site.get_model_admin(model)
        request = asking(marked)
        lookups = [f"{path}{lookup}" for path in paths_of(model) for lookup in LOOKUPS]
        allowed = {lookup for lookup in lookups if pages.lookup_allowed(lookup, "1", request)}
        shown = pages.get_changelist_instance(request).get_filters(request)[0]
        offered = {name for spec in shown for name in spec.expected_parameters()}

        assert allowed <= offered, model


@pytest.mark.parametrize("parameter", ["secret_hash__startswith", "user__last_name__startswith", "nonsense"])
def test_a_list_says_by_what_it_can_be_filtered(client: Client, marked: Marked, parameter: str) -> None:
    marked.may("view_apikey")

    answer = client.get(f"/admin/roster/apikey/?{parameter}=a", follow=True)

    assert answer.redirect_chain == [("/admin/roster/apikey/", 302)]
    known = [f"{name}__{how}" for name in ("audience", "is_limited", "kind") for how in ("exact", "isnull")]
    known += ["may_read_reflections__exact", "may_read_reflections__isnull", "state"]
    text = f"This list cannot be filtered by {parameter}. All rows are shown. It can be filtered by: "
    assert [str(message) for message in answer.context["messages"]] == [f"{text}{', '.join(known)}."]


def test_a_search_finds_nothing_by_a_name_that_one_may_not_read(client: Client, marked: Marked) -> None:
    """Every search returns the same rows, so that none discloses a name."""
    marked.may("view_membership")
    listed = [
        [row.pk for row in client.get(f"/admin/memberships/membership/?q={term}").context["cl"].result_list]
        for term in (mark(User), mark(Position), "nobody")
    ]

    assert listed[0] == listed[1] == listed[2] != []


def test_nothing_is_sorted_by_a_column_that_one_may_not_read(marked: Marked) -> None:
    """No list and no table on a page is ordered by a table that may not be viewed."""
    sorted_by: list[Any] = []
    for model in MODELS:
        marked.may(right("view", model))
        hidden = {other._meta.db_table for other in set(MODELS) - viewable(marked)}
        pages: Any = admin.site.get_model_admin(model)
        request = asking(marked, "o=1.2.3.4.5.6.7.8")
        orders = (
            [pages.get_changelist_instance(request).queryset] if hidden and pages.has_view_permission(request) else []
        )
        orders += [inline.get_queryset(request) for inline in pages.get_inline_instances(None)]
        ordering = " ".join(str(rows.query).rpartition(" ORDER BY ")[2] for rows in orders if not rows.query.is_empty())
        sorted_by += [(model._meta.label, table) for table in hidden if f'"{table}".' in ordering]

    assert sorted_by == []


def test_a_filter_by_a_person_is_for_those_who_may_view_people(client: Client, marked: Marked) -> None:
    address = f"/admin/memberships/membership/?user={marked.person.pk}"
    marked.may("view_membership")
    refused = client.get(address, follow=True)
    marked.may("view_membership", "view_user")
    filtered = client.get(address)

    assert "This list cannot be filtered by user." in refused.content.decode()
    assert mark(User) not in refused.content.decode()
    assert {row.user_id for row in filtered.context["cl"].result_list} == {marked.person.pk}
    assert mark(User) in filtered.content.decode()


def test_a_person_without_a_name_is_called_by_the_number(client: Client, marked: Marked) -> None:
    marked.may("view_membership", "add_membership")

    listed = client.get("/admin/memberships/membership/").content.decode()
    added = client.get(f"/admin/memberships/membership/add/?user={marked.person.pk}").content.decode()

    assert f"User {marked.person.pk}" in listed
    assert f"User {marked.person.pk}" in added
    assert mark(User) not in listed + added
