"""A key limited to organizations sees them, and their positions, memberships and people; and nothing beside."""

import pytest

from organizations.models import LimitedKey
from tests.cast import Cast, key
from tests.client import ask

pytestmark = pytest.mark.both_databases


def test_it_sees_its_organization_and_none_other(cast: Cast) -> None:
    for limited in (cast.limited_campus_key, cast.limited_staff_key):
        assert ask(limited, "/api/organizations").ids == [cast.chess_club.pk]


def test_it_sees_the_positions_of_its_organization(cast: Cast) -> None:
    for limited in (cast.limited_campus_key, cast.limited_staff_key):
        assert ask(limited, "/api/positions").ids == [cast.chess_member.pk, cast.chess_president.pk]


def test_it_sees_the_memberships_that_its_audience_sees_there(cast: Cast) -> None:
    everything = [cast.amara_chess.pk, cast.amara_chess_again.pk, cast.dalia_chess.pk, cast.farid_chess.pk]

    assert ask(cast.limited_staff_key, "/api/memberships").ids == everything
    assert ask(cast.limited_campus_key, "/api/memberships").ids == [
        cast.amara_chess.pk,
        cast.amara_chess_again.pk,
        cast.farid_chess.pk,
    ]


def test_it_sees_the_people_who_hold_those_memberships(cast: Cast) -> None:
    assert ask(cast.limited_staff_key, "/api/users").ids == [cast.dalia.pk, cast.farid.pk, cast.amara.pk]
    assert ask(cast.limited_campus_key, "/api/users").ids == [cast.farid.pk, cast.amara.pk]


def test_children_are_not_implied(cast: Cast) -> None:
    limited = key("staff", to=[cast.student_government])

    assert ask(limited, "/api/organizations").ids == [cast.student_government.pk]


def test_a_parent_outside_the_limit_is_not_named(cast: Cast) -> None:
    limited = key("staff", to=[cast.finance_committee])
    (item,) = ask(limited, "/api/organizations").body["items"]

    assert (item["parentId"], item["parentName"]) == (None, "")


def test_an_organization_whose_parent_several_keys_are_limited_to_is_listed_once(cast: Cast) -> None:
    limited = key("staff", to=[cast.student_government, cast.finance_committee])
    key("staff", to=[cast.student_government])
    answer = ask(limited, "/api/organizations")

    assert answer.ids == [cast.finance_committee.pk, cast.student_government.pk]
    assert answer.body["totalItems"] == 2
    assert answer.body["items"][0]["parentId"] == cast.student_government.pk
    assert ask(limited, f"/api/organizations/{cast.finance_committee.pk}").status == 200


def test_a_primary_contact_is_named_while_holding_a_membership_there(cast: Cast) -> None:
    limited = key("staff", to=[cast.student_government, cast.lead])
    lead, government = ask(limited, "/api/organizations").body["items"]

    assert government["primaryContactName"] == "Amara Okafor"
    assert (lead["primaryContactId"], lead["primaryContactName"]) == (None, "")


def test_a_limited_key_that_lost_its_organizations_sees_nothing(cast: Cast) -> None:
    limited = key("staff", to=[cast.guild])
    LimitedKey.objects.filter(organization=cast.guild).delete()

    for resource in ("memberships", "organizations", "positions", "users"):
        assert ask(limited, f"/api/{resource}").body["totalItems"] == 0
