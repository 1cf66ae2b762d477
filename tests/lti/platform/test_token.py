"""The token endpoint, for tools that do it right."""

import datetime as dt
import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from lti import keys
from lti.claims import NRPS_SCOPE
from lti.models import AccessToken, Tool, ToolKey
from tests.lti.assertions import TOKEN_URL, ask_token, assertion
from tests.lti.tools import ask, path_of, private_key
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_a_good_assertion_gets_a_token(poll: Tool) -> None:
    response = ask_token(assertion(poll))

    assert response.status_code == 200
    token = response.json()
    assert {**token, "access_token": "?"} == {
        "access_token": "?",
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": NRPS_SCOPE,
    }
    assert len(token["access_token"]) == 43


def test_an_answer_is_never_stored(poll: Tool) -> None:
    response = ask_token(assertion(poll))

    assert (response["Cache-Control"], response["Content-Type"]) == ("no-store", "application/json")


def test_the_token_opens_the_roster(sample: SampleData, poll: Tool) -> None:
    token = ask_token(assertion(poll)).json()["access_token"]

    assert ask(token, path_of(sample.chess_club)).status == 200


def test_only_a_hash_of_the_token_is_kept(poll: Tool) -> None:
    text = ask_token(assertion(poll)).json()["access_token"]
    kept = AccessToken.objects.get()

    assert text not in str(kept.__dict__)
    assert kept.expires_at - kept.issued_at == dt.timedelta(hours=1)


@pytest.mark.parametrize("aud", ["https://testserver", [TOKEN_URL], ["https://other.example.org", TOKEN_URL]])
def test_the_audience_may_be_the_issuer_or_a_list(poll: Tool, aud: Any) -> None:
    assert ask_token(assertion(poll, aud=aud)).status_code == 200


def test_the_allowed_part_of_the_scopes_is_granted(poll: Tool) -> None:
    asked = f"https://purl.imsglobal.org/spec/lti-ags/scope/score {NRPS_SCOPE} openid"

    assert ask_token(assertion(poll), scope=asked).json()["scope"] == NRPS_SCOPE


def test_the_clocks_may_differ_by_a_minute(poll: Tool) -> None:
    now = int(time.time())

    assert ask_token(assertion(poll, iat=now + 50, exp=now + 640)).status_code == 200
    assert ask_token(assertion(poll, iat=now - 120, exp=now - 50)).status_code == 200


def test_times_may_have_fractions(poll: Tool) -> None:
    assert ask_token(assertion(poll, iat=time.time() - 0.5, exp=time.time() + 59.5)).status_code == 200


def test_one_of_several_keys_is_found_by_its_id(poll: Tool) -> None:
    ToolKey.objects.create(tool=poll, kid="poll-2", public_jwk=private_key("poll-2").as_dict(private=False))

    assert ask_token(assertion(poll, header={"kid": "poll-2"}, key=private_key("poll-2"))).status_code == 200
    assert ask_token(assertion(poll)).status_code == 200


def test_one_of_several_keys_is_found_without_an_id(poll: Tool) -> None:
    ToolKey.objects.create(tool=poll, kid="poll-2", public_jwk=private_key("poll-2").as_dict(private=False))

    assert ask_token(assertion(poll, header={"kid": None}, key=private_key("poll-2"))).status_code == 200
    assert ask_token(assertion(poll, header={"kid": None})).status_code == 200


def test_a_key_listed_without_an_id_is_found_under_any(poll: Tool) -> None:
    poll.keys.update(kid="")

    assert ask_token(assertion(poll, header={"kid": "whatever"})).status_code == 200


@pytest.mark.parametrize("alg", ["RS384", "PS256"])
def test_it_takes_other_public_key_signatures(poll: Tool, alg: str) -> None:
    assert ask_token(assertion(poll, header={"alg": alg})).status_code == 200


def test_it_takes_elliptic_curves(poll: Tool) -> None:
    key = ECKey.generate_key("P-256", {"kid": "curve"}, auto_kid=False)
    ToolKey.objects.create(tool=poll, kid="curve", public_jwk=key.as_dict(private=False))

    assert ask_token(assertion(poll, header={"alg": "ES256", "kid": "curve"}, key=key)).status_code == 200


def test_a_tool_may_have_several_tokens(sample: SampleData, poll: Tool) -> None:
    tokens = [ask_token(assertion(poll)).json()["access_token"] for _ in range(2)]

    assert [ask(token, path_of(sample.chess_club)).status for token in tokens] == [200, 200]


def test_expired_tokens_are_deleted(poll: Tool) -> None:
    AccessToken.issue(poll, "old", NRPS_SCOPE, on=dt.datetime(2025, 5, 1, tzinfo=dt.UTC))

    ask_token(assertion(poll))

    assert AccessToken.objects.count() == 1


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_weak_key_is_not_even_read() -> None:
    weak = RSAKey.generate_key(1024, auto_kid=False).as_dict(private=False)

    assert keys.readable({"keys": [weak]}) == []
