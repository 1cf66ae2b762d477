"""GET /api/users/{id}: one user without an envelope."""

import json

import pytest

from roster.models import User
from roster.unsupported_fields import EMPTY_USER_FIELDS
from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED_MS, SampleData

pytestmark = pytest.mark.both_databases


def test_the_response_is_one_user_without_an_envelope(sample: SampleData) -> None:
    empty = {"value": "", "lastModified": None}
    dated = {name: {"value": name, "lastModified": CREATED_MS} for name in ("Student", "Full-time", "S732532")}
    answer = ask(sample.staff_key, f"/api/users/{sample.marisol.pk}")

    assert answer.status == 200
    assert json.dumps(answer.body) == json.dumps(
        {
            "userId": sample.marisol.pk,
            "username": "marisol.quinones",
            "status": "Active",
            "lastLogin": None,
            "profilePictureUrl": "",
            "firstName": "Marisol",
            "lastName": "Quiñones",
            "campusEmail": "marisol.quinones@example.edu",
            "preferredEmail": "",
            "cardId": "C004544",
            "mobilePhone": "",
            "preferredFirstName": empty,
            "middleName": empty,
            "sisId": dated["S732532"],
            "affiliation": dated["Student"],
            "enrollmentStatus": dated["Full-time"],
            "classStanding": empty,
            "primarySchoolOfEnrollment": {"value": "Arts and Sciences", "lastModified": CREATED_MS},
            "customFields": [],
            "createdOn": CREATED_MS,
            "modifiedOn": MODIFIED_MS,
            "isConfidential": True,
            **EMPTY_USER_FIELDS,
        }
    )


def test_the_item_is_the_one_that_the_list_has(sample: SampleData) -> None:
    for key in (sample.campus_key, sample.staff_key, sample.limited_staff_key):
        for item in ask(key, "/api/users").body["items"]:
            assert json.dumps(ask(key, f"/api/users/{item['userId']}").body) == json.dumps(item)


def test_no_parameters_are_accepted(sample: SampleData) -> None:
    answer = ask(sample.staff_key, f"/api/users/{sample.ben.pk}", username="benjamin.whitlock")

    assert (answer.status, answer.refused) == (400, {"username": "No parameters are accepted here."})


def test_who_is_not_seen_is_404_like_who_is_not_there(sample: SampleData) -> None:
    unknown = ask(sample.campus_key, "/api/users/2147483647")
    unseen = [ask(sample.campus_key, f"/api/users/{user.pk}") for user in (sample.marisol, sample.nadia)]
    for answer in (unknown, *unseen):
        del answer.body["requestId"]

    assert [answer.status for answer in (unknown, *unseen)] == [404, 404, 404]
    assert [answer.body for answer in unseen] == [unknown.body] * 2


def test_the_public_is_refused_whether_somebody_is_there_or_not(sample: SampleData) -> None:
    assert ask(sample.public_key, f"/api/users/{sample.ben.pk}").status == 403
    assert ask(sample.public_key, "/api/users/2147483647").status == 403


def test_only_who_may_read_when_the_account_was_made_reads_it_of_a_text_that_never_changed(sample: SampleData) -> None:
    User.objects.filter(pk=sample.ben.pk).update(middle_name="Ode", attribute_times={"middle_name": CREATED_MS + 1})
    for asker in (sample.campus_key, sample.nadia):
        amara = ask(asker, f"/api/users/{sample.amara.pk}").body
        ben = ask(asker, f"/api/users/{sample.ben.pk}").body
        assert amara["middleName"] == {"value": "Ngozi", "lastModified": None}
        assert ben["preferredFirstName"] == {"value": "Ben", "lastModified": None}
        assert ben["middleName"] == {"value": "Ode", "lastModified": CREATED_MS + 1}
    assert ask(sample.staff_key, f"/api/users/{sample.amara.pk}").body["middleName"]["lastModified"] == CREATED_MS
