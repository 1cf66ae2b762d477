"""GET /api/memberships/{id}: one membership without an envelope."""

import json

import pytest

from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED_MS, SampleData

pytestmark = pytest.mark.both_databases


def test_the_response_is_one_membership_without_an_envelope(sample: SampleData) -> None:
    answer = ask(sample.reflections_key, f"/api/memberships/{sample.grace_president.pk}", includeReflections="true")
    item = {
        "membershipId": sample.grace_president.pk,
        "organizationId": sample.student_government.pk,
        "organizationName": "Student Government",
        "organizationShortName": "SG",
        "positionTemplateId": sample.president_kind.pk,
        "positionTemplateName": "President",
        "positionTypeId": sample.officer.pk,
        "positionTypeName": "Officer",
        "positionId": sample.sg_president.pk,
        "positionName": "President",
        "userId": sample.grace.pk,
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


def test_the_item_is_the_one_that_the_list_has(sample: SampleData) -> None:
    for key in (sample.public_key, sample.campus_key, sample.staff_key):
        for item in ask(key, "/api/memberships").body["items"]:
            assert json.dumps(ask(key, f"/api/memberships/{item['membershipId']}").body) == json.dumps(item)


def test_a_reflection_is_printed_where_it_is_asked_for_and_may_be_read(sample: SampleData) -> None:
    path = f"/api/memberships/{sample.ben_chair.pk}"

    assert ask(sample.reflections_key, path).body["reflection"] == ""
    assert ask(sample.reflections_key, path, includeReflections="true").body["reflection"].startswith("Every club")
    assert ask(sample.staff_key, path, includeReflections="true").body["reflection"] == ""
    assert ask(sample.campus_key, path, includeReflections="true").body["reflection"] == ""


def test_a_deleted_membership_is_404_unless_the_deleted_are_included(sample: SampleData) -> None:
    path = f"/api/memberships/{sample.farid_deleted.pk}"

    assert ask(sample.staff_key, path).status == 404
    assert ask(sample.staff_key, path, IncludeDeletes="false").status == 404
    assert ask(sample.staff_key, path, IncludeDeletes="true").body["deleted"] is True


def test_including_the_deleted_is_for_staff(sample: SampleData) -> None:
    for membership in (sample.farid_deleted, sample.ben_chair):
        for key in (sample.public_key, sample.campus_key):
            assert ask(key, f"/api/memberships/{membership.pk}", IncludeDeletes="true").status == 403


def test_including_the_deleted_leaves_the_others(sample: SampleData) -> None:
    assert ask(sample.staff_key, f"/api/memberships/{sample.ben_chair.pk}", IncludeDeletes="true").status == 200


@pytest.mark.parametrize("parameter", ["page", "pageSize", "cursor", "userId", "currentMembershipsOnly", "campus"])
def test_no_other_parameters_are_accepted(sample: SampleData, parameter: str) -> None:
    answer = ask(sample.staff_key, f"/api/memberships/{sample.ben_chair.pk}", **{parameter: "1"})

    assert answer.status == 400
    assert list(answer.refused.values()) == [
        "This parameter is not known here. IncludeDeletes, includeReflections are accepted."
    ]


def test_what_an_audience_does_not_see_is_404_like_what_there_is_not(sample: SampleData) -> None:
    unknown = ask(sample.campus_key, "/api/memberships/2147483647")
    unseen = ask(sample.campus_key, f"/api/memberships/{sample.lin_finance.pk}")
    del unknown.body["requestId"], unseen.body["requestId"]

    assert (unknown.status, unseen.status) == (404, 404)
    assert unknown.body == unseen.body
