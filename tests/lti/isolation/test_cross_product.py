"""What one side holds opens nothing of another: every way to try it, between all sides."""

from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from lti.models import ServiceKey
from tests.lti.isolation.attempts import WAYS
from tests.lti.isolation.tenants import Tenant
from tests.lti.ltik.ltik_api import launch_of, ltik_of, refusal, request_with_ltik, request_with_service_key
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

REFUSED = {400, 401, 403, 404}


@pytest.mark.parametrize("way", WAYS)
def test_it_opens_what_is_ones_own_and_nothing_else(sides: list[Tenant], no_requests: list[Any], way: str) -> None:
    everybody = {user_id for mine, theirs in product(sides, repeat=2) for user_id in mine.knows(theirs)}
    wrong = []
    for mine, theirs in product(sides, repeat=2):
        answer = WAYS[way].try_it(mine, theirs)
        disclosed = {user_id for user_id in everybody if user_id in str(answer.body)}
        if WAYS[way].opens(mine, theirs):
            is_right = answer.status in {200, 201} and disclosed <= set(mine.knows(theirs))
        else:
            is_right = answer.status in REFUSED and disclosed == set()
        if not is_right:
            wrong.append((mine.name, theirs.name, answer.status, disclosed))

    assert wrong == []
    assert no_requests == []


def test_an_ltik_tells_who_launched(sides: list[Tenant]) -> None:
    disclosed = [request_with_ltik(side.ltik, side.key, "/api/idtoken").body for side in sides]

    assert [one["user"]["id"] for one in disclosed] == [side.tool.subject_of(side.launch.user_id) for side in sides]
    assert [one["launch"]["id"] for one in disclosed] == [str(side.launch.uuid) for side in sides]


def test_revoking_one_launch_ends_no_other(sides: list[Tenant]) -> None:
    for revoked in sides:
        revoked.launch.revoke(on=timezone.now())
        statuses = [request_with_ltik(side.ltik, side.key).status for side in sides]
        revoked.launch.revoked_at = None
        revoked.launch.save()

        assert statuses == [401 if side is revoked else 200 for side in sides]


def test_a_launch_where_the_tool_is_used_no_more_opens_nothing(sample: SampleData, sides: list[Tenant]) -> None:
    for side in sides:
        launch = launch_of(sample.ben, sample.finance_committee, side.link.deployment)

        assert refusal(request_with_ltik(ltik_of(launch), side.key)) == (401, "INVALID_LTIK")


def test_revoking_a_service_key_ends_no_other(sides: list[Tenant]) -> None:
    for revoked in sides:
        row = ServiceKey.of_launch(revoked.launch)
        assert row
        ServiceKey.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
        statuses = [request_with_service_key(side.service_key, side.key).status for side in sides]
        ServiceKey.objects.filter(pk=row.pk).update(revoked_at=None)

        assert statuses == [401 if side.service_key == revoked.service_key else 200 for side in sides]


def test_launches_have_one_service_key_if_they_are_of_one_tool_in_one_organization(sides: list[Tenant]) -> None:
    for mine, theirs in product(sides, repeat=2):
        is_shared = mine.tool == theirs.tool and mine.organization == theirs.organization

        assert (mine.service_key == theirs.service_key) == is_shared
