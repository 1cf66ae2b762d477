"""Logins and launches from learning platforms, by PyLTI1p3 with additional checks.

The library checks state, nonce, registration, signature, deployment, version and message. Added here: the key set is
fetched with limits, and only public keys are accepted; `aud` and `azp` are compared in full; `exp` and `iat` are
required; values must have their type; a nonce is accepted once.
"""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from pylti1p3.exception import LtiException, OIDCException
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect

from lti import claims, keys
from lti.core import urls
from lti.models import LearningPlatform, PlatformDeployment, UsedNonce
from lti.tool.errors import LaunchRefused
from lti.tool.login_state import LOGIN_LIFETIME, CookieStorage, login_state
from lti.tool.platform_jwks import platform_jwks
from lti.tool.pylti_config import PyltiRequest, Registrations
from lti.tool.texts import is_lms_id
from lti.tool.unavailable import CourseUnavailable

LEEWAY = 60
"""Seconds that the clocks of a platform and this server may differ."""


class RedirectTarget(Redirect[str]):
    """The redirect to the learning platform's authorization URL."""

    def __init__(self, url: str) -> None:
        self.url = url

    def do_redirect(self) -> str:
        return self.url

    def do_js_redirect(self) -> str:
        return self.url

    def set_redirect_url(self, location: str) -> None:
        self.url = location

    def get_redirect_url(self) -> str:
        return self.url


class PyltiLogin(OIDCLogin[PyltiRequest, Registrations, CookieStorage, CookieStorage, str]):
    """A login that a learning platform initiates."""

    def get_redirect(self, url: str) -> RedirectTarget:
        authorization_url = self._tool_config.platform.authorization_url
        query = url.removeprefix(f"{authorization_url}?")
        return RedirectTarget(f"{authorization_url}{'&' if '?' in authorization_url else '?'}{query}")


def begin_login(request: HttpRequest) -> tuple[str, CookieStorage, LearningPlatform]:
    """The URL to redirect to, the storage with the cookie, and the platform. LaunchRefused for an invalid login."""
    registrations, storage = Registrations(), CookieStorage()
    login = PyltiLogin(PyltiRequest(request), registrations, storage, storage)
    try:
        url = login.redirect(urls.course_launch_url())
    except OIDCException as error:
        raise LaunchRefused(400, f"The learning platform began this launch incompletely: {error}.") from error
    return url, storage, registrations.platform


