"""`url` of a launch from a course is fetched under the address of that launch's roster only."""

import re
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti.models import CourseLaunch
from tests.lti.ltik.ltik_api import refusal, request_with_ltik
from tests.lti.tool.lms import ROSTER, Lms, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SCHEMES = ["https://", "http://", "HTTP://", "file://", "ftp://", "//", "", "javascript:", "http:/", "http:"]
HOSTS = [
    *("{host}", "{host}.", "{host}.evil.example.org", "{host}@evil.example.org", "user@{host}"),
    *("evil.example.org#@{host}", "evil.example.org\\@{host}", "127.0.0.1", "127.0.0.1:80", "localhost", "[::1]"),
    *("169.254.169.254", "0x7f000001", ""),
]
PATHS = [
    *(ROSTER, f"{ROSTER}/", f"{ROSTER}x", f"{ROSTER}/../x", f"{ROSTER}/%2e%2e/%2e%2e/token", f"{ROSTER}/..\\x"),
    *("/token", "/keys", "/courses/chem-102/memberships", ROSTER.upper(), f"/.{ROSTER}", f"/x/..{ROSTER}", "/", ""),
]
QUERIES = ["", "?p=2", "?p=2#limit=1", "?url=http://evil.example.org", "#limit=0", "#x=1", "#limit=1&limit=2"]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where connections were opened to."""
    addresses: list[Any] = []
    connect = socket.create_connection

    def noted(address: Any, *args: Any, **kwargs: Any) -> Any:
        addresses.append(address)
        return connect(address, *args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", noted)
    return addresses


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_url_leads_elsewhere(
    lms: Lms, launched: CourseLaunch, token: str, key: str, connected: list[Any], data: Any
) -> None:
    lms.tells(person("a"))
    lms.asked.clear()
    connected.clear()
    host = lms.url.removeprefix("http://")
    made_up = st.builds(
        lambda *parts: "".join(parts).replace("{host}", host),
        *(st.sampled_from(parts) for parts in (SCHEMES, HOSTS, PATHS, QUERIES)),
    )
    good = f"{lms.url}{ROSTER}?p=2"
    cut = st.builds(
        lambda at, text: good[:at] + text + good[at:], st.integers(0, len(good)), st.text(min_size=1, max_size=3)
    )
    url = data.draw(made_up | cut | st.text(min_size=1, max_size=60))

    answer = request_with_ltik(token, key, url=url)

    assert set(connected) <= {("127.0.0.1", lms.server_port)}
    if answer.status == 400:
        assert connected == []
    else:
        assert answer.status in {200, 502}
        assert all(path == "/token" or re.split("[?/]", path.removeprefix(ROSTER))[0] == "" for path in lms.paths())


def test_a_url_of_this_roster_is_fetched_as_it_is(
    lms: Lms, launched: CourseLaunch, token: str, key: str, connected: list[Any]
) -> None:
    lms.tells(person("a"), at=f"{ROSTER}?p=2&x=%20")

    answer = request_with_ltik(token, key, url=f"{lms.url}{ROSTER}?p=2&x=%20")

    assert [member["user_id"] for member in answer.body["members"]] == ["a"]
    assert lms.paths() == ["/token", f"{ROSTER}?p=2&x=%20"]
    assert connected == [("127.0.0.1", lms.server_port)] * 2  # what the test above relies on


def test_the_other_parameters_are_ignored_beside_it(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    lms.tells(person("a"), person("b"))

    answer = request_with_ltik(token, key, url=lms.url + ROSTER, limit="x", role="Juggler", more="1")

    assert len(answer.body["members"]) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("http://", "https://"),
        lambda url: url.replace("127.0.0.1", "localhost"),
        lambda url: url.replace("127.0.0.1", "127.0.0.2"),
        lambda url: url.replace("http://", "http://user@"),
        lambda url: url.replace("/courses", ":80/courses"),
        lambda url: url.replace("chem-101", "chem-102"),
        lambda url: url.replace("/memberships", "/memberships2"),
        lambda url: url.replace("/memberships", "/memberships/../../chem-102/memberships"),
        lambda url: url.replace("/memberships", "/members"),
        lambda url: url + " ",
        lambda url: url + "\r\nX-Header: 1",
        lambda url: url + "#limit=0",
        lambda url: url + "#limit=501",
        lambda url: url + "#limit=ten",
        lambda url: url + "#rlid=link-2",
        lambda url: url + "#nonsense",
        lambda url: "https://testserver/lti/contexts/7c0e3c4e-3f0c-4c5c-9a55-5a1b3a9d6c0f/memberships",
    ],
)
def test_a_url_that_is_nearly_right_is_refused(
    lms: Lms, launched: CourseLaunch, token: str, key: str, change: Any
) -> None:
    answer = request_with_ltik(token, key, url=change(f"{lms.url}{ROSTER}?p=2"))

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert answer.body["details"]["description"].startswith("url: The next or differences URL of an earlier answer")
    assert lms.asked == []


def test_a_url_of_another_launchs_roster_is_refused(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    other = "/courses/chem-102/memberships"
    lms.course(launched.platform, context_id="chem-102", memberships_url=lms.url + other)

    assert refusal(request_with_ltik(token, key, url=lms.url + other)) == (400, "INVALID_PARAMETERS")
    assert lms.asked == []
