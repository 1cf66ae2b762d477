"""Going on where an earlier answer ended, by the cursor in its Link header (docs/api.md)."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from memberships.models import Membership
from organizations.models import Organization, Position
from roster import days
from roster.api import authentication
from roster.models import User
from tests.client import Answer, ask
from tests.roster.api.signing import NOW, signer
from tests.sample_data import SampleData, membership, organization, person, position
from tests.wire.routes import DETAILS, LISTS, Route
from tests.wire.walking import cursor_of, next_path, next_url, pages_by_link, pages_by_number

pytestmark = pytest.mark.both_databases

every_list = pytest.mark.parametrize("route", LISTS, ids=str)


def follow(sample: SampleData, answer: Answer) -> list[int]:
    """The ids of all pages after this one."""
    ids: list[int] = []
    while goes_on := next_path(answer):
        answer = ask(sample.staff_key, goes_on)
        ids += answer.ids
    return ids


@every_list
def test_it_goes_on_with_any_page_size(sample: SampleData, route: Route) -> None:
    everything = ask(sample.staff_key, route.path).ids
    cursor = cursor_of(ask(sample.staff_key, route.path, pageSize=2))
    rest = ask(sample.staff_key, route.path, cursor=cursor, pageSize=5)

    assert rest.ids == everything[2:7]
    assert ask(sample.staff_key, route.path, cursor=cursor).ids == everything[2:]


@every_list
def test_a_new_row_between_pages_repeats_and_skips_none_of_the_others(sample: SampleData, route: Route) -> None:
    everything = ask(sample.staff_key, route.path).ids
    first = ask(sample.staff_key, route.path, pageSize=3)
    held = position(organization("  First of all"), "Member", sample.member_kind)  # sorts before everything
    membership(person("aaron", "Aaron", "Aaronson"), held, "2025-05-01")

    assert [*first.ids, *follow(sample, first)] == everything


@every_list
def test_a_row_that_comes_later_in_the_order_is_met(sample: SampleData, route: Route) -> None:
    first = ask(sample.staff_key, route.path, pageSize=3)
    before = ask(sample.staff_key, route.path).ids
    held = position(organization("Zymurgists"), "Member", sample.member_kind)
    membership(person("zora", "Zora", "Zzyzx"), held, "2025-05-01")
    everything = ask(sample.staff_key, route.path).ids

    assert [*first.ids, *follow(sample, first)] == everything
    assert everything[:-1] == before


def by_id(sample: SampleData, **parameters: Any) -> Answer:
    return ask(sample.staff_key, "/api/memberships", orderBy="membershipId", **parameters)


def test_a_walk_by_membership_id_is_in_the_order_of_the_id(sample: SampleData) -> None:
    everything = sorted(ask(sample.staff_key, "/api/memberships").ids)
    assert by_id(sample).ids == everything
    first = by_id(sample, pageSize=4)
    assert [*first.ids, *follow(sample, first)] == everything
    walked = [
        pk for page in pages_by_number(sample.staff_key, "/api/memberships?orderBy=membershipid", 4) for pk in page.ids
    ]
    assert walked == everything


def test_a_walk_by_membership_id_misses_and_repeats_nothing_while_all_is_renamed(sample: SampleData) -> None:
    everything = by_id(sample).ids
    answer = by_id(sample, pageSize=3)
    walked, made, deleted = [*answer.ids], set(), set()
    number = 0
    while goes_on := next_path(answer):
        number += 1
        for one in Organization.objects.all():
            one.name = f"{'AZ'[number % 2]} {one.pk * number % 7}"  # from before the position of the walk to after it
            one.save()
        for post in Position.objects.all():
            post.name = f"{'ZA'[number % 2]} {post.pk * number % 5}"
            post.save()
        if number < 4:
            made.add(membership(sample.nadia, sample.actor, "2025-05-01").pk)
            deleted.add(next(pk for pk in reversed(everything) if pk not in deleted))
            Membership.objects.filter(pk__in=deleted).delete()
        answer = ask(sample.staff_key, goes_on)
        walked += answer.ids
    assert number > 5
    assert walked == sorted({*everything, *made} - deleted)


def test_a_walk_in_the_order_of_the_roster_may_miss_what_is_renamed(sample: SampleData) -> None:
    """The guarantee is not larger than that of docs/api.md."""
    first = ask(sample.staff_key, "/api/memberships", pageSize=3)
    last = ask(sample.staff_key, "/api/memberships").body["items"][-1]
    last_organization = Organization.objects.get(pk=last["organizationId"])
    last_organization.name = " First of all"
    last_organization.save()
    assert last["membershipId"] not in {*first.ids, *follow(sample, first)}


@pytest.mark.parametrize("asked, other", [({}, {"orderBy": "membershipId"}), ({"orderBy": "membershipId"}, {})])
def test_the_cursor_of_another_order_is_refused(
    sample: SampleData, asked: dict[str, str], other: dict[str, str]
) -> None:
    cursor = cursor_of(ask(sample.staff_key, "/api/memberships", pageSize=2, **asked))
    assert ask(sample.staff_key, "/api/memberships", cursor=cursor, **asked).status == 200
    answer = ask(sample.staff_key, "/api/memberships", cursor=cursor, **other)
    assert answer.status == 400
    assert answer.refused["cursor"].startswith("A cursor is accepted only unchanged, from the link to the next page")


def test_no_other_order_is_accepted(sample: SampleData) -> None:
    for word in ("userId", "id", "-membershipId", "membershipId,userId"):
        assert ask(sample.staff_key, "/api/memberships", orderBy=word).refused == {
            "orderBy": "membershipId is accepted."
        }
    assert ask(sample.staff_key, "/api/users", orderBy="membershipId").status == 400


def test_rows_that_are_deleted_between_pages_shift_nothing(sample: SampleData) -> None:
    everything = ask(sample.staff_key, "/api/memberships").ids
    first = ask(sample.staff_key, "/api/memberships", pageSize=3)
    Membership.objects.filter(pk__in=first.ids).delete()  # the row at the cursor's position, too
    Membership.objects.filter(pk=everything[5]).delete()

    assert follow(sample, first) == [pk for pk in everything[3:] if pk != everything[5]]


def test_totals_on_the_way_are_those_of_now(sample: SampleData) -> None:
    first = ask(sample.staff_key, "/api/memberships", pageSize=3)
    Membership.objects.filter(pk__in=first.ids).delete()
    second = ask(sample.staff_key, next_path(first) or "")

    assert (first.body["totalItems"], second.body["totalItems"]) == (25, 22)
    assert (second.body["pageNumber"], second.body["totalPages"]) == (2, 8)


def test_it_keeps_apart_what_has_the_same_name(sample: SampleData) -> None:
    for number in range(6):
        position(organization("Chess Club"), "Member", sample.member_kind)
        person(f"amara.{number}", "AMARA", "ÖKÁFOR")
    for route in LISTS:
        for size in (1, 2, 5):
            walked = [pk for page in pages_by_link(sample.staff_key, route.path, size) for pk in page.ids]
            assert walked == ask(sample.staff_key, route.path).ids


@every_list
def test_the_cursor_of_another_list_is_refused(sample: SampleData, route: Route) -> None:
    cursor = cursor_of(ask(sample.staff_key, route.path, pageSize=2))
    for other in LISTS:
        answer = ask(sample.staff_key, other.path, cursor=cursor)
        assert answer.status == (200 if other == route else 400)


@every_list
def test_a_cursor_that_was_changed_is_refused(sample: SampleData, route: Route) -> None:
    cursor = cursor_of(ask(sample.staff_key, route.path, pageSize=2))
    for changed in (cursor[:-1], cursor[1:], cursor + "!", f" {cursor}", f"{cursor}=", cursor.swapcase(), cursor * 2):
        answer = ask(sample.staff_key, route.path, cursor=changed)
        assert answer.status == 400
        assert answer.refused["cursor"].startswith(
            "A cursor is accepted only unchanged, from the link to the next page"
        )


@every_list
def test_a_cursor_and_a_page_are_refused_together(sample: SampleData, route: Route) -> None:
    cursor = cursor_of(ask(sample.staff_key, route.path, pageSize=2))
    for page in (1, 2, 3):
        answer = ask(sample.staff_key, route.path, cursor=cursor, page=page)
        assert answer.refused == {"cursor": "Either a cursor or a page is accepted, not both."}


@pytest.mark.parametrize("route", DETAILS, ids=str)
def test_a_single_item_has_no_cursor(sample: SampleData, route: Route) -> None:
    assert ask(sample.staff_key, route.of(1), cursor="x").status == 400


def test_the_link_keeps_what_was_asked_by_the_names_that_are_declared(sample: SampleData) -> None:
    asked = ask(sample.staff_key, "/api/memberships?PAGESIZE=1&includedeletes=TRUE&username=Amara.Okafor&page=2")
    link, _, cursor = (next_url(asked) or "").partition("&cursor=")

    assert link == "http://testserver/api/memberships?pageSize=1&IncludeDeletes=TRUE&username=Amara.Okafor"
    assert cursor


def test_the_link_goes_on_within_the_filters(sample: SampleData) -> None:
    everything = ask(sample.staff_key, "/api/memberships", username="amara.okafor").ids
    first = ask(sample.staff_key, "/api/memberships", username="amara.okafor", pageSize=2)

    assert [*first.ids, *follow(sample, first)] == everything


def test_the_link_has_no_key(sample: SampleData, settings: Settings) -> None:
    settings.KEY_IN_QUERY = True
    answer = ask(None, "/api/organizations", key=sample.campus_key, pageSize=1)

    assert (next_url(answer) or "").startswith("http://testserver/api/organizations?pageSize=1&cursor=")
    assert sample.campus_key not in str(answer.headers)


def test_the_link_has_no_signature(sample: SampleData, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    monkeypatch.setattr(authentication, "clock", lambda: NOW)
    client = signer()
    signed = client.parameters()
    answer = client.ask("/api/organizations?pageSize=1", signed)

    assert (next_url(answer) or "").startswith("http://testserver/api/organizations?pageSize=1&cursor=")
    assert not [name for name in signed if f"{name}=" in (next_url(answer) or "")]
    assert str(days.milliseconds(NOW)) not in (next_url(answer) or "")


def test_an_audience_goes_on_in_its_own_order(sample: SampleData) -> None:
    User.objects.filter(pk=sample.ben.pk).update(first_name="Zed", last_name="Okafor", preferred_first_name="Abe")
    for key in (sample.staff_key, sample.campus_key):
        walked = [pk for page in pages_by_link(key, "/api/users", 1) for pk in page.ids]
        assert walked == ask(key, "/api/users").ids
