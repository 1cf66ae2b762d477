"""A key limited to organizations sees them, and their positions, memberships and people; and nothing beside."""

import pytest

from organizations.models import LimitedKey
from tests.client import ask
from tests.sample_data import SampleData, key

pytestmark = pytest.mark.both_databases


def test_it_sees_its_organization_and_none_other(sample: SampleData) -> None:
    for limited in (sample.limited_campus_key, sample.limited_staff_key):
        assert ask(limited, "/api/organizations").ids == [sample.chess_club.pk]


def test_it_sees_the_positions_of_its_organization(sample: SampleData) -> None:
    for limited in (sample.limited_campus_key, sample.limited_staff_key):
        assert ask(limited, "/api/positions").ids == [sample.chess_member.pk, sample.chess_president.pk]


def test_it_sees_the_memberships_that_its_audience_sees_there(sample: SampleData) -> None:
    everything = [sample.amara_chess.pk, sample.amara_chess_again.pk, sample.dalia_chess.pk, sample.farid_chess.pk]

    assert ask(sample.limited_staff_key, "/api/memberships").ids == everything
    assert ask(sample.limited_campus_key, "/api/memberships").ids == [
        sample.amara_chess.pk,
        sample.amara_chess_again.pk,
        sample.farid_chess.pk,
    ]


def test_it_sees_the_people_who_hold_those_memberships(sample: SampleData) -> None:
    assert ask(sample.limited_staff_key, "/api/users").ids == [sample.dalia.pk, sample.farid.pk, sample.amara.pk]
    assert ask(sample.limited_campus_key, "/api/users").ids == [sample.farid.pk, sample.amara.pk]


def test_children_are_not_implied(sample: SampleData) -> None:
    limited = key("staff", to=[sample.student_government])

    assert ask(limited, "/api/organizations").ids == [sample.student_government.pk]


def test_a_parent_outside_the_limit_is_not_named(sample: SampleData) -> None:
    limited = key("staff", to=[sample.finance_committee])
    (item,) = ask(limited, "/api/organizations").body["items"]

    assert (item["parentId"], item["parentName"]) == (None, "")


def test_an_organization_whose_parent_several_keys_are_limited_to_is_listed_once(sample: SampleData) -> None:
    limited = key("staff", to=[sample.student_government, sample.finance_committee])
    key("staff", to=[sample.student_government])
    answer = ask(limited, "/api/organizations")

    assert answer.ids == [sample.finance_committee.pk, sample.student_government.pk]
    assert answer.body["totalItems"] == 2
    assert answer.body["items"][0]["parentId"] == sample.student_government.pk
    assert ask(limited, f"/api/organizations/{sample.finance_committee.pk}").status == 200


def test_a_primary_contact_is_named_while_holding_a_membership_there(sample: SampleData) -> None:
    limited = key("staff", to=[sample.student_government, sample.lead])
    lead, government = ask(limited, "/api/organizations").body["items"]

    assert government["primaryContactName"] == "Amara Okafor"
    assert (lead["primaryContactId"], lead["primaryContactName"]) == (None, "")


def test_a_limited_key_that_lost_its_organizations_sees_nothing(sample: SampleData) -> None:
    limited = key("staff", to=[sample.guild])
    LimitedKey.objects.filter(organization=sample.guild).delete()

    for resource in ("memberships", "organizations", "positions", "users"):
        assert ask(limited, f"/api/{resource}").body["totalItems"] == 0
