"""Whatever there is many of, each request of LTI asks the database as often as where there are few.

The dimensions are the relations of the models, and the models whose rows are many of nothing; the routes are those of
the URL configuration.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.lti.dimensions.questions import QUESTIONS, routes, status_of
from tests.lti.dimensions.tool_data import DIMENSIONS, OF_LTI, OF_NOTHING, ToolData
from tests.lti.tool.lms import running_lms
from tests.wire import sample_organization
from tests.wire.sample_organization import relations

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

APPS = ("roster", "organizations", "memberships", "lti")
FEW, MANY = 2, 20

Counts = dict[str, int]


def counts(made: ToolData) -> Counts:
    """How often each question asks the database the second time, when all that is to be told of was told."""
    counted = {}
    for path, ways in QUESTIONS.items():
        for way, prepare in ways.items():
            for _ in range(2):
                asking = prepare(made)
                with CaptureQueriesContext(connection) as captured:
                    answer: Any = asking()
                assert status_of(answer) in {200, 201, 302, 303}, (path, way, getattr(answer, "content", answer))
            counted[f"{path} {way}"] = len(captured)
    return counted


def test_every_relation_is_a_dimension() -> None:
    of_lti = [*relations(APPS, ["lti"]), *relations(["lti"], APPS)]

    assert sorted(OF_LTI) == sorted(set(of_lti))
    assert sorted(sample_organization.DIMENSIONS) == sorted(relations(APPS[:3], APPS[:3]))


def test_every_model_whose_rows_are_many_of_nothing_is_a_dimension() -> None:
    models = apps.get_app_config("lti").get_models()
    fields: Any = {model: model._meta.get_fields() for model in models}

    assert sorted(OF_NOTHING) == sorted(
        model._meta.model_name for model, own in fields.items() if not any(field.many_to_one for field in own)
    )


def test_every_route_is_asked() -> None:
    assert set(QUESTIONS) == routes()


@pytest.mark.usefixtures("quick_passwords")
def test_many_of_everything_cost_no_query_more_than_few() -> None:
    with running_lms() as lms:
        made = ToolData(lms)
        for more in DIMENSIONS.values():
            more(made, FEW)
        few = counts(made)

        for more in DIMENSIONS.values():
            more(made, MANY)

        assert counts(made) == few
