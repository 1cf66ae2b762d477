"""The token endpoint refuses, with the error that RFC 6749 names."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lti.claims import NRPS_SCOPE
from lti.models import AccessToken, Tool
from tests.lti.assertions import ASSERTION_TYPE, ask_token, assertion, claims_of, refused
from tests.lti.tools import deploy, make_tool, private_key

pytestmark = pytest.mark.both_databases

INVALID_CLIENT = (400, "invalid_client")


def encoded(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signature_of(signed: str, key: Any) -> bytes:
    """As RS256 makes it."""
    made: bytes = key.private_key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return made


def test_a_replayed_jti(poll: Tool) -> None:
    text = assertion(poll)
    ask_token(text)

    assert refused(ask_token(text)) == INVALID_CLIENT
    assert AccessToken.objects.count() == 1


def test_a_jti_of_another_assertion_of_the_same_tool(poll: Tool) -> None:
    ask_token(assertion(poll, jti="once"))

    assert refused(ask_token(assertion(poll, jti="once"))) == INVALID_CLIENT


def test_a_jti_of_another_tool_is_another(poll: Tool) -> None:
    forum = make_tool("Forum")
    ask_token(assertion(poll, jti="once"))

    assert ask_token(assertion(forum, jti="once")).status_code == 200


def test_an_assertion_that_was_refused_does_not_use_up_its_jti(poll: Tool) -> None:
    ask_token(assertion(poll, jti="once", key=private_key("stranger")))
    ask_token(assertion(poll, jti="once", aud="https://other.example.org"))

    assert ask_token(assertion(poll, jti="once")).status_code == 200


@pytest.mark.parametrize("spelled", ["none", "None", "NONE", ""])
def test_alg_none(poll: Tool, spelled: str) -> None:
    head, claims, signature = assertion(poll).split(".")
    unsigned = encoded({"alg": spelled, "kid": "poll-1"})

    assert refused(ask_token(f"{unsigned}.{claims}.")) == INVALID_CLIENT
    assert refused(ask_token(f"{unsigned}.{claims}.{signature}")) == INVALID_CLIENT
    assert ask_token(f"{head}.{claims}.{signature}").status_code == 200  # the near miss


@pytest.mark.parametrize("form", ["pem", "der"])
def test_hs256_with_the_public_key(poll: Tool, form: str) -> None:
    key = private_key()
    secret = key.as_pem(private=False) if form == "pem" else key.as_der(private=False)
    signed = f"{encoded({'alg': 'HS256', 'kid': 'poll-1'})}.{encoded(claims_of(poll))}"
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()

    assert refused(ask_token(f"{signed}.{encoded(signature)}")) == INVALID_CLIENT


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example.org/token"},
        {"aud": ["https://other.example.org/token"]},
        {"aud": []},
        {"aud": None},
        {"aud": 1},
        {"aud": {"x": "https://testserver"}},
        {"aud": "https://testserver/lti/token/"},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"iat": None},
        {"iat": "now"},
        {"jti": None},
        {"jti": ""},
        {"jti": 1},
        {"jti": "x" * 256},
        {"jti": ["once"]},
        {"iss": "somebody else"},
        {"iss": None},
        {"iss": ["poll"]},
        {"sub": None},
        {"sub": "unknown"},
        {"sub": 1},
        {"sub": {"$ne": ""}},
        {"sub": "\x00"},
        {"nbf": 99_999_999_999},
    ],
)
def test_claims_that_are_wrong_or_missing(poll: Tool, changes: dict[str, Any]) -> None:
    assert refused(ask_token(assertion(poll, **changes))) == INVALID_CLIENT


@pytest.mark.parametrize("seconds", [-61, 700, 86_400, 10**12, 10**300, float("inf")])
def test_an_exp_that_is_past_or_far_ahead(poll: Tool, seconds: float) -> None:
    assert refused(ask_token(assertion(poll, exp=time.time() + seconds))) == INVALID_CLIENT


def test_a_time_with_more_digits_than_a_float_has(poll: Tool) -> None:
    assert refused(ask_token(assertion(poll, exp=10**400))) == INVALID_CLIENT
    assert refused(ask_token(assertion(poll, iat=10**400))) == INVALID_CLIENT


def test_an_iat_in_the_future(poll: Tool) -> None:
    assert refused(ask_token(assertion(poll, iat=time.time() + 120))) == INVALID_CLIENT


def test_iss_and_sub_of_two_tools(poll: Tool) -> None:
    forum = make_tool("Forum")

    assert refused(ask_token(assertion(poll, iss=forum.client_id))) == INVALID_CLIENT


def test_an_unknown_client(poll: Tool) -> None:
    unknown: dict[str, Any] = {"iss": "unknown", "sub": "unknown"}

    assert refused(ask_token(assertion(poll, **unknown))) == INVALID_CLIENT
    assert refused(ask_token(assertion(poll, **unknown), client_id=poll.client_id)) == INVALID_CLIENT


def test_the_name_of_another_tool(poll: Tool) -> None:
    forum = make_tool("Forum", kid="forum-1")

    text = assertion(poll, iss=forum.client_id, sub=forum.client_id)

    assert refused(ask_token(text)) == INVALID_CLIENT


@pytest.mark.parametrize("status", ["disabled", "pending"])
def test_a_tool_that_is_not_active(poll: Tool, status: str) -> None:
    poll.status = status
    poll.save()

    assert refused(ask_token(assertion(poll))) == INVALID_CLIENT


def test_a_retired_key(poll: Tool) -> None:
    poll.keys.get().retire(on=timezone.now())

    assert refused(ask_token(assertion(poll))) == INVALID_CLIENT


@pytest.mark.parametrize("kid", ["poll-1", None])
def test_a_key_of_nobody(poll: Tool, kid: str | None) -> None:
    assert refused(ask_token(assertion(poll, header={"kid": kid}, key=private_key("stranger")))) == INVALID_CLIENT


def test_a_key_that_the_assertion_brings_along(poll: Tool) -> None:
    mine = private_key("stranger")
    published = {
        "jwk": mine.as_dict(private=False),
        "jku": "https://evil.example.org/keys",
        "x5u": "https://evil.example.org/",
    }
    for name, value in published.items():
        head = {"alg": "RS256", "kid": "poll-1", name: value}
        signed = f"{encoded(head)}.{encoded(claims_of(poll))}"
        assert refused(ask_token(f"{signed}.{encoded(signature_of(signed, mine))}")) == INVALID_CLIENT


def test_a_key_under_the_id_of_another(poll: Tool) -> None:
    assert refused(ask_token(assertion(poll, header={"kid": "poll-9"}))) == INVALID_CLIENT


def test_a_changed_payload(poll: Tool) -> None:
    head, _, signature = assertion(poll).split(".")

    assert refused(ask_token(f"{head}.{encoded(claims_of(poll))}.{signature}")) == INVALID_CLIENT


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "a.b.c.d.e", "..", "ñ.ñ.ñ", "e30.e30.e30", "e30.W10.e30"])
def test_an_assertion_that_is_none(poll: Tool, text: str) -> None:
    assert refused(ask_token(text)) == INVALID_CLIENT


@pytest.mark.parametrize("depth", [*range(100, 1000, 50), 60_000])
@pytest.mark.parametrize("start", [b"[", b'{"aud":', b'{"iss":"x","sub":'])
def test_claims_that_are_nested_deeply(poll: Tool, start: bytes, depth: int) -> None:
    nested = start + b"[" * depth + b"]" * depth + (b"}" if start.startswith(b"{") else b"]")
    signature = encoded(b"x" * 256)
    parts = [encoded({"alg": "RS256"}), encoded(nested)]

    for text in (".".join([*parts, signature]), ".".join([*reversed(parts), signature])):
        assert refused(ask_token(text)) == INVALID_CLIENT


@pytest.mark.parametrize("part", [[], 1, "x", None, {"alg": ["RS256"]}, {"alg": None}, {"alg": "RS256", "kid": {}}])
def test_a_header_of_another_shape(poll: Tool, part: Any) -> None:
    assert refused(ask_token(f"{encoded(part)}.{encoded(claims_of(poll))}.{encoded(b'x')}")) == INVALID_CLIENT


def test_a_critical_header_that_nobody_understands(poll: Tool) -> None:
    text = f"{encoded({'alg': 'RS256', 'crit': ['exp2'], 'exp2': 1})}.{encoded(claims_of(poll))}.{encoded(b'x')}"

    assert refused(ask_token(text)) == INVALID_CLIENT


@pytest.mark.parametrize("type_", [None, "", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"])
def test_another_kind_of_assertion(poll: Tool, type_: str | None) -> None:
    assert refused(ask_token(assertion(poll), client_assertion_type=type_)) == INVALID_CLIENT


def test_a_client_secret(poll: Tool) -> None:
    form = {"grant_type": "client_credentials", "client_id": poll.client_id, "client_secret": "x", "scope": NRPS_SCOPE}

    assert refused(Client().post("/lti/token", form | {"grant_type": "client_credentials"}, secure=True))[0] == 400


@pytest.mark.parametrize(
    "scope", [None, "", " ", "openid", "https://purl.imsglobal.org/spec/lti-ags/scope/score", NRPS_SCOPE.upper()]
)
def test_an_empty_part_of_the_scopes(poll: Tool, scope: str | None) -> None:
    assert refused(ask_token(assertion(poll), scope=scope)) == (400, "invalid_scope")
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("grant", ["authorization_code", "password", "", "ñ", 'client_credentials"'])
def test_another_grant(poll: Tool, grant: str) -> None:
    assert refused(ask_token(assertion(poll), grant_type=grant)) == (400, "unsupported_grant_type")


def test_no_grant(poll: Tool) -> None:
    assert refused(ask_token(assertion(poll), grant_type=None)) == (400, "invalid_request")


def test_a_parameter_twice(poll: Tool) -> None:
    assert refused(ask_token(assertion(poll), scope=[NRPS_SCOPE, NRPS_SCOPE])) == (400, "invalid_request")


def test_parameters_in_the_url(poll: Tool) -> None:
    response = Client().post(f"/lti/token?scope={NRPS_SCOPE}", secure=True)

    assert refused(response) == (400, "invalid_request")


def test_a_body_of_json(poll: Tool) -> None:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}

    assert refused(Client().post("/lti/token", form, "application/json", secure=True)) == (400, "invalid_request")


def test_plain_http_from_elsewhere(poll: Tool) -> None:
    form = f"grant_type=client_credentials&client_assertion={assertion(poll)}"

    response = Client().post("/lti/token", form, "application/x-www-form-urlencoded")

    assert response.status_code == 400


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_another_method(poll: Tool, method: str) -> None:
    assert getattr(Client(), method)("/lti/token", secure=True).status_code == 405


CLAIMS = st.sampled_from(["iss", "sub", "aud", "exp", "jti", "nbf", "iat"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


class Fuzz(TestCase):
    """Whatever stands in an assertion that a tool signed, the answer is an OAuth error, never a failure."""

    @given(changes=st.dictionaries(CLAIMS, ANYTHING, min_size=1))
    @settings(max_examples=60, deadline=None)
    def test_it_answers_an_error(self, changes: dict[str, Any]) -> None:
        tool = make_tool()
        deploy(tool)
        head = encoded({"alg": "RS256", "kid": "poll-1"})
        body = encoded({**claims_of(tool), **changes})
        response = ask_token(f"{head}.{body}.{encoded(signature_of(f'{head}.{body}', private_key()))}")

        assert response.status_code in {200, 400}
        assert response.status_code == 200 or response.json()["error"] == "invalid_client"
