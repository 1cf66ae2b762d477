"""GET /api/memberships/{id}: one bare membership."""

import json

import pytest

from tests.cast import CREATED_MS, MODIFIED_MS, Cast
from tests.client import ask

pytestmark = pytest.mark.both_databases


def test_it_answers_a_bare_membership(cast: Cast) -> None:
    answer = ask(cast.reflections_key, f"/api/memberships/{cast.grace_president.pk}", includeReflections="true")
    item = {
        "membershipId": cast.grace_president.pk,
        "organizationId": cast.student_government.pk,
        "organizationName": "Student Government",
        "organizationShortName": "SG",
        "positionTemplateId": cast.president_kind.pk,
        "positionTemplateName": "President",
        "positionTypeId": cast.officer.pk,
        "positionTypeName": "Officer",
        "positionId": cast.sg_president.pk,
        "positionName": "President",
        "userId": cast.grace.pk,
        "username": "grace.thornbury",
        "userFirstName": "Grace",
        "userLastName": "Thornbury",
        "userCampusEmail": "grace.thornbury@example.edu",
        "positionRecordedStartDate": 1_622_520_000_000,  # 2021-06-01 00:00 in New York
        "positionRecordedEndDate": 1_653_969_600_000,
        "positionReportedStartDate": 1_621_051_200_000,
        "positionReportedEndDate": None,
        "reflection": "",
        "userShownOnCampusRoster": True,
        "userShownOnPublicRoster": True,
        "deleted": False,
        "createdOn": CREATED_MS,
        "modifiedOn": MODIFIED_MS,
    }

    assert answer.status == 200
    assert json.dumps(answer.body) == json.dumps(item)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_the_item_is_the_one_that_the_list_has(cast: Cast) -> None:
    for key in (cast.public_key, cast.campus_key, cast.staff_key):
        for item in ask(key, "/api/memberships").body["items"]:
            assert json.dumps(ask(key, f"/api/memberships/{item['membershipId']}").body) == json.dumps(item)


def test_a_reflection_is_printed_where_it_is_asked_for_and_may_be_read(cast: Cast) -> None:
    path = f"/api/memberships/{cast.ben_chair.pk}"

    assert ask(cast.reflections_key, path).body["reflection"] == ""
    assert ask(cast.reflections_key, path, includeReflections="true").body["reflection"].startswith("Every club")
    assert ask(cast.staff_key, path, includeReflections="true").body["reflection"] == ""
    assert ask(cast.campus_key, path, includeReflections="true").body["reflection"] == ""


def test_a_deleted_membership_is_404_unless_the_deleted_are_included(cast: Cast) -> None:
    path = f"/api/memberships/{cast.farid_deleted.pk}"

    assert ask(cast.staff_key, path).status == 404
    assert ask(cast.staff_key, path, IncludeDeletes="false").status == 404
    assert ask(cast.staff_key, path, IncludeDeletes="true").body["deleted"] is True


def test_including_the_deleted_is_for_staff(cast: Cast) -> None:
    for membership in (cast.farid_deleted, cast.ben_chair):
        for key in (cast.public_key, cast.campus_key):
            assert ask(key, f"/api/memberships/{membership.pk}", IncludeDeletes="true").status == 403


def test_including_the_deleted_leaves_the_others(cast: Cast) -> None:
    assert ask(cast.staff_key, f"/api/memberships/{cast.ben_chair.pk}", IncludeDeletes="true").status == 200


@pytest.mark.parametrize("parameter", ["page", "pageSize", "cursor", "userId", "currentMembershipsOnly", "campus"])
def test_no_other_parameters_are_accepted(cast: Cast, parameter: str) -> None:
    answer = ask(cast.staff_key, f"/api/memberships/{cast.ben_chair.pk}", **{parameter: "1"})

    assert answer.status == 400
    assert list(answer.refused.values()) == [
        "This parameter is not known here. IncludeDeletes, includeReflections are accepted."
    ]


def test_what_an_audience_does_not_see_is_404_like_what_there_is_not(cast: Cast) -> None:
    unknown = ask(cast.campus_key, "/api/memberships/2147483647")
    unseen = ask(cast.campus_key, f"/api/memberships/{cast.lin_finance.pk}")
    del unknown.body["requestId"], unseen.body["requestId"]

    assert (unknown.status, unseen.status) == (404, 404)
    assert unknown.body == unseen.body
