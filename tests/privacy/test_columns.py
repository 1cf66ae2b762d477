"""A change of one column is noticed by those alone who may read it: in items, order, totals, headers and differences.

The cases are the columns of the models, each of a row that everybody may see and of one that is withheld. Each is
changed to another valid value, and everybody asks for everything before and after. Whoever notices a change must be
shown a value that is another, and not only a time, a header, a total or a difference.

Changes that an asker does not read are made together: none of them may make any difference. Only where one does, it is
looked for among them.
"""

import copy
import pickle
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from lti.nrps import differences
from memberships.models import Membership
from roster import privacy
from roster.api.views import RosterView
from roster.models import User
from roster.reads import compiled_list
from roster.reads.lru_cache import LRUCache
from tests.privacy.askers import Asker, Question
from tests.privacy.changes import MODELS, Change, Story, made

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(scope="module")
def story_of_the_module(sample_of_the_module: bytes, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    atomic, is_open = transaction.atomic(), override_settings(PUBLIC_API=True)
    with django_db_blocker.unblock(), is_open:
        atomic.__enter__()
        story = Story(pickle.loads(sample_of_the_module))  # noqa: S301 (our own)
    yield story
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def story(story_of_the_module: Story, db: None) -> Iterator[Story]:
    with override_settings(PUBLIC_API=True):
        yield story_of_the_module


def readers(askers: list[Asker], changes: list[Change]) -> dict[int, set[str]]:
    """Who is shown a new value in whole lists when a change is made alone, by the number of the change."""
    found = {}
    for change in changes:
        with made([change]) as tables:
            found[change.number] = {asker.name for asker in askers if asker.reads_change(tables, in_lists=True)}
    return found


def noticed(asker: Asker, changes: list[Change], explained: list[Change]) -> list[Change]:
    """Those that an asker notices without reading them. Where none makes a difference, all are tried at once.

    `explained` are some that others noticed and read, which are tried alone. It is added to.
    """
    alone = [change for change in explained if change in changes]
    found = [change for change in alone if is_noticed_unread(asker, change)]
    rest = [change for change in changes if change not in alone]
    while True:
        with made(rest) as tables:
            question = asker.first_different(tables)
            if question is None:
                return found
            values = asker.all_values()
        unread = [change for change in rest if change.mark.encode() not in values]
        if len(unread) == len(rest):
            change = culprit(question, rest)
            unread.remove(change)
            (found if is_noticed_unread(asker, change) else explained).append(change)
        rest = unread


def is_noticed_unread(asker: Asker, change: Change) -> bool:
    with made([change]) as tables:
        return asker.first_different(tables) is not None and not asker.reads_change(tables)


def culprit(question: Question, changes: list[Change]) -> Change:
    """One of these, all of which together make another answer to a question, that makes it another."""
    while len(changes) > 1:
        half = changes[: len(changes) // 2]
        with made(half):
            changes = half if question.now() != question.before else changes[len(half) :]
    return changes[0]


def test_who_notices_a_change_of_a_column_may_read_it(story: Story) -> None:
    alone = [asker for asker in story.askers if asker.like == asker.name]
    read_by = readers(alone, [change for change in story.changes if not change.is_marked])
    explained: dict[type[Asker], list[Change]] = defaultdict(list)
    found = []
    for asker in story.askers:
        unread = [it for it in story.changes if asker.like not in read_by.get(it.number, ())]
        found += [(asker.name, str(change)) for change in noticed(asker, unread, explained[type(asker)])]
    assert found == []


def test_differences_tell_of_each_whose_row_is_another_once_and_of_nobody_else(story: Story) -> None:
    with made([change for change, _ in story.members]):
        wrong = {tool: tool.wrong_differences() for tool in story.tools}
    assert [
        (tool.name, str(change))
        for tool in story.tools
        for change, user in story.members
        if tool.tool.subject_of(user.pk) in wrong[tool]
    ] == []


def time_for_all(patch: pytest.MonkeyPatch) -> None:
    """The public is shown the time of staff."""
    patch.setattr(privacy, "modification_column", lambda resource, audience: "modified_at")
    patch.setattr(compiled_list, "_list_queries", LRUCache(10))


def header_of_any_change(patch: pytest.MonkeyPatch) -> None:
    """A header discloses every change of people."""
    finalize = RosterView.finalize_response

    def finalized(view: RosterView, *args: Any, **kwargs: Any) -> Any:
        response = finalize(view, *args, **kwargs)
        response["ETag"] = str(User.objects.aggregate(last=Max("modified_at"))["last"])
        return response

    patch.setattr(RosterView, "finalize_response", finalized)


def count_of_all(patch: pytest.MonkeyPatch) -> None:
    """Totals count what is not shown."""
    patch.setattr(
        compiled_list.CompiledList,
        "total",
        lambda *args, **kwargs: Membership.objects.filter(shown_on_campus=True).count(),
    )


def differences_uncompared(patch: pytest.MonkeyPatch) -> None:
    """Everybody who was written since is disclosed, changed or not."""
    patch.setattr(differences, "is_later", lambda *args: True)


@pytest.mark.parametrize(
    "plant, name, column",
    [
        (time_for_all, "public key", "memberships.Membership.reported_end"),
        (header_of_any_change, "anonymous", "roster.User.mobile_phone"),
        (count_of_all, "public key", "memberships.Membership.shown_on_campus withheld"),
        (differences_uncompared, "public tool, none", "roster.User.mobile_phone"),
    ],
)
def test_a_planted_fault_is_noticed(story: Story, plant: Any, name: str, column: str) -> None:
    asker = copy.deepcopy(next(asker for asker in story.askers if asker.name == name))
    change = next(change for change in story.changes if str(change) == column)
    assert noticed(asker, [change], []) == []
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        asker.look()
        assert noticed(asker, [change], []) == [change]


def test_every_model_has_a_row_here(story: Story) -> None:
    assert sorted(row._meta.label for row in story.shown) == sorted(model._meta.label for model in MODELS)
    asked = {table for asker in story.askers for question in asker.questions for table in question.reads}
    assert {model._meta.db_table for model in MODELS} <= asked
