"""People as their own records have them."""

import datetime as dt
from typing import Any

import pytest

from roster import days
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import CREATED, LAST_DAY, USER, a_user, without

pytestmark = pytest.mark.both_databases

CHANGED = 1_378_128_600_000
WHOLE = {
    "userId": USER,
    "username": "204518",
    "status": "Inactive",
    "lastLogin": LAST_DAY,
    "profilePictureUrl": "https://pictures.example.edu/wexley.jpg",
    "firstName": "Wexley",
    "lastName": "Tran",
    "campusEmail": "wexley.tran@example.edu",
    "preferredEmail": "wex@mail.example.org",
    "cardId": "C0042",
    "mobilePhone": "555-0177",
    "preferredFirstName": {"value": "Wex", "lastModified": CHANGED},
    "middleName": {"value": "Quang", "lastModified": CHANGED + 1},
    "sisId": {"value": "S20451", "lastModified": CHANGED + 2},
    "affiliation": {"value": "Student", "lastModified": CHANGED + 3},
    "enrollmentStatus": {"value": "Full-time", "lastModified": CHANGED + 4},
    "classStanding": {"value": "Junior", "lastModified": CHANGED + 5},
    "primarySchoolOfEnrollment": {"value": "Engineering", "lastModified": CHANGED + 6},
    "customFields": [{"name": "Residence hall", "value": ["Alder House"]}],
    "isConfidential": True,
    "createdOn": CREATED,
    "modifiedOn": CREATED,
}


def test_it_keeps_every_field(run_import: Importer) -> None:
    run_import(WHOLE)

    kept = User.objects.values().get()
    expected = {
        "id": USER,
        "username": "204518",
        "status": "inactive",
        "last_login": days.instant(LAST_DAY),
        "picture_url": "https://pictures.example.edu/wexley.jpg",
        "first_name": "Wexley",
        "last_name": "Tran",
        "campus_email": "wexley.tran@example.edu",
        "preferred_email": "wex@mail.example.org",
        "card_id": "C0042",
        "mobile_phone": "555-0177",
        "preferred_first_name": "Wex",
        "middle_name": "Quang",
        "sis_id": "S20451",
        "affiliation": "Student",
        "enrollment_status": "Full-time",
        "class_standing": "Junior",
        "school": "Engineering",
        "custom_fields": [{"name": "Residence hall", "value": ["Alder House"]}],
        "is_confidential": True,
        "is_staff": False,
        "is_superuser": False,
        "created_at": days.instant(CREATED),
        "username_folded": "204518",
        "name_key": "tran\x01wexley",
        "known_as_key": "tran\x01wex",
        "affiliation_folded": "student",
        "enrollment_status_folded": "full-time",
        "school_folded": "engineering",
        "attribute_times": {
            "preferred_first_name": CHANGED,
            "middle_name": CHANGED + 1,
            "sis_id": CHANGED + 2,
            "affiliation": CHANGED + 3,
            "enrollment_status": CHANGED + 4,
            "class_standing": CHANGED + 5,
            "school": CHANGED + 6,
        },
    }
    assert {column: value for column, value in kept.items() if column not in {"password", "modified_at"}} == expected


def test_nobody_can_sign_in_with_a_password_yet(run_import: Importer) -> None:
    run_import(a_user())

    assert not User.objects.get().has_usable_password()


def test_a_password_that_was_set_here_stays(run_import: Importer) -> None:
    run_import(a_user())
    user = User.objects.get()
    user.set_password("a-made-up-password")
    user.save()

    run_import(a_user(lastName="Tran-Oduya"))

    user = User.objects.get()
    assert user.last_name == "Tran-Oduya"
    assert user.check_password("a-made-up-password")


def test_dated_attributes_may_be_plain(run_import: Importer) -> None:
    run_import(a_user(affiliation="Student", sisId=20451, middleName=None))

    user = User.objects.get()
    assert (user.affiliation, user.sis_id, user.middle_name, user.attribute_times) == ("Student", "20451", "", {})


def test_a_dated_attribute_that_changes_without_a_time_takes_the_time_of_the_import(run_import: Importer) -> None:
    run_import(a_user(affiliation={"value": "Student", "lastModified": CHANGED}, sisId="S1"))
    before = days.milliseconds(dt.datetime.now(dt.UTC))

    run_import(a_user(affiliation={"value": "Alumni", "lastModified": None}, sisId="S1"))

    user = User.objects.get()
    assert user.affiliation_folded == "alumni"
    assert user.attribute_times.keys() == {"affiliation"}
    assert user.attribute_times["affiliation"] >= before


