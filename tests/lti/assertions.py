"""Client assertions for the tests: good ones, and each way of being bad."""

import time
import uuid
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt

from lti.claims import NRPS_SCOPE
from lti.models import Tool
from tests.client import new_client
from tests.lti.tools import private_key

TOKEN_URL = "https://testserver/lti/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def claims_of(tool: Tool, **changes: Any) -> dict[str, Any]:
    """Good claims of a tool; a change to None leaves a claim out."""
    now = int(time.time())
    claims = {
        "iss": tool.client_id,
        "sub": tool.client_id,
        "aud": TOKEN_URL,
        "iat": now - 5,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def assertion(tool: Tool, *, header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
    """A signed assertion of a tool."""
    head = {"alg": "RS256", "kid": "poll-1", **(header or {})}
    head = {name: value for name, value in head.items() if value is not None}
    return jwt.encode(head, claims_of(tool, **changes), key or private_key(), algorithms=[head["alg"]])


def ask_token(text: str, **changes: Any) -> Any:
    """What the token endpoint answers to an assertion; a change to None leaves a parameter out."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": text,
        "scope": NRPS_SCOPE,
        **changes,
    }
    sent = {name: value for name, value in form.items() if value is not None}
    return new_client().post(
        "/lti/token", urlencode(sent, doseq=True), content_type="application/x-www-form-urlencoded", secure=True
    )


def refused(response: Any) -> tuple[int, str]:
    """The status and the error of a refusal."""
    return response.status_code, response.json()["error"]
