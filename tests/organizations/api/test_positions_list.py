"""GET /api/positions: the envelope, the items, their order, and what each parameter narrows to."""

import json
from typing import Any

import pytest

from organizations.models import PositionTemplate, PositionType
from tests.client import ask
from tests.sample_data import SampleData, organization, position

pytestmark = pytest.mark.both_databases


def ids(sample: SampleData, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(sample.staff_key, "/api/positions", **parameters).ids


def test_it_answers_an_envelope_of_items(sample: SampleData) -> None:
    item = {
        "positionId": sample.lighting.pk,
        "positionName": "Éclairagiste",
        "organizationId": sample.teatro.pk,
        "organizationName": "Teatro Ñandú",
        "positionTemplateId": sample.manager_kind.pk,
        "positionTemplateName": "Manager",
        "positionTypeId": sample.officer.pk,
        "positionTypeName": "Officer",
        "active": True,
    }
    answer = ask(sample.staff_key, "/api/positions", positionId=sample.lighting.pk)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.dumps(answer.body) == json.dumps(
        {"pageNumber": 1, "pageSize": 100, "totalItems": 1, "totalPages": 1, "items": [item]}
    )


def test_positions_come_as_memberships_do(sample: SampleData) -> None:
    upper = position(organization("CHESS CLUB"), "Member", sample.member_kind)

    assert ids(sample) == [
        sample.participant.pk,
        *(sample.chess_member.pk, sample.chess_president.pk),
        *(sample.downtown_member.pk, sample.downtown_president.pk),
        upper.pk,
        *(sample.chair.pk, sample.finance_member.pk),
        sample.host.pk,
        *(sample.listener.pk, sample.night_manager.pk),
        *(sample.sg_advisor.pk, sample.sg_president.pk, sample.senator.pk, sample.sg_treasurer.pk),
        *(sample.actor.pk, sample.director.pk, sample.lighting.pk),
        sample.guild_president.pk,
    ]


def test_position_id_is_exact(sample: SampleData) -> None:
    assert ids(sample, positionId=sample.chair.pk) == [sample.chair.pk]


def test_organization_id_is_exact_and_implies_no_children(sample: SampleData) -> None:
    assert ids(sample, organizationId=sample.student_government.pk) == [
        *(sample.sg_advisor.pk, sample.sg_president.pk, sample.senator.pk, sample.sg_treasurer.pk),
    ]


@pytest.mark.parametrize("name", ["Treasurer", "TREASURER", "trèsorer", "Trèasurer"])
def test_template_takes_a_whole_name_in_any_case(sample: SampleData, name: str) -> None:
    near = PositionTemplate.objects.create(name="Treasurer Elect", default_type=sample.officer)
    position(sample.guild, "Treasurer", near)
    expected = [] if name == "trèsorer" else [sample.sg_treasurer.pk]

    assert ids(sample, template=name) == expected


def test_template_takes_a_number_as_the_id(sample: SampleData) -> None:
    assert ids(sample, template=sample.treasurer_kind.pk) == [sample.sg_treasurer.pk]


@pytest.mark.parametrize("name", ["Advisor", "advisor"])
def test_type_takes_a_name_in_any_case(sample: SampleData, name: str) -> None:
    PositionType.objects.create(name="Advisory")

    assert ids(sample, type=name) == [sample.sg_advisor.pk]


def test_types_of_one_name_are_all_found_by_it(sample: SampleData) -> None:
    twin = PositionType.objects.create(name="ADVISOR")
    found = position(sample.guild, "Sage", sample.member_kind, type=twin)

    assert ids(sample, type="advisor") == [sample.sg_advisor.pk, found.pk]


def test_type_takes_a_number_as_the_id(sample: SampleData) -> None:
    assert ids(sample, type=sample.advising.pk) == [sample.sg_advisor.pk]


@pytest.mark.parametrize("parameter", ["type", "template"])
@pytest.mark.parametrize("word", ["Nothing", "Memb", "0", "2147483648", "%"])
def test_an_unknown_type_or_template_is_an_empty_list(sample: SampleData, parameter: str, word: str) -> None:
    answer = ask(sample.staff_key, "/api/positions", **{parameter: word})

    assert (answer.status, answer.ids) == (200, [])


def test_active_status_only_leaves_out_the_retired(sample: SampleData) -> None:
    everything = ids(sample)

    assert ids(sample, activeStatusOnly="true") == [pk for pk in everything if pk != sample.guild_president.pk]
    assert ids(sample, activeStatusOnly="false") == everything


def test_a_retired_position_says_so(sample: SampleData) -> None:
    assert ask(sample.staff_key, f"/api/positions/{sample.guild_president.pk}").body["active"] is False


def test_different_parameters_combine_with_and(sample: SampleData) -> None:
    assert ids(sample, type="officer", organizationId=sample.teatro.pk, template="manager") == [sample.lighting.pk]
    assert ids(sample, type="member", template="manager") == []
