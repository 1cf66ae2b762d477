"""State and nonce of a login, kept in the browser until the launch, for at most ten minutes.

The server stores nothing, so that logins cannot fill its storage. The browser keeps a sealed text, in one of two ways:

- in a cookie. A launch is a post from the learning platform, often inside of its frame, so the cookie has
  SameSite=None, which browsers accept over HTTPS only, and Partitioned, so that browsers without third-party cookies
  store it for this pair of sites;
- in the platform's storage (LTI Platform Storage), by a script of this site that asks the platform's frame for it
  (`lti/static/lti/platform_storage.js`). Only a request from a page of this site may bring it (`is_from_this_site`).
"""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from lti.models import LearningPlatform

LOGIN_LIFETIME = 600
"""Maximum seconds between the login and the launch."""

SALT = "lti.tool.login"
RESTART_SALT = "lti.tool.login.restart"

STORED = "stored"
"""The parameter with the sealed login that the platform's storage kept."""

LONGEST_RESTART = 3000
"""Characters of the parameters of a login that are sent along with its state, at most."""


@dataclass(frozen=True)
class LoginState:
    """A login of this browser."""

    state: str
    nonce: str
    platform_id: int

    @classmethod
    def new(cls, platform: LearningPlatform, state: str | None = None) -> "LoginState":
        """A login with a nonce of its own, and a state unless it has one already."""
        return cls(state or f"state-{secrets.token_hex(20)}", secrets.token_hex(24), platform.pk)

    @property
    def sealed(self) -> str:
        """The text that the browser keeps."""
        return signing.dumps([self.state, self.nonce, self.platform_id], salt=SALT)


def unsealed(text: str) -> LoginState | None:
    """The login of a text that the browser kept; None for one that is too old or not from here."""
    try:
        return LoginState(*signing.loads(text, salt=SALT, max_age=LOGIN_LIFETIME))
    except signing.BadSignature:
        return None


def login_state(request: HttpRequest, state: Any) -> LoginState | None:
    """The login of this browser with this state, if it is not too old."""
    if not is_state(state):
        return None
    found = unsealed(request.COOKIES.get(cookie_name(state), ""))
    if found is None and is_from_this_site(request):
        found = unsealed(request.POST.get(STORED, ""))
    return found if found and found.state == state_id(state) else None


def is_from_this_site(request: HttpRequest) -> bool:
    """Did a page of this site send the request? Browsers say so themselves; no other site's page can."""
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.headers.get("Origin") == settings.SITE_URL


def is_state(state: Any) -> bool:
    return isinstance(state, str) and re.fullmatch(r"[a-z0-9-]{1,60}(~[A-Za-z0-9:_.-]+)?", state) is not None


def state_id(state: str) -> str:
    """The state without the parameters of its login."""
    return state.partition("~")[0]


def restartable(state: str, parameters: dict[str, str]) -> str:
    """A state together with the parameters of its login, by which the login can be begun again in a new window.

    Without them if they are too long for a URL.
    """
    sealed = signing.dumps(parameters, salt=RESTART_SALT, compress=True)
    return f"{state}~{sealed}" if len(sealed) <= LONGEST_RESTART else state


def restart_parameters(state: Any) -> dict[str, str] | None:
    """The parameters of the login of a state; None if it has none, is too old or not from here."""
    if not is_state(state):
        return None
    try:
        found: dict[str, str] = signing.loads(state.partition("~")[2], salt=RESTART_SALT, max_age=LOGIN_LIFETIME)
    except signing.BadSignature:
        return None
    return found


def cookie_name(state: str) -> str:
    """The name of the cookie of a login. With `__Host-`, no other host of the domain can set it."""
    return f"{'__Host-' if settings.HTTPS else ''}lti-{state_id(state)}"


def store_in_cookie(response: HttpResponse, login: LoginState) -> None:
    """Set the cookie of a login on an answer."""
    set_cookie(response, login.state, login.sealed, LOGIN_LIFETIME)


def delete_cookie(response: HttpResponse, state: str) -> None:
    """Let the browser forget a login that came to its launch."""
    set_cookie(response, state, "", 0)


def set_cookie(response: HttpResponse, state: str, text: str, seconds: int) -> None:
    same_site: Any = "None" if settings.HTTPS else None
    name = cookie_name(state)
    response.set_cookie(name, text, max_age=seconds, secure=settings.HTTPS, httponly=True, samesite=same_site)
    if settings.HTTPS:
        # http.cookies knows Partitioned from Python 3.14 on
        response.cookies[name]["samesite"] = "None; Partitioned"
