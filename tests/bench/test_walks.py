"""Pages that a walk asks for."""

from typing import Any

import pytest

from bench import load
from bench.calls import evenly
from bench.load import Meter, Sample
from tests.bench.made_up import running


@pytest.mark.parametrize(
    "last, numbers", [(1, [1]), (3, [1, 2, 3]), (4, [1, 2, 3, 4]), (16, [1, 6, 11, 16]), (100, [1, 34, 67, 100])]
)
def test_four_pages_reach_from_the_first_to_the_last(last: int, numbers: list[int]) -> None:
    assert evenly(last, 4) == numbers


class Caller:
    def __init__(self, running: Any, coding: str) -> None:
        pass

    def get(self, path: str) -> bytes:
        return b"{}"


class Unmeasured(Meter):
    def read(self) -> float:
        return 0.0

    def settle(self) -> None:
        pass


def walked(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Sample:
    monkeypatch.setattr(load, "Caller", Caller)
    return Unmeasured(running("stock"), database_pid=0).walk(["/1", "/2", "/3"], **options)


def test_a_walk_asks_for_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert walked(monkeypatch).requests == 3


def test_a_slow_server_is_asked_for_one_page_at_each_position(monkeypatch: pytest.MonkeyPatch) -> None:
    assert walked(monkeypatch, seconds=0.0).requests == 1
