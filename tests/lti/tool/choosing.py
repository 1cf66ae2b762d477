"""Deep linking requests of the scripted LMS, and the form on which somebody chooses."""

import html
import re
from typing import Any

from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from lti import claims
from tests.client import new_client
from tests.lti.launches import posted
from tests.lti.tool.launching import launch
from tests.lti.tool.lms import Lms

CHOOSE = "/lti/course/deep-linking"
RETURN = "https://lms.example.com/return?course=7"


def asks(**changes: Any) -> dict[str, Any]:
    """The claims of a deep linking request, where they differ from those of a launch."""
    settings = {
        "deep_link_return_url": RETURN,
        "accept_types": ["link", "ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": False,
        "auto_create": True,
        "data": "csrf 7",
        **changes,
    }
    return {
        claims.MESSAGE_TYPE: claims.DEEP_LINKING_REQUEST,
        claims.RESOURCE_LINK: None,
        claims.DEEP_LINKING_SETTINGS: {name: value for name, value in settings.items() if value is not None},
    }


def opened(browser: Client, lms: Lms, settings: Any = None, **changes: Any) -> Any:
    """The page that a request opens, with these settings and changes to the claims."""
    return launch(browser, lms, **{**asks(**(settings or {})), **changes})


def choice_in(page: Any) -> str:
    """The signed text in the form of a page."""
    found = re.search(r'name="choice" value="([^"]*)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])


def press(page: Any, /, **form: str) -> Any:
    """Send the form of a page: from a frame, so without a cookie."""
    return Client(enforce_csrf_checks=True).post(CHOOSE, {"choice": choice_in(page), **form})


def offered(page: Any) -> list[str]:
    """The ids of the organizations with a button on a page, in order."""
    return re.findall(r'name="organization" value="(\d+)"', page.content.decode())


def answer(page: Any) -> tuple[str, dict[str, Any]]:
    """Where a page posts its answer to, and the claims of it, its signature checked with the published keys."""
    assert page.status_code == 200, page.content.decode()
    url, fields = posted(page)
    keys = KeySet.import_key_set(new_client().get("/lti/jwks").json())
    return url, jwt.decode(fields["JWT"], keys, algorithms=["RS256"]).claims
