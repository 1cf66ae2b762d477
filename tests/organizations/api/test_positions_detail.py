"""GET /api/positions/{id}: one position without an envelope."""

import json

import pytest

from tests.client import ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_the_response_is_one_position_without_an_envelope(sample: SampleData) -> None:
    answer = ask(sample.public_key, f"/api/positions/{sample.guild_president.pk}")

    assert answer.status == 200
    assert json.dumps(answer.body) == json.dumps(
        {
            "positionId": sample.guild_president.pk,
            "positionName": "President",
            "organizationId": sample.guild.pk,
            "organizationName": "Typewriter Guild",
            "positionTemplateId": sample.president_kind.pk,
            "positionTemplateName": "President",
            "positionTypeId": sample.officer.pk,
            "positionTypeName": "Officer",
            "active": False,
        }
    )


def test_no_parameters_are_accepted(sample: SampleData) -> None:
    answer = ask(sample.staff_key, f"/api/positions/{sample.chair.pk}", activeStatusOnly="true")

    assert (answer.status, answer.refused) == (400, {"activeStatusOnly": "No parameters are accepted here."})


def test_a_position_of_a_hidden_organization_is_404_like_what_there_is_not(sample: SampleData) -> None:
    for key in (sample.public_key, sample.campus_key, sample.limited_staff_key):
        assert ask(key, f"/api/positions/{sample.listener.pk}").status == 404
        assert ask(key, "/api/positions/2147483647").status == 404
