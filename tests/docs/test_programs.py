"""The programs in docs/api.md run as they are, against a server."""

import hashlib
import io
import subprocess
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from memberships.models import Membership
from roster import days
from roster.models import ApiKey, KeyUse
from tests.docs.blocks import SITE, blocks
from tests.node import node
from tests.serving import serving

PAGE = "docs/api.md"
SIGNING, LOOP, LOOP_BY_NUMBER = blocks(PAGE, "python")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a program asked to sleep; the key's minute is over when it wakes."""
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        KeyUse.objects.update(window_started_at=0)

    monkeypatch.setattr(time, "sleep", sleep)
    return waited


@pytest.fixture
def current(transactional_db: None, campus: None) -> list[str]:
    """What the loops print: the current memberships that staff see, in their order."""
    memberships = Membership.objects.not_deleted().current(on=days.today())
    ordered = memberships.order_by("position__order_key", "position_id", "id").select_related(
        "position__organization", "user"
    )
    return [
        f"{membership.position.organization.name} {membership.position.name} {membership.user.last_name}"
        for membership in ordered
    ]


def output(program: str, site: str, **replaced: str) -> str:
    """What a program prints when it asks a site, with other constants than those of the page."""
    for old, new in {SITE: site, **replaced}.items():
        assert old in program
        program = program.replace(old, new)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(program, PAGE, "exec"), {})  # noqa: S102 (our own page)
    return printed.getvalue()


def test_the_loop_reads_a_whole_list_and_survives_its_limit(
    live_server: Any, current: list[str], waits: list[float]
) -> None:
    _, key = ApiKey.create_bearer("reader", audience="staff", rate=2)
    program = LOOP.replace("pageSize=500", "pageSize=5")

    printed = output(program, live_server.url, **{"cr_...": key})

    assert printed.splitlines() == current
    assert len(waits) == (len(current) - 1) // 5 // 2
    assert all(0 < wait <= 60 for wait in waits)


def test_the_loop_by_page_numbers_reads_the_same(live_server: Any, current: list[str], waits: list[float]) -> None:
    _, key = ApiKey.create_bearer("reader", audience="staff", rate=2)
    head, _, tail = LOOP.partition("def everything")
    program = f"{head}{LOOP_BY_NUMBER}\n\n{tail[tail.index('for membership') :]}".replace("pageSize=500", "pageSize=5")

    printed = output(program, live_server.url, **{"cr_...": key})

    assert printed.splitlines() == current
    assert waits


def test_it_reads_a_path_without_a_query_too(live_server: Any, current: list[str], waits: list[float]) -> None:
    _, key = ApiKey.create_bearer("reader", audience="staff")
    head, _, tail = LOOP.partition("def everything")
    program = f"{head}{LOOP_BY_NUMBER}\n\n{tail[tail.index('for membership') :]}"

    printed = output(program, live_server.url, **{"cr_...": key, "?currentMembershipsOnly=true&pageSize=500": ""})

    assert len(printed.splitlines()) == Membership.objects.not_deleted().count() > len(current)


def test_the_loop_of_javascript(django_db_setup: None, current: list[str], tmp_path: Path) -> None:
    _, key = ApiKey.create_bearer("reader", audience="staff")
    [program] = blocks(PAGE, "js")
    with serving(tmp_path, workers=1) as site:
        (tmp_path / "loop.mjs").write_text(
            program.replace(SITE, site.url).replace("cr_...", key).replace("pageSize=500", "pageSize=5")
        )
        run = subprocess.run(
            [node(), "loop.mjs"], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=120
        )

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == current


def test_the_signed_query_is_accepted(live_server: Any, transactional_db: None, campus: None) -> None:
    key, private_key = ApiKey.create_signed("signer", audience="campus")
    program = SIGNING.replace('PRIVATE_KEY = "..."', f'PRIVATE_KEY = "{private_key}"')
    program = program.replace('PUBLIC_KEY = "..."', f'PUBLIC_KEY = "{key.prefix}"')

    printed = output(program, live_server.url)

    assert '"username":"amara.okafor"' in printed
    assert hashlib.sha256(private_key.encode()).hexdigest() not in printed


def test_every_language_reads_the_same_list_the_same_way() -> None:
    programs = [LOOP, *blocks(PAGE, "php"), *blocks(PAGE, "ruby"), *blocks(PAGE, "js")]

    assert len(programs) == 4
    for program in programs:
        for part in (SITE, "cr_...", "/api/memberships?currentMembershipsOnly=true&pageSize=500", "429", 'rel="next"'):
            assert part in program
