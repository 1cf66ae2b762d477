"""GET /api/positions: the envelope, the items, their order, and what each parameter narrows to."""

import json
from typing import Any

import pytest

from organizations.models import PositionTemplate, PositionType
from tests.cast import Cast, organization, position
from tests.client import ask

pytestmark = pytest.mark.both_databases


def ids(cast: Cast, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(cast.staff_key, "/api/positions", **parameters).ids


def test_it_answers_an_envelope_of_items(cast: Cast) -> None:
    item = {
        "positionId": cast.lighting.pk,
        "positionName": "Éclairagiste",
        "organizationId": cast.teatro.pk,
        "organizationName": "Teatro Ñandú",
        "positionTemplateId": cast.manager_kind.pk,
        "positionTemplateName": "Manager",
        "positionTypeId": cast.officer.pk,
        "positionTypeName": "Officer",
        "active": True,
    }
    answer = ask(cast.staff_key, "/api/positions", positionId=cast.lighting.pk)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.dumps(answer.body) == json.dumps(
        {"pageNumber": 1, "pageSize": 100, "totalItems": 1, "totalPages": 1, "items": [item]}
    )


def test_positions_come_as_memberships_do(cast: Cast) -> None:
    upper = position(organization("CHESS CLUB"), "Member", cast.member_kind)

    assert ids(cast) == [
        cast.participant.pk,
        *(cast.chess_member.pk, cast.chess_president.pk),
        *(cast.downtown_member.pk, cast.downtown_president.pk),
        upper.pk,
        *(cast.chair.pk, cast.finance_member.pk),
        cast.host.pk,
        *(cast.listener.pk, cast.night_manager.pk),
        *(cast.sg_advisor.pk, cast.sg_president.pk, cast.senator.pk, cast.sg_treasurer.pk),
        *(cast.actor.pk, cast.director.pk, cast.lighting.pk),
        cast.guild_president.pk,
    ]


def test_position_id_is_exact(cast: Cast) -> None:
    assert ids(cast, positionId=cast.chair.pk) == [cast.chair.pk]


def test_organization_id_is_exact_and_implies_no_children(cast: Cast) -> None:
    assert ids(cast, organizationId=cast.student_government.pk) == [
        *(cast.sg_advisor.pk, cast.sg_president.pk, cast.senator.pk, cast.sg_treasurer.pk),
    ]


@pytest.mark.parametrize("name", ["Treasurer", "TREASURER", "trèsorer", "Trèasurer"])
def test_template_takes_a_whole_name_in_any_case(cast: Cast, name: str) -> None:
    near = PositionTemplate.objects.create(name="Treasurer Elect", default_type=cast.officer)
    position(cast.guild, "Treasurer", near)
    expected = [] if name == "trèsorer" else [cast.sg_treasurer.pk]

    assert ids(cast, template=name) == expected


def test_template_takes_a_number_as_the_id(cast: Cast) -> None:
    assert ids(cast, template=cast.treasurer_kind.pk) == [cast.sg_treasurer.pk]


@pytest.mark.parametrize("name", ["Advisor", "advisor"])
def test_type_takes_a_name_in_any_case(cast: Cast, name: str) -> None:
    PositionType.objects.create(name="Advisory")

    assert ids(cast, type=name) == [cast.sg_advisor.pk]


def test_types_of_one_name_are_all_found_by_it(cast: Cast) -> None:
    twin = PositionType.objects.create(name="ADVISOR")
    found = position(cast.guild, "Sage", cast.member_kind, type=twin)

    assert ids(cast, type="advisor") == [cast.sg_advisor.pk, found.pk]


def test_type_takes_a_number_as_the_id(cast: Cast) -> None:
    assert ids(cast, type=cast.advising.pk) == [cast.sg_advisor.pk]


@pytest.mark.parametrize("parameter", ["type", "template"])
@pytest.mark.parametrize("word", ["Nothing", "Memb", "0", "2147483648", "%"])
def test_an_unknown_type_or_template_is_an_empty_list(cast: Cast, parameter: str, word: str) -> None:
    answer = ask(cast.staff_key, "/api/positions", **{parameter: word})

    assert (answer.status, answer.ids) == (200, [])


def test_active_status_only_leaves_out_the_retired(cast: Cast) -> None:
    everything = ids(cast)

    assert ids(cast, activeStatusOnly="true") == [pk for pk in everything if pk != cast.guild_president.pk]
    assert ids(cast, activeStatusOnly="false") == everything


def test_a_retired_position_says_so(cast: Cast) -> None:
    assert ask(cast.staff_key, f"/api/positions/{cast.guild_president.pk}").body["active"] is False


def test_different_parameters_combine_with_and(cast: Cast) -> None:
    assert ids(cast, type="officer", organizationId=cast.teatro.pk, template="manager") == [cast.lighting.pk]
    assert ids(cast, type="member", template="manager") == []
