"""Third-party-initiated login: a learning platform opens this server, which sends the browser back to sign in.

The specification is the LTI 1EdTech Security Framework 1.1, section 5.1.1. In a frame, the browser is first sent to
`/lti/course/login/continue`, which sees whether it kept the cookie. If it did not, the login goes on by the platform's
storage where there is one (LTI Client Side postMessages, LTI Platform Storage), and else in a new window. All this
comes before the platform is asked, because Moodle answers a login once.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from lti.core import urls
from lti.core.web_origin import web_origin
from lti.models import LearningPlatform
from lti.tool.errors import LaunchRefused, LoginNotFound
from lti.tool.login_state import LoginState, login_state, restart_parameters, restartable, state_id
from lti.tool.registrations import platform_of

PARAMETERS = ("iss", "login_hint", "target_link_uri", "lti_message_hint", "client_id", "lti_deployment_id")
"""The parameters of a login, by which it can be begun again."""

STORAGE_TARGET = "lti_storage_target"
"""The parameter with the name of the platform's frame that has its storage; `_parent` for the frame around."""


@dataclass(frozen=True)
class Login:
    """A login that has begun."""

    platform: LearningPlatform
    state: LoginState
    parameters: dict[str, str]
    """The parameters that the platform sent."""
    sent_state: str
    """The state as the platform gets it."""

    @property
    def authorization_url(self) -> str:
        """The URL of the platform that the browser is sent to."""
        message_hint = self.parameters.get("lti_message_hint")
        query = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": self.platform.client_id,
            "redirect_uri": urls.course_launch_url(),
            "state": self.sent_state,
            "nonce": self.state.nonce,
            "login_hint": self.parameters["login_hint"],
            **({"lti_message_hint": message_hint} if message_hint else {}),
        }
        url = self.platform.authorization_url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"

    @property
    def continue_url(self) -> str:
        """Where the browser shows whether it kept the cookie."""
        return f"{reverse('lti:course-login-continue')}?{urlencode({'state': self.sent_state})}"

    @property
    def storage(self) -> dict[str, str] | None:
        """Where the platform's storage is: the name of its frame, and its origin. None if it offers none."""
        return storage_of(self.platform, self.parameters.get(STORAGE_TARGET))


def begin_login(request: HttpRequest) -> Login:
    """The login that a learning platform asks for. LaunchRefused if it is incomplete or unknown."""
    given = request.GET if request.method == "GET" else request.POST
    return login_of({name: given[name] for name in (*PARAMETERS, STORAGE_TARGET) if given.get(name)}, request)


def login_of(parameters: dict[str, str], request: HttpRequest) -> Login:
    platform = platform_of(parameters.get("iss"), parameters.get("client_id"))
    if "login_hint" not in parameters:
        raise LaunchRefused(400, "The learning platform began this launch incompletely: login_hint is missing.")
    state = LoginState.new(platform)
    is_framed = request.headers.get("Sec-Fetch-Dest") != "document"  # absent: an older browser, perhaps in a frame
    return Login(platform, state, parameters, restartable(state.state, parameters) if is_framed else state.state)


def continued_login(request: HttpRequest) -> tuple[Login, bool]:
    """The login of a state in a frame, and whether the browser kept its cookie. LoginNotFound for any other state.

    Without the cookie the login gets a new nonce, for the platform's storage.
    """
    sent_state = request.GET.get("state", "")
    parameters = restart_parameters(sent_state)
    if parameters is None:
        raise LoginNotFound
    platform = platform_of(parameters.get("iss"), parameters.get("client_id"))
    found = login_state(request, sent_state)
    state = found or LoginState.new(platform, state_id(sent_state))
    return Login(platform, state, parameters, sent_state), found is not None


def restart_url(state: Any) -> str | None:
    """The URL that begins the login of a state again; None for a state without its parameters."""
    parameters = restart_parameters(state)
    if parameters is None:
        return None
    query = {name: value for name, value in parameters.items() if name != STORAGE_TARGET}
    return f"{reverse('lti:course-login')}?{urlencode(query)}"


def storage_of(platform: LearningPlatform, target: Any) -> dict[str, str] | None:
    """The frame and the origin of a platform's storage; None without the name of a frame."""
    if not isinstance(target, str) or not re.fullmatch("[A-Za-z0-9_.-]{1,100}", target):
        return None
    return {"target": target, "origin": web_origin(platform.authorization_url)}
