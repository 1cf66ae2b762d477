"""The SQL that the peers share: one file for every shape of a question."""

import importlib
from types import ModuleType

import pytest

from bench.databases import LOADING_SETTINGS


@pytest.fixture(scope="module")
def wire() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**LOADING_SETTINGS, "DATABASE_URL": "postgres://nowhere/"}.items():
            patch.setenv(name, value)
        return importlib.import_module("bench.peers.wire")


def test_a_line_that_names_what_is_not_asked_is_left_out(wire: ModuleType) -> None:
    sql, names = wire.statement("count", ("userId",))

    assert "u.id = $1" in sql
    assert "organization_id = " not in sql.split("WHERE")[1]
    assert names == ("userId",)


def test_a_parameter_has_one_number_wherever_it_stands(wire: ModuleType) -> None:
    sql, names = wire.statement("roster", ("today", "limit", "offset"))

    assert "m.recorded_start <= $1 AND (m.recorded_end IS NULL OR m.recorded_end >= $1)" in sql
    assert names == ("today", "limit", "offset")


@pytest.mark.parametrize("name", ["authenticate", "count", "modified", "person", "roster"])
def test_no_parameter_is_left_without_a_number(wire: ModuleType, name: str) -> None:
    text = wire.text_of(name)
    every = tuple(wire._PARAMETER.findall(text))
    sql, _ = wire.statement(name, every)

    assert wire._PARAMETER.findall(sql) == []
