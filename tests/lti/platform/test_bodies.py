"""Whatever body is sent to an LTI endpoint that answers JSON, the answer is JSON in that endpoint's form of errors."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from rest_framework.views import APIView

from lti.models import Invitation, Tool
from lti.platform.registration import RegisterView
from lti.platform.token import TokenView
from lti.urls import urlpatterns
from tests.lti.ltik.ltik_api import key_of
from tests.lti.tool_crowd import NOW
from tests.lti.tools import make_tool
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LARGE = 3 * 1024 * 1024

BODIES: dict[str, tuple[str, bytes]] = {
    "a form that is too large": (FORM, b"grant_type=" + b"x" * LARGE),
    "JSON that is too large": (JSON, b'"' + b"x" * LARGE + b'"'),
    "too many parameters": (FORM, urlencode({f"p{n}": "" for n in range(1001)}).encode()),
    "another type": ("text/plain", b"grant_type=client_credentials"),
    "no type": ("", b"grant_type=client_credentials"),
    "a type with an unknown character set": (f"{FORM}; charset=x", b"grant_type=client_credentials"),
    "bytes that are no text": (FORM, b"grant_type=%FF%FE&\xff=\xfe"),
    "JSON that is no text": (JSON, b'{"a": "\xff"}'),
    "JSON that breaks off": (JSON, b"{"),
    "JSON that is deep": (JSON, b"[" * 100_000),
    "multipart without a boundary": ("multipart/form-data", b"x"),
    "multipart that breaks off": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
    "nothing": (FORM, b""),
}


def test_the_endpoints_that_take_json_or_forms_of_programs_are_all_here() -> None:
    found = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    views: dict[Any, Any] = {pattern.name: getattr(pattern.callback, "view_class", None) for pattern in found}
    machines = {
        name for name, view in views.items() if view in {TokenView, RegisterView} or issubclass(view or object, APIView)
    }

    assert machines == {"token", "register", "memberships"}
    assert get_resolver().reverse_dict.getlist("launches")


def send(path: str, kind: str, body: bytes, **headers: str) -> HttpResponse:
    client = Client(raise_request_exception=False)
    response: Any = client.generic("POST", path, body, content_type=kind, secure=True, headers=headers)
    return response  # type: ignore[no-any-return]


@pytest.mark.parametrize("sent", BODIES.values(), ids=BODIES)
def test_the_token_endpoint_answers_an_error_of_oauth(sent: tuple[str, bytes]) -> None:
    response = send("/lti/token", *sent)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert response.json()["error"] in {"invalid_request", "unsupported_grant_type", "invalid_client"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("sent", BODIES.values(), ids=BODIES)
def test_registration_answers_an_error_of_oauth(sent: tuple[str, bytes]) -> None:
    _, token = Invitation.create("Poll", on=NOW.replace(year=9000))

    response = send("/lti/register", *sent, Authorization=f"Bearer {token}")

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client_metadata"  # type: ignore[attr-defined]
    assert not Tool.objects.exists()


@pytest.mark.parametrize("sent", BODIES.values(), ids=BODIES)
def test_launches_answer_an_error_of_the_ltik_api(sample: SampleData, sent: tuple[str, bytes]) -> None:
    tool = make_tool()
    key = key_of(tool)
    tool.api_keys.update(may_launch=True)

    response = send("/api/launches", *sent, Authorization=f"Bearer {key}")

    assert 400 <= response.status_code < 500
    assert "json" in response["Content-Type"]


@pytest.mark.parametrize("sent", BODIES.values(), ids=BODIES)
def test_a_roster_takes_no_bodies(sent: tuple[str, bytes]) -> None:
    response = send("/lti/contexts/4a8b0b8e-0000-4000-8000-000000000000/memberships", *sent)

    assert response.status_code in {401, 405}
    assert "json" in response["Content-Type"]
