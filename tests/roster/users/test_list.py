"""GET /api/users: the envelope, the items, their order, and what each parameter narrows to."""

import datetime as dt
import json
from typing import Any

import pytest

from roster.always_empty import OF_A_USER
from roster.models import User
from tests.cast import CREATED, CREATED_MS, MODIFIED, MODIFIED_MS, Cast, membership, person
from tests.client import ask

pytestmark = pytest.mark.both_databases


def ids(cast: Cast, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(cast.staff_key, "/api/users", **parameters).ids


def dated(value: str, changed: int | None = CREATED_MS) -> dict[str, Any]:
    """A value wrapped with the time of its last change."""
    return {"value": value, "lastModified": changed}


EMPTY = dated("", None)


def test_it_answers_an_envelope_of_items(cast: Cast) -> None:
    times = {"sis_id": 1_700_000_000_000}
    User.objects.filter(pk=cast.amara.pk).update(attribute_times=times, modified_at=MODIFIED)
    item = {
        "userId": cast.amara.pk,
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
        **OF_A_USER,
    }
    answer = ask(cast.staff_key, "/api/users", username="AMARA.okafor")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.dumps(answer.body) == json.dumps(
        {"pageNumber": 1, "pageSize": 100, "totalItems": 1, "totalPages": 1, "items": [item]}
    )


def test_campus_reads_names_e_mail_and_picture_and_the_rest_is_empty(cast: Cast) -> None:
    (item,) = ask(cast.campus_key, "/api/users", username="benjamin.whitlock").body["items"]

    assert json.dumps(item) == json.dumps(
        {
            "userId": cast.ben.pk,
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


def test_staff_read_the_first_name_on_record_beside_the_preferred_one(cast: Cast) -> None:
    (item,) = ask(cast.staff_key, "/api/users", username="benjamin.whitlock").body["items"]

    assert (item["firstName"], item["preferredFirstName"]["value"]) == ("Benjamin", "Ben")


def test_people_come_by_folded_last_name_first_name_and_id(cast: Cast) -> None:
    twins = [person(username, "Éva", "OKAFOR") for username in ("eva.1", "eva.2")]
    upper = person("amara.2", "AMARA", "okafor")

    assert ids(cast) == [
        *(cast.jolene.pk, cast.dalia.pk, cast.chloe.pk, cast.nadia.pk, cast.farid.pk, cast.eun_ji.pk),
        *(cast.kofi.pk, cast.hana.pk, cast.amara.pk, upper.pk, *(twin.pk for twin in twins), cast.ignacio.pk),
        *(cast.marisol.pk, cast.grace.pk, cast.ben.pk, cast.lin.pk),
    ]


def test_each_audience_orders_by_the_first_name_it_reads(cast: Cast) -> None:
    zoe = person("zoe", "Aaron", "Whitlock", preferred_first_name="Zoë")
    membership(zoe, cast.chess_member, "2025-01-01")

    assert ids(cast)[-3:] == [zoe.pk, cast.ben.pk, cast.lin.pk]
    assert ask(cast.campus_key, "/api/users").ids[-2:] == [cast.ben.pk, zoe.pk]


def test_user_id_is_exact(cast: Cast) -> None:
    assert ids(cast, userId=cast.nadia.pk) == [cast.nadia.pk]
    assert ids(cast, userId=0) == []


@pytest.mark.parametrize("username", ["nadia.farouk", "Nadia.Farouk", "NADIA.FAROUK"])
def test_username_is_exact_in_any_case(cast: Cast, username: str) -> None:
    person("nadia.farouk2", "Nadia", "Farouk")

    assert ids(cast, username=username) == [cast.nadia.pk]


@pytest.mark.parametrize("username", ["", " ", "nadia", "nadia.farouk.", "%"])
def test_a_blank_or_unknown_username_is_an_empty_envelope(cast: Cast, username: str) -> None:
    answer = ask(cast.staff_key, "/api/users", username=username)

    assert (answer.status, answer.body["totalItems"], answer.ids) == (200, 0, [])


@pytest.mark.parametrize("parameter, value", [("cardId", "C004137"), ("sisId", "S730211")])
def test_ids_of_other_systems_are_exact(cast: Cast, parameter: str, value: str) -> None:
    assert ids(cast, **{parameter: value}) == [cast.ben.pk]
    for near in (value.lower(), value[:-1], value + "0", f"{value[0]} {value[1:]}", "%"):
        assert ids(cast, **{parameter: near}) == []


@pytest.mark.parametrize("word", ["Staff", "staff", "STÁFF"])
def test_affiliation_is_the_whole_word_in_any_case(cast: Cast, word: str) -> None:
    person("near", "A", "Near", affiliation="Staff emeritus")

    assert ids(cast, affiliation=word) == [cast.jolene.pk]


def test_enrollment_status_is_the_whole_word_in_any_case(cast: Cast) -> None:
    assert ids(cast, enrollmentStatus="part-TIME") == [cast.eun_ji.pk, cast.lin.pk]
    assert ids(cast, enrollmentStatus="part") == []


@pytest.mark.parametrize("parameter", ["SchoolOfEnrollment", "primarySchoolOfEnrollment", "schoolofenrollment"])
def test_the_school_is_asked_for_by_either_name(cast: Cast, parameter: str) -> None:
    assert ids(cast, **{parameter: "nursing"}) == [cast.nadia.pk, cast.hana.pk]
    assert ids(cast, **{parameter: "nurs"}) == []


def test_both_names_of_the_school_combine_with_and(cast: Cast) -> None:
    assert ids(cast, SchoolOfEnrollment="nursing", primarySchoolOfEnrollment="business") == []


@pytest.mark.parametrize("label, name", [("Inactive", "grace"), ("unregistered", "kofi")])
def test_status_is_one_of_a_list_in_any_case(cast: Cast, label: str, name: str) -> None:
    assert ids(cast, status=label) == [getattr(cast, name).pk]


def test_another_status_is_refused_with_the_list(cast: Cast) -> None:
    answer = ask(cast.staff_key, "/api/users", status="retired")

    assert answer.refused == {"status": "One of Active, Inactive, Unregistered is accepted."}


def test_created_from_the_start_until_before_the_end(cast: Cast) -> None:
    User.objects.filter(pk=cast.ben.pk).update(created_at=CREATED + dt.timedelta(seconds=5))
    later = CREATED_MS + 5_000

    assert ids(cast, CreatedOnStart=later) == [cast.ben.pk]
    assert ids(cast, CreatedOnStart=later, CreatedOnEnd=later + 1) == [cast.ben.pk]
    assert ids(cast, CreatedOnStart=later, CreatedOnEnd=later) == []
    assert ids(cast, CreatedOnStart=later + 1) == []
    assert cast.ben.pk not in ids(cast, CreatedOnEnd=later)
    assert len(ids(cast, CreatedOnEnd=later)) == 13


def test_different_parameters_combine_with_and(cast: Cast) -> None:
    assert ids(cast, affiliation="student", SchoolOfEnrollment="engineering", enrollmentStatus="full-time") == [
        cast.dalia.pk
    ]


def test_staff_are_answered_the_keys_that_typed_clients_read_and_others_are_not(cast: Cast) -> None:
    wrapped = {"value": "", "lastModified": None}
    plain = {"legalFirstName": "", "homeStreet1": "", "abroadPostalCode": "", "localPhone": ""}
    known = {**plain, **dict.fromkeys(("sex", "ethnicity", "international", "transfer", "major", "suffix"), wrapped)}
    known["dateOfBirth"] = {"value": None, "lastModified": None}
    for item in ask(cast.staff_key, "/api/users").body["items"]:
        assert {name: item[name] for name in known} == known
        assert len(OF_A_USER) == 61
        assert list(item)[-61:] == list(OF_A_USER)
    for item in ask(cast.campus_key, "/api/users").body["items"]:
        assert not OF_A_USER.keys() & item.keys()