class PyltiLaunch(MessageLaunch[PyltiRequest, Registrations, CookieStorage, CookieStorage]):
    """An id_token that a learning platform posted."""

    def __init__(self, request: HttpRequest, *, on: dt.datetime) -> None:
        self.storage = CookieStorage(login_state(request, request.POST.get("state")))
        self.on = on
        super().__init__(PyltiRequest(request), Registrations(), self.storage, self.storage)
        self.set_jwt_verify_options(dict.fromkeys(("verify_aud", "verify_exp", "verify_iat", "verify_nbf"), False))

    def _get_request_param(self, key: str) -> Any:
        return self._request.get_param(key)

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of the id_token."""
        return self._jwt["body"]  # type: ignore[return-value]

    @property
    def deployment(self) -> PlatformDeployment:
        return self._tool_config.deployment

    def get_client_id(self) -> str:
        """The client id: the authorized party if there is one, else the audience."""
        audience = self.claims.get("aud")
        named = self.claims.get("azp") or (audience[0] if isinstance(audience, list) and audience else audience)
        return str(named)

    def validate_jwt_format(self) -> "PyltiLaunch":
        super().validate_jwt_format()
        if not isinstance(self._jwt["header"], dict) or not isinstance(self.claims, dict):
            raise LtiException("Invalid JWT format")
        reject_malformed(self.claims)
        return self

    def validate_registration(self) -> "PyltiLaunch":
        super().validate_registration()
        found = self.storage.found
        if found is None or found.platform_id != self._tool_config.platform.pk:
            raise LtiException("State not found")  # this login began with another platform
        self.validate_before_keys()
        kid = self._jwt["header"]["kid"]
        assert self._registration is not None  # noqa: S101 (the library has set it)
        try:
            key_set: Any = platform_jwks(self._tool_config.platform, kid, on=self.on)
        except CourseUnavailable as error:
            raise LaunchRefused.from_unavailable(error) from error
        self._registration.set_key_set(key_set)
        return self

    def fetch_public_key(self, key_set_url: str) -> Any:
        """Prevent the library from fetching an empty key set itself."""
        raise LtiException("Unable to find public key")

    def validate_before_keys(self) -> None:
        """The checks that need no key, so that only a well-formed message makes this server fetch keys."""
        header = self._jwt["header"]
        if header.get("alg") not in keys.ALGORITHMS:
            raise LtiException("its algorithm is not one accepted here")
        if not is_lms_id(header.get("kid")):
            raise LtiException("JWT KID not found")
        self.validate_audience()
        self.validate_times()

    def validate_audience(self) -> None:
        audience = self.claims["aud"] if isinstance(self.claims["aud"], list) else [self.claims["aud"]]
        client_id = self._tool_config.platform.client_id
        if client_id not in audience:
            raise LtiException("aud is not this server")
        if self.claims.get("azp", client_id) != client_id or (len(audience) > 1 and "azp" not in self.claims):
            raise LtiException("azp is not this server")

    def validate_times(self) -> None:
        now = self.on.timestamp()
        if not claims.is_numeric_date(self.claims.get("exp")) or not claims.is_numeric_date(self.claims.get("iat")):
            raise LtiException("exp or iat is missing")
        if self.claims["exp"] + LEEWAY <= now:
            raise LtiException("it has expired")
        instants: list[Any] = [self.claims["iat"], self.claims.get("nbf")]
        if any(claims.is_numeric_date(at) and at > now + LEEWAY for at in instants):
            raise LtiException("it is from the future")

    def validate_message(self) -> "PyltiLaunch":
        if self.claims.get(claims.MESSAGE_TYPE) != claims.RESOURCE_LINK_REQUEST:
            raise LaunchRefused(400, f"This server takes messages of the type {claims.RESOURCE_LINK_REQUEST} only.")
        super().validate_message()
        return self

    def save_launch_data(self) -> "PyltiLaunch":
        """Mark the nonce as used. It is the last step, so that a refused launch does not use it up."""
        until = self.on + dt.timedelta(seconds=LOGIN_LIFETIME + LEEWAY)
        if not UsedNonce.use("course launch", self.claims["iss"], self.claims["nonce"], until=until, on=self.on):
            raise LtiException("Invalid Nonce")
        return self


def read_launch(request: HttpRequest, *, on: dt.datetime) -> PyltiLaunch:
    """The launch that a learning platform posted. LaunchRefused if a check fails."""
    launch = PyltiLaunch(request, on=on)
    try:
        launch.validate()
    except LtiException as error:
        raise refused_launch(str(error)) from error
    except RecursionError as error:
        raise refused_launch("its parts are nested too deeply") from error
    return launch


def refused_launch(reason: str) -> LaunchRefused:
    """The refusal for an error of the library."""
    if reason in {"State not found", "Missing state param", "Invalid Nonce"}:
        return LaunchRefused(
            401,
            "This launch did not start in this browser, is too old, or was sent twice. Open the link in the course "
            "again. If that does not help, your browser stores no cookies on a page embedded in another site: ask "
            "for the link to be opened in a new window.",
        )
    return LaunchRefused(
        400 if reason.startswith("Missing") else 401, f"The learning platform’s message is refused: {reason}."
    )


def reject_malformed(message: dict[str, Any]) -> None:
    """LaunchRefused for claims whose type is not that of the LTI specification."""
    ids = {name: message.get(name) for name in ("iss", "sub", "nonce", claims.DEPLOYMENT_ID)}
    for name in (claims.RESOURCE_LINK, claims.CONTEXT_CLAIM):
        claim = message.get(name, {})
        ids[name] = claim.get("id") if isinstance(claim, dict) else ""
    wrong = [
        name.removeprefix(claims.CLAIM) for name, value in ids.items() if value is not None and not is_lms_id(value)
    ]
    audience = message.get("aud")
    if not all(is_lms_id(one) for one in (audience if isinstance(audience, list) and audience else [audience])):
        wrong.append("aud")
    if not isinstance(message.get(claims.ROLES, []), list):
        wrong.append("roles")
    if wrong:
        raise LaunchRefused(400, f"The learning platform’s message is not understood: {', '.join(wrong)}.")
