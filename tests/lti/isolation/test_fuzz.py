"""Whatever a tool sends of its own, of others' and of nobody's, it is told of its own organizations alone."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import Answer
from tests.lti.isolation.tenants import Tenant
from tests.lti.ltik.ltik_api import request_with_ltik, request_with_service_key
from tests.lti.tools import ask

pytestmark = pytest.mark.both_databases

REFUSED = {400, 401, 403, 404}
ADDRESSES = [
    *("https://evil.example.org/", "http://127.0.0.1:1/", "http://169.254.169.254/latest", "//evil.example.org"),
    *("file:///etc/passwd", "gopher://127.0.0.1:1/_", "javascript:alert(1)", "https://testserver@evil.example.org/"),
    *("https://testserver/api/memberships", "https://testserver/admin/", "/lti/jwks", "../../api/users", "\\\\evil\\x"),
]
NONSENSE = ["", "0", "-1", "\x00", "%00", "Officer", "ab" * 120, "null", "[]", "{}", "true", "1e9"]
NAMES = ["page", "since", "rlid", "role", "limit", "url"]
fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def texts(sides: list[Tenant]) -> Any:
    """What any side holds, whole, cut, lengthened, put together and spelled otherwise; addresses; and nonsense."""
    secrets = st.sampled_from([text for side in sides for text in side.secrets()])
    places, insertions = st.integers(0, 300), st.text(max_size=3)
    marks = st.sampled_from(["", "?page=", "&", "#", ":", ",", "\n"])
    spellings = st.sampled_from([str.upper, str.title, quote, quote_all, " ".join])
    cut = st.builds(lambda text, at: text[:at] + text[at + 1 :], secrets, places)
    changed = st.builds(lambda text, at, what: text[:at] + what + text[at + len(what) :], secrets, places, insertions)
    joined = st.builds(lambda one, other, mark: f"{one}{mark}{other}", secrets, secrets, marks)
    spelled = st.builds(lambda text, how: how(text), secrets, spellings)
    elsewhere = st.builds(lambda address, text: address + text, st.sampled_from(ADDRESSES), secrets | st.just(""))
    return secrets | cut | changed | joined | spelled | elsewhere | st.sampled_from(NONSENSE) | st.text(max_size=40)


def quote_all(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def assert_discloses_only(answer: Answer, mine: Tenant, sides: list[Tenant], *, here: bool) -> None:
    """The answer is a refusal, or tells my tool of its own; `here`: of the organization of my launch alone."""
    known = [other for other in sides if (other.organization == mine.organization if here else other.tool == mine.tool)]
    own = {user_id for other in known for user_id in mine.knows(other)}
    everybody = {user_id for one in sides for other in sides for user_id in one.knows(other)}
    disclosed = {user_id for user_id in everybody if user_id in str(answer.body)}

    assert answer.status in REFUSED | {200}
    assert disclosed <= (own if answer.status == 200 else set())


@fuzzed
@given(data=st.data())
def test_the_parameters_of_names_and_roles(sides: list[Tenant], texts: Any, no_requests: list[Any], data: Any) -> None:
    mine = sides[0]
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    parameters = {name: data.draw(texts) for name in names}

    answer = ask(mine.access_token, f"{mine.path}?{urlencode(parameters)}")

    assert_discloses_only(answer, mine, sides, here=True)
    assert no_requests == []


@fuzzed
@given(data=st.data())
def test_the_parameters_of_the_ltik_api(sides: list[Tenant], texts: Any, no_requests: list[Any], data: Any) -> None:
    mine = sides[0]
    names = data.draw(st.lists(st.sampled_from(["role", "limit", "resourceLinkId", "page"]), unique=True))
    parameters = {name: data.draw(texts) for name in [*names, "url"]}

    for ask_door, shown in ((request_with_ltik, mine.ltik), (request_with_service_key, mine.service_key)):
        answer = ask_door(shown, mine.key, **parameters)
        assert_discloses_only(answer, mine, sides, here=True)
    assert no_requests == []


@fuzzed
@given(data=st.data())
def test_the_credentials_of_a_job(sides: list[Tenant], texts: Any, no_requests: list[Any], data: Any) -> None:
    mine = sides[0]
    shown = {"service_key": mine.service_key, "key": mine.key}
    for name in data.draw(st.lists(st.sampled_from(["service_key", "key"]), min_size=1, unique=True)):
        shown[name] = data.draw(texts.map(lambda text: quote(text, safe="?&#:,/=% ")))  # as a header may be

    answer = request_with_service_key(shown["service_key"], shown["key"])

    holder = next((side for side in sides if side.key == shown["key"]), mine)
    assert_discloses_only(answer, holder, sides, here=False)
    assert no_requests == []


@fuzzed
@given(data=st.data())
def test_the_credentials_of_the_ltik_api(sides: list[Tenant], texts: Any, no_requests: list[Any], data: Any) -> None:
    mine = sides[0]
    shown = {"ltik": mine.ltik, "key": mine.key}
    for name in data.draw(st.lists(st.sampled_from(["ltik", "key"]), min_size=1, unique=True)):
        shown[name] = data.draw(texts.map(lambda text: quote(text, safe="?&#:,/=% ")))  # as a header may be

    answer = request_with_ltik(shown["ltik"], shown["key"])

    holder = next((side for side in sides if side.key == shown["key"]), mine)
    assert_discloses_only(answer, holder, sides, here=False)
    assert no_requests == []


@fuzzed
@given(data=st.data())
def test_the_access_token(sides: list[Tenant], texts: Any, no_requests: list[Any], data: Any) -> None:
    theirs = data.draw(st.sampled_from(sides))
    token = data.draw(texts.map(lambda text: quote(text, safe="?&#:,/=% ")))

    answer = ask(token, theirs.path)

    holder = next((side for side in sides if side.access_token == token.strip()), None)
    if holder is None:
        assert answer.status == 401
    else:
        assert_discloses_only(answer, holder, sides, here=False)
    assert no_requests == []
