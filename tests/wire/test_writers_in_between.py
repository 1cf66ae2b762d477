"""A change that commits while a list is read spoils nothing that is remembered (`roster/reads/list_cache.py`)."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from roster.api import authentication
from roster.reads import lateral_pages, list_cache
from tests.client import Answer, ask, new_client
from tests.roster.api.signing import NOW, signer
from tests.sample_data import SampleData, key, membership, organization, person, position
from tests.wire.walking import next_path

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

Asker = Callable[[str], Answer]


def with_key(text: str) -> Asker:
    return lambda path: ask(text, path)


def with_signature(sample: SampleData) -> Asker:
    client = signer(rate=1_000_000)
    return lambda path: client.ask(path, client.parameters())


def with_session(sample: SampleData) -> Asker:
    client = new_client()
    client.force_login(sample.nadia)
    return lambda path: ask(client, path)


CREDENTIALS: dict[str, Callable[[SampleData], Asker]] = {
    "a bearer key": lambda sample: with_key(sample.campus_key),
    "a key bound to a network": lambda sample: with_key(key("campus", networks=["127.0.0.0/8"])),
    "a limited key": lambda sample: with_key(
        key("campus", to=[sample.chess_club, sample.student_government, sample.cafe])
    ),
    "a signed query": with_signature,
    "a session": with_session,
    "nobody": lambda sample: lambda path: ask(None, path),
}

READ_FIRST = {
    "a page": "/api/memberships?pageSize=3",
    "a page far down": "/api/memberships?pageSize=3&page=3",
    "a page of a window": "/api/memberships?pageSize=3&ModifiedOnStart=1",
    "a page of organizations": "/api/organizations?pageSize=1",
    "a page of positions": "/api/positions?pageSize=1",
    "a page of people": "/api/users?pageSize=1",
}
"""What is read while somebody writes: from it totals, keyset checkpoints and the keys of short lists are remembered."""


@pytest.fixture(autouse=True)
def _short_distances(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """As if every list were millions of rows long; and everybody may ask, at one instant."""
    monkeypatch.setattr(list_cache, "MIN_CHECKPOINT", 2)
    monkeypatch.setattr(list_cache, "MAX_SKIPPED_ROWS", 3)
    monkeypatch.setattr(list_cache, "MIN_CHECKPOINT_DISTANCE", 1)
    monkeypatch.setattr(lateral_pages, "CHECKPOINT_DISTANCE", 4)
    monkeypatch.setattr(authentication, "clock", lambda: NOW)
    settings.PUBLIC_API = True
    settings.TRUSTED_PROXIES = ["127.0.0.1"]


OF_LISTS = re.compile("roster_change|memberships_membership|organizations_")
"""What the statements of a list read; those that find out who asks come before them."""


@contextmanager
def writing_before(statement: int, write: Callable[[], None]) -> Iterator[list[str]]:
    """Let another connection write and commit before that statement of a list. Returns the statements."""
    seen: list[str] = []

    def counted(execute: Any, sql: str, *others: Any) -> Any:
        if OF_LISTS.search(sql):
            seen.append(sql)
            if len(seen) == statement:
                with ThreadPoolExecutor(1) as writers:
                    writers.submit(written, write).result()
        return execute(sql, *others)

    with connection.execute_wrapper(counted):
        yield seen


def written(write: Callable[[], None]) -> None:
    write()
    connection.close()


def first_of_all(sample: SampleData, number: int) -> None:
    """A new first row of every list that any of the callers reads: all others move by one."""
    name = f"{1000 - number}"
    everybody = position(sample.chess_club, name, sample.member_kind)
    membership(sample.amara, everybody, "2025-05-01", flags="CP")
    made = position(organization(name), "Member", sample.member_kind)
    membership(person(f"new.{number}", "New", "Person"), made, "2025-05-01", flags="CP")


def pages(asker: Asker, path: str) -> list[Any]:
    """The totals and the ids of some pages by number, and of the one that the first links to."""
    base = path.partition("&page=")[0]
    first = asker(base)
    answers = [first, *(asker(other) for other in (next_path(first) or base, f"{base}&page=2", f"{base}&page=3"))]
    return [(answer.body["totalItems"], answer.ids) for answer in answers]


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_what_is_read_after_a_write_in_between_is_right(credential: str) -> None:
    sample = SampleData()
    asker = CREDENTIALS[credential](sample)
    written_so_far = 0
    for name, path in READ_FIRST.items():
        if asker(path).status == 403:  # and so that the shape of this request is known
            continue
        statement, last = 1, 2
        while statement <= last:
            written_so_far += 1
            with writing_before(statement, partial(first_of_all, sample, written_so_far)) as seen:
                assert asker(path).status == 200
            last = len(seen)
            found = pages(asker, path)
            list_cache.clear()
            assert found == pages(asker, path), (name, statement, seen)
            statement += 1
        assert last > 1
