"""GET /api/positions/{id}: one bare position."""

import json

import pytest

from tests.cast import Cast
from tests.client import ask

pytestmark = pytest.mark.both_databases


def test_it_answers_a_bare_position(cast: Cast) -> None:
    answer = ask(cast.public_key, f"/api/positions/{cast.guild_president.pk}")

    assert answer.status == 200
    assert json.dumps(answer.body) == json.dumps(
        {
            "positionId": cast.guild_president.pk,
            "positionName": "President",
            "organizationId": cast.guild.pk,
            "organizationName": "Typewriter Guild",
            "positionTemplateId": cast.president_kind.pk,
            "positionTemplateName": "President",
            "positionTypeId": cast.officer.pk,
            "positionTypeName": "Officer",
            "active": False,
        }
    )


def test_no_parameters_are_accepted(cast: Cast) -> None:
    answer = ask(cast.staff_key, f"/api/positions/{cast.chair.pk}", activeStatusOnly="true")

    assert (answer.status, answer.refused) == (400, {"activeStatusOnly": "No parameters are accepted here."})


def test_a_position_of_a_hidden_organization_is_404_like_what_there_is_not(cast: Cast) -> None:
    for key in (cast.public_key, cast.campus_key, cast.limited_staff_key):
        assert ask(key, f"/api/positions/{cast.listener.pk}").status == 404
        assert ask(key, "/api/positions/2147483647").status == 404
