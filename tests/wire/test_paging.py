"""Pages of every list: their sizes, totals and ends (docs/api.md, “Lists”)."""

import pytest

from tests.client import ask
from tests.sample_data import SampleData, membership, organization, person, position
from tests.wire.routes import LISTS, Route
from tests.wire.walking import next_path, pages_by_link, pages_by_number

pytestmark = [pytest.mark.both_databases, pytest.mark.parametrize("route", LISTS, ids=str)]

ENVELOPE = ["pageNumber", "pageSize", "totalItems", "totalPages", "items"]


def test_a_list_has_pages_of_100_unless_it_is_asked_for_others(sample: SampleData, route: Route) -> None:
    body = ask(sample.staff_key, route.path).body

    assert list(body) == ENVELOPE
    assert (body["pageNumber"], body["pageSize"], body["totalPages"]) == (1, 100, 1)
    assert body["totalItems"] == len(body["items"])


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_by_number_make_up_the_list(sample: SampleData, route: Route, size: int) -> None:
    everything = ask(sample.staff_key, route.path).ids
    pages = list(pages_by_number(sample.staff_key, route.path, size))

    assert [pk for page in pages for pk in page.ids] == everything
    assert [page.ids for page in pages] == [everything[at : at + size] for at in range(0, len(everything), size)]
    for number, page in enumerate(pages, 1):
        assert page.body["pageNumber"] == number
        assert page.body["pageSize"] == size
        assert page.body["totalItems"] == len(everything)
        assert page.body["totalPages"] == len(pages)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_by_link_make_up_the_list(sample: SampleData, route: Route, size: int) -> None:
    by_number = list(pages_by_number(sample.staff_key, route.path, size))
    by_link = list(pages_by_link(sample.staff_key, route.path, size))

    assert [page.body for page in by_link] == [page.body for page in by_number]


def test_every_page_but_the_last_links_to_the_next(sample: SampleData, route: Route) -> None:
    total = ask(sample.staff_key, route.path).body["totalItems"]
    for size in (1, total - 1, total, total + 1):
        pages = pages_by_number(sample.staff_key, route.path, size)
        links = [next_path(page) for page in pages]
        assert all(links[:-1])
        assert links[-1] is None


def test_a_page_past_the_end_is_empty_with_true_totals(sample: SampleData, route: Route) -> None:
    total = ask(sample.staff_key, route.path).body["totalItems"]
    for page in (total + 1, 10_000, 2**31 - 1):
        answer = ask(sample.staff_key, route.path, page=page, pageSize=1)
        assert answer.status == 200
        assert answer.body == {
            "pageNumber": page,
            "pageSize": 1,
            "totalItems": total,
            "totalPages": total,
            "items": [],
        }
        assert next_path(answer) is None


def test_the_page_just_past_a_full_last_page_is_empty(sample: SampleData, route: Route) -> None:
    total = ask(sample.staff_key, route.path).body["totalItems"]
    answer = ask(sample.staff_key, route.path, page=2, pageSize=total)

    assert (answer.body["totalItems"], answer.body["totalPages"], answer.body["items"]) == (total, 1, [])


def test_totals_count_what_is_filtered(sample: SampleData, route: Route) -> None:
    name, value = {
        "/api/memberships": ("userId", sample.amara.pk),
        "/api/organizations": ("type", sample.student_organization.pk),
        "/api/positions": ("template", sample.member_kind.pk),
        "/api/users": ("SchoolOfEnrollment", "engineering"),
    }[route.path]
    whole = ask(sample.staff_key, route.path, **{name: value})
    first = ask(sample.staff_key, route.path, pageSize=1, **{name: value})

    assert whole.body["totalItems"] == len(whole.ids) > 1
    assert (first.body["totalItems"], first.body["totalPages"]) == (len(whole.ids), len(whole.ids))


def test_totals_are_those_of_now(sample: SampleData, route: Route) -> None:
    before = ask(sample.staff_key, route.path, pageSize=1).body["totalItems"]
    held = position(organization("Knitters"), "Member", sample.member_kind)
    membership(person("zora.zimmer", "Zora", "Zimmer"), held, "2025-05-01")

    assert ask(sample.staff_key, route.path, pageSize=1).body["totalItems"] == before + 1


@pytest.mark.parametrize("size", ["501", "1000", "2147483647", "9" * 30, "0501"])
def test_a_page_is_never_larger_than_500(sample: SampleData, route: Route, size: str) -> None:
    answer = ask(sample.staff_key, route.path, pageSize=size)

    assert (answer.status, answer.body["pageSize"]) == (200, 500)
