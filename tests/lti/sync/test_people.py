"""Whom of the campus a member of a course is: by SIS id, by e-mail address, by what was known before, never by name."""

from typing import Any

import pytest

from lti.models import CourseLink
from lti.sync.matching import AMBIGUOUS, NO_IDENTIFIER, NO_MATCH, Account, Match, Matcher
from tests.lti.sync.members import member

SIS_ID_OR_EMAIL, SIS_ID, EMAIL = CourseLink.Matching

AMARA = Account(1, "S730000", "amara.okafor@example.edu", "active")
BEN = Account(2, "S730211", "benjamin.whitlock@example.edu", "active")
KOFI = Account(3, "", "kofi@example.edu", "unregistered")
GRACE = Account(4, "S720000", "grace@example.edu", "inactive")
ACCOUNTS = [AMARA, BEN, KOFI, GRACE]


def found(
    *accounts: Account, known: dict[str, Match] | None = None, by: str = SIS_ID_OR_EMAIL, **fields: Any
) -> object:
    """Who it is that the LMS knows by the id 7 and tells this of."""
    match = Matcher(accounts or ACCOUNTS, known or {}, by).find(member("7", **fields))
    return match if isinstance(match, str) else match.account


def test_the_sis_id_finds() -> None:
    assert found(lis_person_sourcedid="S730000") == AMARA


def test_the_sis_id_comes_before_the_email() -> None:
    assert found(lis_person_sourcedid="S730000", email=BEN.campus_email) == AMARA


def test_a_sis_id_is_compared_to_the_letter() -> None:
    assert found(lis_person_sourcedid="s730000") == NO_MATCH


@pytest.mark.parametrize(
    "email", ["amara.okafor@example.edu", "Amara.OKAFOR@Example.EDU", " amara.okafor@example.edu "]
)
def test_the_email_finds_without_regard_to_case(email: str) -> None:
    assert found(email=email) == AMARA


@pytest.mark.parametrize(
    "kept, fields",
    [
        ("ZOÉ@example.edu", "zoé@example.edu"),
        ("ÅSA@example.edu", "a\N{COMBINING RING ABOVE}sa@EXAMPLE.edu"),  # the same letters, composed and not
        ("STRAUẞ@example.edu", "strauß@example.edu"),
    ],
)
def test_an_email_finds_in_other_letter_case(kept: str, fields: str) -> None:
    account = Account(5, "", kept, "active")

    assert found(account, email=fields) == account


@pytest.mark.parametrize(
    "kept, fields",
    [
        ("jose@example.edu", "josé@example.edu"),
        ("strauss@example.edu", "strauß@example.edu"),
        ("fiona@example.edu", "ﬁona@example.edu"),
        ("ivan@example.edu", "ıvan@example.edu"),
        ("ivan@example.edu", "İvan@example.edu"),
        ("amara@example.edu", "ａmara@example.edu"),
    ],
)
def test_an_email_of_other_letters_is_somebody_elses(kept: str, fields: str) -> None:
    assert found(Account(5, "", kept, "active"), email=fields) == NO_MATCH
    assert found(Account(5, "", fields, "active"), email=kept) == NO_MATCH


def test_a_sis_id_that_nobody_has_leaves_it_to_the_email() -> None:
    assert found(lis_person_sourcedid="S1", email=KOFI.campus_email) == KOFI


def test_an_email_does_not_find_somebody_of_another_sis_id() -> None:
    assert found(lis_person_sourcedid="S1", email=AMARA.campus_email) == NO_MATCH


def test_a_name_finds_nobody() -> None:
    assert found(name="Amara Okafor", given_name="Amara", family_name="Okafor") == NO_IDENTIFIER


@pytest.mark.parametrize("fields", [{"lis_person_sourcedid": "S730000"}, {"email": AMARA.campus_email}])
def test_two_of_one_sis_id_or_email_are_nobody(fields: dict[str, Any]) -> None:
    twin = Account(9, AMARA.sis_id, AMARA.campus_email, "active")

    assert found(AMARA, twin, **fields) == AMBIGUOUS


def test_two_of_one_sis_id_are_distinguished_by_the_email() -> None:
    twin = Account(9, AMARA.sis_id, "amara@mail.example.org", "active")

    assert found(AMARA, twin, lis_person_sourcedid=AMARA.sis_id, email=twin.campus_email) == twin


@pytest.mark.parametrize("other", ["unregistered", "inactive"])
def test_an_account_in_use_comes_before_one_that_is_not(other: str) -> None:
    twin = Account(9, "", AMARA.campus_email, other)

    assert found(twin, AMARA, email=AMARA.campus_email) == AMARA


def test_nobody_is_found_by_an_empty_text() -> None:
    assert found(Account(9, "", "", "active"), lis_person_sourcedid=" ", email="  ") == NO_IDENTIFIER


def test_who_was_known_before_is_known_when_the_lms_tells_nothing() -> None:
    assert found(known={"7": Match(AMARA, "email")}) == AMARA


def test_who_was_known_before_is_known_when_what_the_lms_tells_finds_nobody() -> None:
    assert found(known={"7": Match(AMARA, "email")}, email="amara@mail.example.org") == AMARA


def test_somebody_else_was_known_before_under_another_id() -> None:
    assert found(known={"8": Match(AMARA, "email")}) == NO_IDENTIFIER


def test_what_the_lms_tells_today_comes_before_what_was_known() -> None:
    assert found(known={"7": Match(AMARA, "email")}, email=BEN.campus_email) == BEN


def test_by_sis_id_only_no_email_finds() -> None:
    assert found(by=SIS_ID, lis_person_sourcedid="S730000") == AMARA
    assert found(by=SIS_ID, email=AMARA.campus_email) == NO_IDENTIFIER


def test_by_email_only_no_sis_id_finds_or_contradicts() -> None:
    assert found(by=EMAIL, lis_person_sourcedid="S730000") == NO_IDENTIFIER
    assert found(by=EMAIL, lis_person_sourcedid="S1", email=AMARA.campus_email) == AMARA


@pytest.mark.parametrize("by, way, counts", [(SIS_ID, "sis-id", True), (SIS_ID, "email", False)])
def test_who_was_known_by_an_email_is_nobody_where_the_sis_id_alone_counts(by: str, way: str, counts: bool) -> None:
    assert found(by=by, known={"7": Match(AMARA, way)}) == (AMARA if counts else NO_IDENTIFIER)


@pytest.mark.parametrize("way", ["sis-id", "email"])
def test_it_is_shown_by_what_somebody_was_found(way: str) -> None:
    fields = {"lis_person_sourcedid": "S730000"} if way == "sis-id" else {"email": AMARA.campus_email}

    assert Matcher(ACCOUNTS, {}).find(member("7", **fields)) == Match(AMARA, way)
    assert Matcher(ACCOUNTS, {"7": Match(AMARA, way)}).find(member("7")) == Match(AMARA, "")
