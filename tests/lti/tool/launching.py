"""Launches from a scripted LMS: a browser begins one, and the LMS answers with an id_token, good or bad."""

import base64
import hmac
import json
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from joserfc import jws
from joserfc.jwk import RSAKey

from lti import claims
from lti.models import Course, CourseLaunch
from tests.lti.tool.lms import INSTRUCTOR, LEARNER, ROSTER, Lms, Reply

SUBJECT = "lms-user-7"

IN_WINDOW = {"Sec-Fetch-Dest": "document"}
"""A header by which a browser says that a page is not in a frame."""

NOT_BEGUN = "This launch did not start in this browser"
"""How a page begins that refuses a launch for its state or nonce."""


@cache
def lms_key(kid: str = "lms-1") -> RSAKey:
    """A key that an LMS signs with."""
    return RSAKey.generate_key(2048, {"kid": kid}, auto_kid=False)


def publish_keys(lms: Lms, *kids: str) -> None:
    """Let an LMS publish these keys."""
    lms.replies["/keys"] = Reply({"keys": [lms_key(kid).as_dict(private=False) for kid in kids or ("lms-1",)]})


def login(browser: Client, lms: Lms, *, headers: Any = None, **changes: Any) -> Any:
    """What this server answers to the LMS's login in a window; a change to None leaves a parameter out."""
    asked = {
        "iss": lms.url,
        "login_hint": SUBJECT,
        "target_link_uri": "https://testserver/lti/course/launch",
        "lti_message_hint": "hint-1",
        "client_id": "campus-roster",
        "lti_deployment_id": "1",
        **changes,
    }
    query = {name: value for name, value in asked.items() if value is not None}
    return browser.get("/lti/course/login", query, headers=headers or IN_WINDOW)


def sent_to(response: Any) -> dict[str, str]:
    """The parameters of a redirect."""
    assert response.status_code == 302, response.content.decode()
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def launch_claims(lms: Lms, asked: dict[str, str], **changes: Any) -> dict[str, Any]:
    """Good claims of the LMS, in answer to what it was asked; a change to None leaves a claim out."""
    now = int(time.time())
    message = {
        "iss": lms.url,
        "aud": asked["client_id"],
        "sub": SUBJECT,
        "nonce": asked["nonce"],
        "iat": now - 2,
        "exp": now + 300,
        "name": "Ann Lee",
        "email": "ann@example.com",
        claims.MESSAGE_TYPE: claims.RESOURCE_LINK_REQUEST,
        claims.VERSION: claims.LTI_VERSION,
        claims.DEPLOYMENT_ID: "1",
        claims.TARGET_LINK_URI: "https://testserver/lti/course/launch",
        claims.RESOURCE_LINK: {"id": "link-1", "title": "Poll of the week"},
        claims.ROLES: [INSTRUCTOR, LEARNER],
        claims.CONTEXT_CLAIM: {"id": "chem-101", "label": "CHEM 101", "title": "Chemistry", "type": ["CourseOffering"]},
        claims.LIS: {"person_sourcedid": "S-7"},
        claims.TOOL_PLATFORM: {"guid": "lms", "product_family_code": "moodle"},
        claims.NAMES_AND_ROLES: {"context_memberships_url": lms.url + ROSTER, "service_versions": ["2.0"]},
        **changes,
    }
    return {name: value for name, value in message.items() if value is not None}


def signed(message: Any, *, kid: str | None = "lms-1", key: Any = None, **header: Any) -> str:
    head = {"alg": "RS256", "kid": kid, **header}
    head = {name: value for name, value in head.items() if value is not None}
    return jws.serialize_compact(head, json.dumps(message), key or lms_key(str(kid)), algorithms=[head["alg"]])


def post(browser: Client, id_token: str, state: str, **more: str) -> Any:
    return browser.post("/lti/course/launch", {"id_token": id_token, "state": state, **more})


def launch(browser: Client, lms: Lms, **changes: Any) -> Any:
    """What this server answers at the end of a whole launch, with these changes to the claims."""
    if "/keys" not in lms.replies:
        publish_keys(lms)
    asked = sent_to(login(browser, lms))
    return post(browser, signed(launch_claims(lms, asked, **changes)), asked["state"])


def unsigned(message: dict[str, Any], alg: str = "none") -> str:
    """A token without its signature."""
    parts = ({"alg": alg, "kid": "lms-1"}, message)
    return ".".join(encoded(json.dumps(part).encode()) for part in parts) + "."


def signed_by_the_public_key(message: dict[str, Any]) -> str:
    """A token whose signature is an HMAC with what everybody can read."""
    text = unsigned(message, "HS256")
    return text + encoded(hmac.digest(lms_key().as_pem(private=False), text[:-1].encode(), "sha256"))


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def assert_refused(response: Any, status: int, words: str) -> None:
    """A page says why, and nothing is kept of the launch."""
    text = response.content.decode()
    assert response.status_code == status, text
    assert "<h1>This cannot be opened</h1>" in text
    assert words in text
    assert not CourseLaunch.objects.exists()
    assert not Course.objects.exists()
