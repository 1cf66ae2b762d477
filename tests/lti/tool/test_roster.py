"""A course's roster as its LMS tells it, page by page."""

import pytest

from lti.tool.course_roster import Member, fetch_page, is_within, members
from tests.lti.tool.lms import INSTRUCTOR, LEARNER, ROSTER, Lms, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"


def test_a_member_with_all_that_an_lms_may_tell(lms: Lms) -> None:
    disclosed = {
        "name": "Ann Lee",
        "given_name": "Ann",
        "family_name": "Lee",
        "middle_name": "B.",
        "email": "ann@example.com",
        "picture": "https://example.com/ann.png",
        "lis_person_sourcedid": "S-1",
    }
    lms.tells({"user_id": "u1", "roles": [LEARNER, ASSISTANT], "status": "Inactive", **disclosed})

    assert list(members(lms.course())) == [Member("u1", (LEARNER, ASSISTANT), "Inactive", **disclosed)]


def test_what_an_lms_leaves_out_is_none(lms: Lms) -> None:
    lms.tells({"user_id": "u1", "roles": [], "name": "", "email": None, "picture": 7})

    assert list(members(lms.course())) == [Member("u1", ())]


def test_short_roles_are_shown_as_full_ones(lms: Lms) -> None:
    lms.tells(person("u1", "Learner", "instructor", "Instructor#TeachingAssistant", "urn:lti:role:ims/lis/Observer"))

    [found] = members(lms.course())

    assert found.roles == (LEARNER, INSTRUCTOR, ASSISTANT, "urn:lti:role:ims/lis/Observer")


def test_all_pages_are_read_in_order(lms: Lms) -> None:
    lms.tells(person("u1"), person("u2"), next=f"{ROSTER}?p=2")
    lms.tells(person("u3"), at=f"{ROSTER}?p=2", next=f"{ROSTER}/pages/3")
    lms.tells(person("u4"), at=f"{ROSTER}/pages/3")

    assert [member.user_id for member in members(lms.course())] == ["u1", "u2", "u3", "u4"]


def test_one_page_tells_where_others_are(lms: Lms) -> None:
    lms.tells(person("u1"), next=f"{ROSTER}?p=2", differences=f"{ROSTER}?since=1")

    found = fetch_page(lms.course())

    assert (found.next, found.differences) == (f"{lms.url}{ROSTER}?p=2", f"{lms.url}{ROSTER}?since=1")
    assert found.context == {"id": "chem-101", "title": "Chemistry"}
    assert found.members == [Member("u1", (LEARNER,))]


def test_the_parameters_are_passed_on(lms: Lms) -> None:
    lms.tells()

    fetch_page(lms.course(memberships_url=f"{lms.url}{ROSTER}?v=2"), role="learner", limit=5, rlid="link 1")

    role = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner"
    assert lms.paths()[-1] == f"{ROSTER}?v=2&role={role}&limit=5&rlid=link+1"


@pytest.mark.parametrize("role", ["Instructor", "instructor", INSTRUCTOR, INSTRUCTOR.upper()])
def test_members_are_filtered_where_the_lms_does_not(lms: Lms, role: str) -> None:
    lms.tells(person("u1"), person("u2", INSTRUCTOR), person("u3", ASSISTANT), person("u4", "InstructorAide"))

    assert [member.user_id for member in members(lms.course(), role=role)] == ["u2", "u3"]


def test_the_message_of_a_resource_link_is_kept(lms: Lms) -> None:
    lms.tells(person("u1", message=[{"x": 1}]))

    [found] = members(lms.course(), rlid="link")

    assert found.message == [{"x": 1}]


SERVICE = "https://lms.example.com:8443/courses/5/memberships"


@pytest.mark.parametrize(
    "url",
    [
        SERVICE,
        f"{SERVICE}?p=2",
        f"{SERVICE}?p=https://evil.example.org/../",
        f"{SERVICE}/pages/2",
        f"{SERVICE}/pages/2?a=b",
    ],
)
def test_what_is_within_a_service(url: str) -> None:
    assert is_within(SERVICE, url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        SERVICE.replace("https", "http"),
        SERVICE.replace("lms", "LMS"),
        SERVICE.replace(":8443", ""),
        SERVICE.replace(":8443", ":8443@evil.example.org"),
        SERVICE.replace("/5/", "/6/"),
        f"{SERVICE}x",
        f"{SERVICE}#fragment",
        f"{SERVICE}/../../6/memberships",
        f"{SERVICE}/%2e%2E/%2e./6/memberships",
        f"{SERVICE}/%252e%252e/x",
        f"{SERVICE}/..\\x",
        f"{SERVICE}/..%5Cx",
        f"{SERVICE}/a b",
        f"{SERVICE}?a=\r\nHost: evil.example.org",
        f"{SERVICE}?a=é",
        f" {SERVICE}",
    ],
)
def test_what_is_not_within_a_service(url: str) -> None:
    assert not is_within(SERVICE, url)


@pytest.mark.parametrize("query", ["?course=5&p=2", "?p=2&course=5"])
def test_a_service_with_a_query_keeps_it(query: str) -> None:
    assert is_within("https://lms.example.com/nrps?course=5", f"https://lms.example.com/nrps{query}")


@pytest.mark.parametrize("query", ["", "?p=2", "?course=6", "?course=5&course=6", "?course=5&COURSE=6", "?cours%65=6"])
def test_a_service_with_a_query_is_not_another_ones(query: str) -> None:
    assert not is_within("https://lms.example.com/nrps?course=5", f"https://lms.example.com/nrps{query}")
