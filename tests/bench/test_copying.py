"""A copy is complete, and the time of each page is measured."""

from types import SimpleNamespace
from typing import Any

import pytest

from bench import copying
from bench.copying import Copy, Incomplete, copy

ANSWERS = {
    "/api/memberships?pageSize=2": (b'[{"membershipId":1},{"membershipId":2}]', "/api/memberships?cursor=abc"),
    "/api/memberships?cursor=abc": (b'[{"membershipId":3}]', None),
}


class Caller:
    def __init__(self, running: Any) -> None:
        pass

    def get(self, path: str) -> tuple[bytes, dict[str, str]]:
        body, following = ANSWERS[path]
        return body, {"link": f'<http://127.0.0.1:1{following}>; rel="next"'} if following else {}


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(copying, "Caller", Caller)
    return SimpleNamespace(contender=SimpleNamespace(title="a server"))


def test_it_follows_the_links_to_the_end(running: Any) -> None:
    made = copy(running, "/api/memberships?pageSize=2", rows=3)

    assert (made.rows, made.pages) == (3, 2)


def test_it_notices_a_row_that_is_missing(running: Any) -> None:
    with pytest.raises(Incomplete, match="3 rows instead of 4"):
        copy(running, "/api/memberships?pageSize=2", rows=4)


def test_it_tells_how_steep_a_copy_is() -> None:
    made = Copy(rows=20, page_seconds=[1.0] * 10 + [2.0] * 10)

    assert made.steepness == 2.0