def test_a_time_alone_may_change(run_import: Importer) -> None:
    run_import(a_user(affiliation={"value": "Student", "lastModified": CHANGED}))

    output = run_import(a_user(affiliation={"value": "Student", "lastModified": CHANGED + 1}))

    assert User.objects.get().attribute_times == {"affiliation": CHANGED + 1}
    assert counts(output, "users") == [0, 1, 0, 0]


def test_a_sign_in_never_goes_back(run_import: Importer) -> None:
    run_import(a_user())
    User.objects.update(last_login=days.instant(LAST_DAY))

    run_import(a_user(lastLogin=LAST_DAY - 1))
    run_import(a_user(lastLogin=None))
    assert User.objects.get().last_login == days.instant(LAST_DAY)

    run_import(a_user(lastLogin=LAST_DAY + 1))
    assert User.objects.get().last_login == days.instant(LAST_DAY + 1)


def test_confidential_stays_where_a_record_does_not_tell(run_import: Importer) -> None:
    run_import(a_user(isConfidential=True))

    run_import(a_user(isConfidential=None))
    run_import(a_user())

    assert User.objects.get().is_confidential


def test_an_answer_that_withholds_the_status_takes_nothing_away(run_import: Importer) -> None:
    run_import(WHOLE)
    withheld: dict[str, Any] = {
        **dict.fromkeys(WHOLE, ""),
        **{name: {"value": "", "lastModified": None} for name, value in WHOLE.items() if isinstance(value, dict)},
        "lastLogin": None,
        "createdOn": None,
        "modifiedOn": None,
        "customFields": [],
        **{name: WHOLE[name] for name in ("userId", "username", "firstName", "lastName", "campusEmail")},
    }

    output = run_import(without(withheld, "isConfidential"))

    assert "Nothing has changed" in output


def test_the_spelling_of_a_username_may_change(run_import: Importer) -> None:
    run_import(a_user(username="wtran"))

    run_import(a_user(username="WTran"))

    assert User.objects.values_list("username", "username_folded").get() == ("WTran", "wtran")


def test_unusual_addresses_are_kept_and_reported(run_import: Importer) -> None:
    output = run_import(
        a_user(campusEmail="wexley.tran at example", profilePictureUrl="pictures.example.edu/wexley.jpg")
    )

    user = User.objects.get()
    assert (user.campus_email, user.picture_url) == ("wexley.tran at example", "pictures.example.edu/wexley.jpg")
    assert "Invalid e-mail or web addresses, stored unchanged: 1 in campus_email, 1 in picture_url." in output


@pytest.mark.parametrize(
    "changes, field, sentence",
    [
        ({"userId": None}, "userId", "A whole number from 1 to 2147483647 is needed, not None."),
        ({"userId": True}, "userId", "A whole number from 1 to 2147483647 is needed, not True."),
        ({"username": None}, "username", "It is needed, and this record has none."),
        ({"username": " "}, "username", "A text is needed, not a blank one."),
        ({"username": "w\ntran"}, "username", "A name has no control characters"),
        ({"lastName": "x" * 151}, "lastName", "At most 150 characters are allowed, and this has 151."),
        ({"status": "Gone"}, "status", "One of Active, Inactive, Unregistered is needed, not 'Gone'."),
        ({"sisId": {"value": {}}}, "sisId", "A text is needed, not {}."),
        ({"sisId": {"value": "", "lastModified": "x"}}, "sisId", "Epoch milliseconds or null are needed, not 'x'."),
        ({"isConfidential": 1}, "isConfidential", 'true, false, "True" or "False" is needed, not 1.'),
        ({"campusEmail": "x" * 255}, "campusEmail", "At most 254 characters are allowed"),
        ({"customFields": [{"name": "a\x00"}]}, "customFields", "A text without NUL characters is needed"),
    ],
)
def test_it_refuses(run_import: Importer, changes: dict[str, Any], field: str, sentence: str) -> None:
    refusal = run_import.refused(a_user(**changes))

    assert f"answer-1.json, record 1, {field}: " in refusal
    assert sentence in refusal
    assert not User.objects.exists()
