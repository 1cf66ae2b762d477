"""`/api/memberships` with the ltik of a launch from a course: its roster, live, in the shape of an own one."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from lti.ltik import course_members
from lti.models import CourseLaunch, Tool
from tests.client import Answer
from tests.lti.ltik.ltik_api import refusal, request_with_ltik, walk
from tests.lti.tool.lms import INSTRUCTOR, LEARNER, ROSTER, Asked, Lms, Reply, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [member["user_id"] for member in answer.body["members"]]


def asked_for(lms: Lms) -> list[dict[str, str]]:
    """The parameters of each request for the roster."""
    queries = [urlsplit(path).query for path in lms.paths() if path.startswith(ROSTER)]
    return [{name: values[0] for name, values in parse_qs(query).items()} for query in queries]


def in_pages(lms: Lms, size: int, number: int, *, knows_limit: bool = True) -> list[str]:
    """Let the LMS tell of so many members in pages; their ids, in order."""
    people = [f"u{n:04}" for n in range(number)]

    def roster(asked: Asked) -> Reply:
        query = parse_qs(urlsplit(asked.path).query)
        limit = int(query["limit"][0]) if knows_limit and "limit" in query else size
        start = int(query.get("p", ["0"])[0])
        disclosed = [person(one) for one in people[start : start + limit]]
        more = start + limit < number
        link = f'<{lms.url}{ROSTER}?p={start + limit}&limit={limit}>; rel="next"'
        return Reply({"members": disclosed}, headers={"Link": link} if more else {})

    lms.replies[ROSTER] = roster
    return people


def test_the_answer_has_the_shape_of_an_own_one(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    disclosed = {"name": "Ann Lee", "given_name": "Ann", "family_name": "Lee", "email": "ann@example.com"}
    lms.tells(
        {"user_id": "u1", "roles": [LEARNER], "status": "Active", **disclosed},
        {"user_id": "u2", "roles": ["Instructor"], "picture": "https://example.com/2.png", "middle_name": "B."},
        differences=f"{ROSTER}?since=1",
    )

    answer = request_with_ltik(token, key)

    assert answer.status == 200
    assert list(answer.body) == ["id", "context", "members", "differences"]
    assert answer.body == {
        "id": lms.url + ROSTER,
        "context": {"id": "chem-101", "label": "CHEM 101", "title": "Chemistry"},
        "members": [
            {"status": "Active", **disclosed, "user_id": "u1", "roles": [LEARNER]},
            {
                "status": "Active",
                "picture": "https://example.com/2.png",
                "middle_name": "B.",
                "user_id": "u2",
                "roles": [INSTRUCTOR],
            },
        ],
        "differences": f"{lms.url}{ROSTER}?since=1",
    }
    assert "Authorization" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_hundred_members_are_asked_for_and_shown(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    people = in_pages(lms, 50, 250)

    answer = request_with_ltik(token, key)

    assert ids(answer) == people[:100]
    assert asked_for(lms) == [{"limit": "100"}]
    assert answer.body["next"] == f"{lms.url}{ROSTER}?p=100&limit=100"


@pytest.mark.parametrize("knows_limit", [True, False])
@pytest.mark.parametrize("limit, pages", [(1, 7), (3, 3), (7, 1), (500, 1)])
def test_nobody_is_lost_between_pages(
    lms: Lms, launched: CourseLaunch, token: str, key: str, limit: int, pages: int, knows_limit: bool
) -> None:
    people = in_pages(lms, 4, 7, knows_limit=knows_limit)

    assert walk(token, key, limit=limit) == (people, pages)


@pytest.mark.parametrize("knows_limit", [True, False])
def test_a_roster_of_1001_is_complete_with_a_limit_of_1000(
    lms: Lms, launched: CourseLaunch, token: str, key: str, knows_limit: bool
) -> None:
    people = in_pages(lms, 100, 1001, knows_limit=knows_limit)

    assert walk(token, key, limit=1000) == (people, 3)
    assert asked_for(lms)[0] == {"limit": "500"}


def test_a_url_that_was_encoded_twice_is_decoded_once_more(
    lms: Lms, launched: CourseLaunch, token: str, key: str
) -> None:
    lms.tells(*map(person, "abc"), at=f"{ROSTER}?p=2")
    url = f"{lms.url}{ROSTER}?p=2#limit=2&after=a"

    assert ids(request_with_ltik(token, key, url=quote(url, safe=""))) == ["b", "c"]
    assert lms.paths() == ["/token", f"{ROSTER}?p=2"]


def test_unknown_parameters_are_neither_refused_nor_passed_on(
    lms: Lms, launched: CourseLaunch, token: str, key: str
) -> None:
    lms.tells(person("a"))

    assert ids(request_with_ltik(token, key, rlid="link-2", groups="true", page=2)) == ["a"]
    assert asked_for(lms) == [{"limit": "100"}]


def test_small_pages_of_the_lms_are_put_together(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    people = in_pages(lms, 3, 10, knows_limit=False)

    answer = request_with_ltik(token, key, limit=9)

    assert ids(answer) == people[:9]
    assert answer.body["next"] == f"{lms.url}{ROSTER}?p=9&limit=3#limit=9"


def test_members_who_come_and_go_between_pages(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    lms.tells(*map(person, "abcdef"))
    first = request_with_ltik(token, key, limit=2).body
    lms.tells(*map(person, "0abcxdef"))
    second = request_with_ltik(token, key, url=first["next"]).body
    lms.tells(*map(person, "0abxdef"))  # c and nobody else has left

    third = request_with_ltik(token, key, url=second["next"])

    assert [member["user_id"] for member in (*first["members"], *second["members"])] == ["a", "b", "c", "x"]
    assert ids(third) == ["d", "e"]


def test_when_the_last_one_shown_has_left_people_come_again(
    lms: Lms, launched: CourseLaunch, token: str, key: str
) -> None:
    lms.tells(*map(person, "abc"))
    following = request_with_ltik(token, key, limit=2).body["next"]
    lms.tells(*map(person, "acd"))

    assert ids(request_with_ltik(token, key, url=following)) == ["a", "c"]


def test_an_lms_with_more_pages_than_one_answer_asks_for(
    lms: Lms, launched: CourseLaunch, token: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course_members, "MAX_PAGES", 2)
    people = in_pages(lms, 1, 5, knows_limit=False)

    assert walk(token, key) == (people, 3)


def test_an_lms_that_is_slow_is_asked_for_one_page_at_a_time(
    lms: Lms, launched: CourseLaunch, token: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course_members, "MAX_SECONDS", -1.0)
    people = in_pages(lms, 2, 5, knows_limit=False)

    assert walk(token, key) == (people, 3)


# role


@pytest.mark.parametrize("role", ["Instructor", "instructor", INSTRUCTOR])
def test_a_role_is_passed_on_in_full_and_filtered_here_too(
    lms: Lms, launched: CourseLaunch, token: str, key: str, role: str
) -> None:
    lms.tells(person("a"), person("b", INSTRUCTOR), person("c", "Mentor"), differences=f"{ROSTER}?since=1")

    answer = request_with_ltik(token, key, role=role)

    assert ids(answer) == ["b"]
    assert asked_for(lms) == [{"role": INSTRUCTOR, "limit": "100"}]
    assert "differences" not in answer.body


def test_a_role_is_kept_from_page_to_page(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    lms.tells(person("a", INSTRUCTOR), person("b"), person("c", INSTRUCTOR), next=f"{ROSTER}?p=2")
    lms.tells(person("d"), person("e", INSTRUCTOR), at=f"{ROSTER}?p=2")

    assert walk(token, key, role="Instructor", limit=1) == (["a", "c", "e"], 3)


def test_an_unknown_role_is_an_empty_list(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    lms.tells(person("a"))

    assert ids(request_with_ltik(token, key, role="Juggler")) == []


# resourceLinkId


def test_the_resource_link_of_the_launch_is_passed_on(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    lms.tells(person("a"))

    request_with_ltik(token, key, resourceLinkId="true")
    request_with_ltik(token, key, resourceLinkId="false")

    assert asked_for(lms) == [{"limit": "100", "rlid": "link-1"}, {"limit": "100"}]


def test_a_message_is_for_tools_that_may_read_everything(
    lms: Lms, launched: CourseLaunch, tool: Tool, token: str, key: str
) -> None:
    lms.tells(person("a", message=[{"custom": {"sis": "S-1"}}]))
    without = request_with_ltik(token, key, resourceLinkId="true").body["members"]
    Tool.objects.update(may_read_sourcedid=True)

    withal = request_with_ltik(token, key, resourceLinkId="true").body["members"]

    assert without == [{"status": "Active", "user_id": "a", "roles": [LEARNER]}]
    assert withal == [{"status": "Active", "user_id": "a", "roles": [LEARNER], "message": [{"custom": {"sis": "S-1"}}]}]


# differences


def test_differences_tell_who_is_gone(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    lms.tells(
        person("a", name="Ann"),
        person("b", status="Deleted", name="Ben"),
        at=f"{ROSTER}?since=1",
        differences=f"{ROSTER}?since=2",
    )

    answer = request_with_ltik(token, key, url=f"{lms.url}{ROSTER}?since=1")

    assert answer.body["members"] == [
        {"status": "Active", "name": "Ann", "user_id": "a", "roles": [LEARNER]},
        {"status": "Deleted", "user_id": "b", "roles": []},
    ]
    assert answer.body["differences"] == f"{lms.url}{ROSTER}?since=2"


@pytest.mark.parametrize(
    "parameters, name",
    [
        ({"limit": 0}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"resourceLinkId": "yes"}, "resourceLinkId"),
        ({"role": ""}, "role"),
    ],
)
def test_parameters_that_are_not_understood(
    lms: Lms, launched: CourseLaunch, token: str, key: str, parameters: dict[str, Any], name: str
) -> None:
    answer = request_with_ltik(token, key, **parameters)

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert answer.body["details"]["description"].startswith(f"{name}: ")
    assert lms.asked == []
