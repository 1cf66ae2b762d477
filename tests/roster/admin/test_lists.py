"""Lists of millions open at once: they are counted up to a bound, and an action changes a bounded number of rows."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.models import Category
from roster.admin.paging import BoundedPaginator, MoreThan
from roster.models import User
from tests.pages import opened, signed_in

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client() -> Client:
    return signed_in(User.objects.create_superuser("root"))


@pytest.fixture
def categories() -> list[Category]:
    made: list[Category] = Category.objects.bulk_create(Category(name=f"{number:03}") for number in range(120))
    return made


@pytest.fixture
def count_to_100(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roster.admin.paging.MAX_COUNTED", 100)


def test_a_short_list_is_counted_to_its_end(categories: list[Category]) -> None:
    assert BoundedPaginator(Category.objects.order_by("pk"), 50).count == 120


def test_a_long_list_is_counted_up_to_the_bound(categories: list[Category], count_to_100: None) -> None:
    pages = BoundedPaginator(Category.objects.order_by("pk"), 50)

    assert pages.count == 100
    assert pages.num_pages == 2
    assert str(pages.count) == "more than 100"


def test_a_list_of_exactly_the_bound_is_no_more_than_that(categories: list[Category], count_to_100: None) -> None:
    count = BoundedPaginator(Category.objects.filter(name__lt="100").order_by("pk"), 50).count

    assert str(count) == "100"


def test_a_broken_off_count_reads_well() -> None:
    assert str(MoreThan(10_000)) == "more than 10,000"
    assert MoreThan(10_000) == 10_000


def test_the_database_counts_no_further_than_the_bound(categories: list[Category], count_to_100: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        BoundedPaginator(Category.objects.order_by("pk"), 50).count  # noqa: B018  (it is the asking that counts)

    assert "LIMIT 101" in queries[0]["sql"]
    assert "ORDER BY" not in queries[0]["sql"]


def test_the_page_tells_that_there_are_more(client: Client, categories: list[Category], count_to_100: None) -> None:
    assert "more than 100 categories" in opened(client, Category).text


def test_no_list_counts_all_rows_beside_those_it_found() -> None:
    assert all(pages.show_full_result_count is False for pages in admin.site._registry.values())


def test_no_list_counts_the_choices_of_its_filters() -> None:
    assert all(pages.show_facets is admin.ShowFacets.NEVER for pages in admin.site._registry.values())


def test_every_list_has_an_order_that_ends_in_the_key() -> None:
    unordered = [
        pages.opts.label
        for pages in admin.site._registry.values()
        if not pages.ordering or (pages.ordering[-1].lstrip("-") not in {"id", "pk"} and pages.opts.app_label != "auth")
    ]

    assert unordered == []


def test_an_action_on_all_rows_of_a_longer_list_changes_nothing(
    client: Client, categories: list[Category], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster.admin.pages.MAX_AT_ONCE", 100)
    chosen = {"action": "delete_selected", "_selected_action": [str(categories[0].pk)], "select_across": "1"}

    answer = client.post(opened(client, Category).url, {**chosen, "post": "yes"}, follow=True)

    assert "Nothing was changed: an action changes at most 100 rows." in answer.content.decode()
    assert Category.objects.count() == 120


@pytest.mark.parametrize("chosen", ["x", "\x00", "99999999999999999999", "-1"])
def test_an_action_on_something_that_is_no_row_changes_nothing(
    client: Client, categories: list[Category], chosen: str
) -> None:
    sent = {"action": "delete_selected", "_selected_action": [chosen], "index": "0", "post": "yes"}

    assert client.post(opened(client, Category).url, sent, follow=True).status_code == 200
    assert Category.objects.count() == 120


@pytest.mark.parametrize("query", ["status__exact=%00", "q=%00", "p=%00", "o=%00", "groups__id__exact=%00"])
def test_a_character_that_no_database_takes_breaks_no_list(client: Client, query: str) -> None:
    assert client.get(f"/admin/roster/user/?{query}", follow=True).status_code == 200
