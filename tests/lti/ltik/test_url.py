"""`url` is read and never fetched, whatever stands in it."""

import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti.models import Tool
from tests.lti.ltik.ltik_api import key_of, launch_of, ltik_of, refusal, request_with_ltik
from tests.lti.tools import deploy, make_tool, path_of
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

SCHEMES = ["https://", "http://", "HTTPS://", "file://", "ftp://", "gopher://", "//", "", "javascript:", "https:/"]
HOSTS = [
    *("testserver", "TESTSERVER", "testserver:443", "testserver:80", "testserver.", "evil.example.org", "127.0.0.1"),
    *("testserver@evil.example.org", "evil.example.org#@testserver", "evil.example.org\\@testserver", "[::1]"),
    *("testserver.evil.example.org", "169.254.169.254", "localhost", "user:pw@testserver", ""),
]


def test_the_guard_sees_a_request(no_requests: list[Any]) -> None:
    with pytest.raises(AssertionError), socket.socket() as probe:
        probe.connect(("127.0.0.1", 9))

    assert no_requests


@pytest.fixture
def tool(sample: SampleData) -> Tool:
    """A tool that is used in the chess club only."""
    tool = make_tool()
    deploy(tool, sample.chess_club)
    return tool


@pytest.fixture
def shown(sample: SampleData, tool: Tool) -> tuple[str, str]:
    """The ltik of a launch from there, and a key."""
    return ltik_of(launch_of(sample.amara, sample.chess_club, tool.deployments.get())), key_of(tool)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_url_causes_a_request_or_opens_more(
    sample: SampleData, tool: Tool, shown: tuple[str, str], no_requests: list[Any], data: Any
) -> None:
    good = request_with_ltik(*shown, limit=1).body
    service = good["id"]
    sealed = good["next"].partition("=")[2]
    paths = [path_of(sample.chess_club), path_of(sample.student_government), "/api/memberships", "/", "/../", ""]
    queries = [f"?page={sealed}", f"?since={sealed}", f"?page={sealed}&x=1", "?page=", "?x=1", "", f"?page={sealed}#x"]
    made_up = st.builds("".join, st.tuples(*(st.sampled_from(parts) for parts in (SCHEMES, HOSTS, paths, queries))))
    cut = st.builds(
        lambda at, text: good["next"][:at] + text + good["next"][at:], st.integers(0, 90), st.text(max_size=3)
    )
    url = data.draw(made_up | cut | st.text(min_size=1, max_size=60))

    answer = request_with_ltik(*shown, url=url)

    assert no_requests == []
    assert answer.status in {200, 400}
    if answer.status == 200:
        assert url.partition("?")[0] == service
        assert [row["user_id"] for row in answer.body["members"]] == [tool.subject_of(sample.farid.pk)]
    else:
        refusal(answer)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("https://", "http://"),
        lambda url: url.replace("testserver", "evil.example.org"),
        lambda url: url.replace("testserver", "testserver:8443"),
        lambda url: url.replace("https://", "https://user@"),
        lambda url: url.replace("/memberships", "/memberships/"),
        lambda url: url.replace("/lti/", "/lti/../lti/"),
        lambda url: url.replace("page=", "since="),
        lambda url: url.replace("page=", "rlid="),
        lambda url: url.partition("?")[0],
        lambda url: url.partition("testserver")[2],
        lambda url: url + "&limit=500",
        lambda url: url + "&page=1",
        lambda url: url + "#fragment",
        lambda url: url[:-2],
        lambda url: url.replace("?page=", "?page=00"),
    ],
)
def test_a_url_that_is_nearly_right_is_refused(
    sample: SampleData, token: str, key: str, no_requests: list[Any], change: Any
) -> None:
    url = request_with_ltik(token, key, limit=1).body["next"]
    assert request_with_ltik(token, key, url=url).status == 200

    answer = request_with_ltik(token, key, url=change(url))

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert answer.body["details"]["description"].startswith("url: ")
    assert no_requests == []
