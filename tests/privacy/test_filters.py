"""A filter only narrows what the audience sees, and one that would disclose a withheld field is refused."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from roster.api.parameters import ChoiceField, FlagParameter
from tests.client import ask
from tests.privacy import oracle
from tests.privacy.campus import Campus
from tests.privacy.conftest import Audience, Stage
from tests.wire import by_hand
from tests.wire.routes import LISTS, Route

AUDIENCES = ("public key", "campus key", "limited campus key", "limited staff key", "confidential signed-in person")
TODAY = 4_000_000_000_000  # no membership of this campus has an end
BAD = "\x00"  # no parameter takes it: 400, or 403 before that

every_list = pytest.mark.parametrize("route", LISTS, ids=str)


def is_withheld(audience: Audience, route: Route, name: str) -> bool:
    """Would this filter disclose to the audience a field that it may not read?"""
    withheld = oracle.WITHHELD_FROM[route.path].get(audience.asker.level)
    return withheld is None or not withheld.isdisjoint(by_hand.parameters(TODAY)[route.path][name].reads)


def values(route: Route, name: str, items: list[dict[str, Any]]) -> Iterator[str]:
    """What may be asked by a parameter: values of rows here and there, which some may see and some may not."""
    field = route.parameters[name]
    if isinstance(field, FlagParameter):
        yield from ("true", "false")
    elif isinstance(field, ChoiceField):
        yield from field.labels
    else:
        reads = by_hand.parameters(TODAY)[route.path][name].reads
        picked = [items[len(items) * number // 4] for number in range(4)]
        texts = {by_hand.text_of(item[field]) for item in picked for field in reads if item[field] not in (None, [])}
        yield from sorted(texts - {""}) or ["1"]


@cache
def _everything(key: str, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask(key, path, pageSize=500).body["items"]
    return items


def everything(stage: Stage, route: Route) -> list[dict[str, Any]]:
    """The complete response to staff; requested once, since nothing changes here."""
    key = stage.audiences["staff key"].credential
    assert isinstance(key, str)
    return _everything(key, route.path)


@pytest.mark.parametrize("audience", AUDIENCES, indirect=True)
@every_list
def test_a_filter_gives_what_the_audience_could_filter_by_hand(
    campus: Campus, stage: Stage, audience: Audience, route: Route, subtests: pytest.Subtests
) -> None:
    own = audience.ask(route.path, pageSize=500).body.get("items")  # none where the list is closed
    for name in route.parameters:
        for value in values(route, name, everything(stage, route)):
            with subtests.test(name=name, value=value):
                answer = audience.ask(route.path, pageSize=500, **{name: value})
                if name == "IncludeDeletes" and value == "true":
                    assert answer.status == (200 if audience.asker.is_staff else 403)
                elif is_withheld(audience, route, name):
                    assert answer.status == 403
                else:
                    by = by_hand.filtered(route.path, own, {name: value}, TODAY)
                    assert answer.ids == [next(iter(item.values())) for item in by]
                    assert answer.body["totalItems"] == len(by)


@pytest.mark.parametrize("audience", ["public key", "campus key"], indirect=True)
@every_list
def test_a_filter_on_a_withheld_field_is_refused_before_its_value_is_looked_at(
    campus: Campus, audience: Audience, route: Route, subtests: pytest.Subtests
) -> None:
    for name in route.parameters:
        with subtests.test(name=name):
            status = 403 if is_withheld(audience, route, name) else 400

            assert audience.ask(route.path, **{name: BAD}).status == status
            assert audience.ask(f"{route.path}?{name}=1&{name}=2").status == status


def test_every_parameter_is_known_by_hand() -> None:
    for route in LISTS:
        assert set(by_hand.parameters(TODAY)[route.path]) == set(route.parameters)
