"""Whatever makes somebody known or unknown shows up in the differences, and tells no more than that they are gone."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.utils import timezone

from lti.models import Deployment, Tool
from memberships.models import Membership
from organizations.models import Organization, Position
from roster.models import User
from tests.lti.privacy import oracle
from tests.lti.privacy.asking import ALL, Asking, followed, tokens
from tests.lti.privacy.campus import Member, SampleGroup
from tests.lti.privacy.oracle import Row, ToolAccess
from tests.lti.tools import links

TOOLS = [
    ToolAccess("campus", "all"),
    ToolAccess("campus", "none", True),
    ToolAccess("public", "all", True),
    ToolAccess("public", "none"),
]


def same(it: Any) -> Any:
    return it


@dataclass(frozen=True)
class Change:
    """What is done in the database, and what it means: for a member, for the tool."""

    do: Callable[[Asking], object]
    to_member: Callable[[Member], Member] = same
    to_tool: Callable[[ToolAccess], ToolAccess] = same


def presidents(asking: Asking) -> Any:
    """The memberships in the second position, which those have who have two."""
    return Membership.objects.filter(position__organization=asking.group.row, position__name__endswith="001pn")


def of_presidents(**changes: Any) -> Callable[[Member], Member]:
    def changed(member: Member) -> Member:
        return Member(member.person, tuple(replace(it, **changes) if it.place else it for it in member.holdings))

    return changed


def every_other(asking: Asking) -> Any:
    return User.objects.filter(pk__in=[it.person.id for it in asking.group.members if it.person.number % 2])


def with_flag(value: bool) -> Callable[[Member], Member]:
    def changed(member: Member) -> Member:
        is_meant = member.person.number % 2
        return Member(replace(member.person, is_confidential=value), member.holdings) if is_meant else member

    return changed


def of_tool(**changes: Any) -> Callable[[Asking], object]:
    return lambda asking: Tool.objects.filter(pk=asking.tool.pk).update(**changes)


CHANGES = {
    "hidden from all": Change(
        lambda asking: presidents(asking).update(shown_on_campus=False, shown_on_public=False),
        of_presidents(on_campus=False, to_public=False),
    ),
    "hidden from the campus": Change(
        lambda asking: presidents(asking).update(shown_on_campus=False), of_presidents(on_campus=False)
    ),
    "hidden from the public": Change(
        lambda asking: presidents(asking).update(shown_on_public=False), of_presidents(to_public=False)
    ),
    "shown to all": Change(
        lambda asking: presidents(asking).update(shown_on_campus=True, shown_on_public=True),
        of_presidents(on_campus=True, to_public=True),
    ),
    "deleted": Change(lambda asking: presidents(asking).delete(), of_presidents(is_deleted=True)),
    "restored": Change(lambda asking: presidents(asking).restore(), of_presidents(is_deleted=False)),
    "confidential": Change(lambda asking: every_other(asking).update(is_confidential=True), with_flag(True)),
    "not confidential": Change(lambda asking: every_other(asking).update(is_confidential=False), with_flag(False)),
    "public audience": Change(of_tool(audience="public"), to_tool=lambda access: replace(access, audience="public")),
    "campus audience": Change(of_tool(audience="campus"), to_tool=lambda access: replace(access, audience="campus")),
    "less disclosure": Change(of_tool(disclosure="name"), to_tool=lambda access: replace(access, disclosure="name")),
    "no consent": Change(
        lambda asking: Deployment.objects.filter(tool=asking.tool).update(tells_bare_members=False),
        to_tool=lambda access: replace(access, has_consent=False),
    ),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("access", TOOLS, ids=str)
def test_who_became_known_or_unknown_is_disclosed_as_new_or_as_gone(
    group: SampleGroup, access: ToolAccess, change: Change
) -> None:
    asking = Asking(access, group)
    for model in (Tool, Deployment, Membership, User, Position, Organization):
        model.objects.update(modified_at=timezone.now() - dt.timedelta(days=1))
    since = links(asking.by_service(limit=ALL))["differences"]
    asking.answers.clear()

    change.do(asking)

    expected = reports(asking, change)
    again = asking.by_service(f"{since}&limit={ALL}")
    for reported in (
        again.body["members"],
        asking.by_service(f"{since}&limit={ALL}").body["members"],
        followed(asking, since),
    ):
        assert reported == expected
    assert asking.by_service(links(again)["differences"]).body["members"] == []
    assert asking.shown <= tokens(expected) | group.tokens


def reports(asking: Asking, change: Change) -> list[Row]:
    """What is reported, in order: those of whom the tool reads something else than before, and nobody else."""
    access, expected = asking.access, []
    for member in asking.group.members:
        before, now = oracle.row(access, member), oracle.row(change.to_tool(access), change.to_member(member))
        user_id = asking.id_of(member)
        if now and now != before:
            expected.append({**now, "user_id": user_id})
        elif before and not now:
            expected.append({"status": "Deleted", "user_id": user_id, "roles": []})
    return expected


@pytest.mark.parametrize("access", TOOLS, ids=str)
def test_an_organization_that_was_hidden_tells_nothing_any_more(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    since = links(asking.by_service(limit=ALL))["differences"]
    asking.answers.clear()
    Organization.objects.filter(pk=group.row.pk).update(directory_visibility="hidden")

    answers = [asking.by_service(since), asking.by_service(), asking.by_door(url=since), asking.by_door()]
    answers += [asking.by_job(url=since), asking.by_job()]

    assert [answer.status for answer in answers] == [404, 404, 401, 401, 401, 401]
    assert asking.shown == set()
