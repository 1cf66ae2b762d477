"""State and nonce of a login, kept in a signed cookie until the launch, for at most ten minutes.

The server stores nothing, so that logins cannot fill its storage. The browser has to send the cookie with a post from
the learning platform, inside of its frame: SameSite=None, which browsers accept over HTTPS only.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from pylti1p3.cookie import CookieService
from pylti1p3.session import SessionService

from lti.models import LearningPlatform

LOGIN_LIFETIME = 600
"""Maximum seconds between the login and the launch."""

SALT = "lti.tool.login"


@dataclass(frozen=True)
class LoginState:
    """A login of this browser."""

    state: str
    nonce: str
    platform_id: int


def cookie_name(state: str) -> str:
    """The name of the cookie of a login. With `__Host-`, no other host of the domain can set it."""
    return f"{'__Host-' if settings.HTTPS else ''}lti-{state}"


def login_state(request: HttpRequest, state: Any) -> LoginState | None:
    """The login of this browser with this state, if it is not too old."""
    if not isinstance(state, str) or not re.fullmatch("[a-z0-9-]{1,60}", state):
        return None
    try:
        found = LoginState(
            *signing.loads(request.COOKIES.get(cookie_name(state), ""), salt=SALT, max_age=LOGIN_LIFETIME)
        )
    except signing.BadSignature:
        return None
    return found if found.state == state else None


class CookieStorage(CookieService, SessionService):
    """PyLTI1p3's storage of a state and a nonce, both in one cookie."""

    state: str
    nonce: str

    def __init__(self, found: LoginState | None = None) -> None:
        self.found = found

    # At the login

    def set_cookie(self, name: str, value: str | int, exp: int | None = None) -> None:
        self.state = str(value)

    def save_nonce(self, nonce: str) -> None:
        self.nonce = nonce

    def store(self, response: HttpResponse, platform: LearningPlatform) -> None:
        """Set the cookie of this login on an answer."""
        set_cookie(
            response, self.state, signing.dumps([self.state, self.nonce, platform.pk], salt=SALT), LOGIN_LIFETIME
        )

    # At the launch

    def get_cookie(self, name: str) -> str | None:
        return self.found.state if self.found else None

    def check_nonce(self, nonce: str) -> bool:
        return self.found is not None and nonce == self.found.nonce

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:
        return False  # no second launch by the same id_token, which the library allows within a session

    def set_state_valid(self, state: str, id_token_hash: str) -> None:
        pass

    def save_launch_data(self, key: str, jwt_body: Any) -> None:
        pass


def delete_cookie(response: HttpResponse, state: str) -> None:
    """Let the browser forget a login that came to its launch."""
    set_cookie(response, state, "", 0)


def set_cookie(response: HttpResponse, state: str, text: str, seconds: int) -> None:
    same_site: Any = "None" if settings.HTTPS else None
    response.set_cookie(
        cookie_name(state), text, max_age=seconds, secure=settings.HTTPS, httponly=True, samesite=same_site
    )
