"""GET /api/users: the envelope, the items, their order, and what each parameter narrows to."""

import datetime as dt
import json
from typing import Any

import pytest

from roster.models import User
from roster.unsupported_fields import EMPTY_USER_FIELDS
from tests.client import ask
from tests.sample_data import CREATED, CREATED_MS, MODIFIED, MODIFIED_MS, SampleData, membership, person

pytestmark = pytest.mark.both_databases


def ids(sample: SampleData, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(sample.staff_key, "/api/users", **parameters).ids


def dated(value: str, changed: int | None = CREATED_MS) -> dict[str, Any]:
    """A value wrapped with the time of its last change."""
    return {"value": value, "lastModified": changed}


EMPTY = dated("", None)


def test_it_answers_an_envelope_of_items(sample: SampleData) -> None:
    times = {"sis_id": 1_700_000_000_000}
    User.objects.filter(pk=sample.amara.pk).update(attribute_times=times, modified_at=MODIFIED)
    item = {
        "userId": sample.amara.pk,
        "username": "amara.okafor",
        "status": "Active",
        "lastLogin": 1_745_848_800_000,
        "profilePictureUrl": "https://www.example.edu/pictures/amara.okafor.jpg",
        "firstName": "Amara",
        "lastName": "Okafor",
        "campusEmail": "amara.okafor@example.edu",
        "preferredEmail": "amara@mail.example.org",
        "cardId": "C004100",
        "mobilePhone": "555-0120",
        "preferredFirstName": EMPTY,
        "middleName": dated("Ngozi"),
        "sisId": dated("S730000", 1_700_000_000_000),
        "affiliation": dated("Student"),
        "enrollmentStatus": dated("Full-time"),
        "classStanding": dated("Senior"),
        "primarySchoolOfEnrollment": dated("Arts and Sciences"),
        "customFields": [{"name": "Residence hall", "value": ["Alder House"]}],
        "createdOn": CREATED_MS,
        "modifiedOn": MODIFIED_MS,
        "isConfidential": False,
        **EMPTY_USER_FIELDS,
    }
    answer = ask(sample.staff_key, "/api/users", username="AMARA.okafor")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.dumps(answer.body) == json.dumps(
        {"pageNumber": 1, "pageSize": 100, "totalItems": 1, "totalPages": 1, "items": [item]}
    )


def test_campus_reads_names_e_mail_and_picture_and_the_rest_is_empty(sample: SampleData) -> None:
    (item,) = ask(sample.campus_key, "/api/users", username="benjamin.whitlock").body["items"]

    assert json.dumps(item) == json.dumps(
        {
            "userId": sample.ben.pk,
            "username": "benjamin.whitlock",
            "status": "",
            "lastLogin": None,
            "profilePictureUrl": "",
            "firstName": "Ben",
            "lastName": "Whitlock",
            "campusEmail": "benjamin.whitlock@example.edu",
            "preferredEmail": "",
            "cardId": "",
            "mobilePhone": "",
            "preferredFirstName": dated("Ben", None),
            **dict.fromkeys(("middleName", "sisId", "affiliation", "enrollmentStatus", "classStanding"), EMPTY),
            "primarySchoolOfEnrollment": EMPTY,
            "customFields": [],
            "createdOn": None,
            "modifiedOn": None,
        }
    )


def test_staff_read_the_first_name_on_record_beside_the_preferred_one(sample: SampleData) -> None:
    (item,) = ask(sample.staff_key, "/api/users", username="benjamin.whitlock").body["items"]

    assert (item["firstName"], item["preferredFirstName"]["value"]) == ("Benjamin", "Ben")


def test_people_come_by_search_key_of_last_and_first_name_and_id(sample: SampleData) -> None:
    twins = [person(username, "Éva", "OKAFOR") for username in ("eva.1", "eva.2")]
    upper = person("amara.2", "AMARA", "okafor")

    assert ids(sample) == [
        *(sample.jolene.pk, sample.dalia.pk, sample.chloe.pk, sample.nadia.pk, sample.farid.pk, sample.eun_ji.pk),
        *(sample.kofi.pk, sample.hana.pk, sample.amara.pk, upper.pk, *(twin.pk for twin in twins), sample.ignacio.pk),
        *(sample.marisol.pk, sample.grace.pk, sample.ben.pk, sample.lin.pk),
    ]


def test_each_audience_orders_by_the_first_name_it_reads(sample: SampleData) -> None:
    zoe = person("zoe", "Aaron", "Whitlock", preferred_first_name="Zoë")
    membership(zoe, sample.chess_member, "2025-01-01")

    assert ids(sample)[-3:] == [zoe.pk, sample.ben.pk, sample.lin.pk]
    assert ask(sample.campus_key, "/api/users").ids[-2:] == [sample.ben.pk, zoe.pk]


def test_user_id_is_exact(sample: SampleData) -> None:
    assert ids(sample, userId=sample.nadia.pk) == [sample.nadia.pk]
    assert ids(sample, userId=0) == []


@pytest.mark.parametrize("username", ["nadia.farouk", "Nadia.Farouk", "NADIA.FAROUK"])
def test_username_is_exact_in_any_case(sample: SampleData, username: str) -> None:
    person("nadia.farouk2", "Nadia", "Farouk")

    assert ids(sample, username=username) == [sample.nadia.pk]


@pytest.mark.parametrize("username", ["", " ", "nadia", "nadia.farouk.", "%"])
def test_a_blank_or_unknown_username_is_an_empty_envelope(sample: SampleData, username: str) -> None:
    answer = ask(sample.staff_key, "/api/users", username=username)

    assert (answer.status, answer.body["totalItems"], answer.ids) == (200, 0, [])


@pytest.mark.parametrize("parameter, value", [("cardId", "C004137"), ("sisId", "S730211")])
def test_ids_of_other_systems_are_exact(sample: SampleData, parameter: str, value: str) -> None:
    assert ids(sample, **{parameter: value}) == [sample.ben.pk]
    for near in (value.lower(), value[:-1], value + "0", f"{value[0]} {value[1:]}", "%"):
        assert ids(sample, **{parameter: near}) == []


@pytest.mark.parametrize("word", ["Staff", "staff", "STÁFF"])
def test_affiliation_is_the_whole_word_in_any_case(sample: SampleData, word: str) -> None:
    person("near", "A", "Near", affiliation="Staff emeritus")

    assert ids(sample, affiliation=word) == [sample.jolene.pk]


def test_enrollment_status_is_the_whole_word_in_any_case(sample: SampleData) -> None:
    assert ids(sample, enrollmentStatus="part-TIME") == [sample.eun_ji.pk, sample.lin.pk]
    assert ids(sample, enrollmentStatus="part") == []


@pytest.mark.parametrize("parameter", ["SchoolOfEnrollment", "primarySchoolOfEnrollment", "schoolofenrollment"])
def test_the_school_is_asked_for_by_either_name(sample: SampleData, parameter: str) -> None:
    assert ids(sample, **{parameter: "nursing"}) == [sample.nadia.pk, sample.hana.pk]
    assert ids(sample, **{parameter: "nurs"}) == []


def test_both_names_of_the_school_combine_with_and(sample: SampleData) -> None:
    assert ids(sample, SchoolOfEnrollment="nursing", primarySchoolOfEnrollment="business") == []


@pytest.mark.parametrize("label, name", [("Inactive", "grace"), ("unregistered", "kofi")])
def test_status_is_one_of_a_list_in_any_case(sample: SampleData, label: str, name: str) -> None:
    assert ids(sample, status=label) == [getattr(sample, name).pk]


def test_another_status_is_refused_with_the_list(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/users", status="retired")

    assert answer.refused == {"status": "One of Active, Inactive, Unregistered is accepted."}


def test_created_from_the_start_until_before_the_end(sample: SampleData) -> None:
    User.objects.filter(pk=sample.ben.pk).update(created_at=CREATED + dt.timedelta(seconds=5))
    later = CREATED_MS + 5_000

    assert ids(sample, CreatedOnStart=later) == [sample.ben.pk]
    assert ids(sample, CreatedOnStart=later, CreatedOnEnd=later + 1) == [sample.ben.pk]
    assert ids(sample, CreatedOnStart=later, CreatedOnEnd=later) == []
    assert ids(sample, CreatedOnStart=later + 1) == []
    assert sample.ben.pk not in ids(sample, CreatedOnEnd=later)
    assert len(ids(sample, CreatedOnEnd=later)) == 13


def test_different_parameters_combine_with_and(sample: SampleData) -> None:
    assert ids(sample, affiliation="student", SchoolOfEnrollment="engineering", enrollmentStatus="full-time") == [
        sample.dalia.pk
    ]


def test_staff_are_answered_the_keys_that_typed_clients_read_and_others_are_not(sample: SampleData) -> None:
    wrapped = {"value": "", "lastModified": None}
    plain = {"legalFirstName": "", "homeStreet1": "", "abroadPostalCode": "", "localPhone": ""}
    known = {**plain, **dict.fromkeys(("sex", "ethnicity", "international", "transfer", "major", "suffix"), wrapped)}
    known["dateOfBirth"] = {"value": None, "lastModified": None}
    for item in ask(sample.staff_key, "/api/users").body["items"]:
        assert {name: item[name] for name in known} == known
        assert len(EMPTY_USER_FIELDS) == 61
        assert list(item)[-61:] == list(EMPTY_USER_FIELDS)
    for item in ask(sample.campus_key, "/api/users").body["items"]:
        assert not EMPTY_USER_FIELDS.keys() & item.keys()
