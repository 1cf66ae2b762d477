"""Authentication of a tool by its access token: `Authorization: Bearer TOKEN`."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6750 import BearerTokenValidator, InsufficientScopeError, InvalidTokenError
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from lti.claims import NRPS_SCOPE
from lti.models import AccessToken, Tool
from roster import secrets
from roster.api.authentication import Credential
from roster.privacy import PUBLIC


@dataclass(frozen=True, slots=True)
class ToolCredential(Credential):
    """The result of authentication: an access token and its tool."""

    token: AccessToken | None = None

    @property
    def tool(self) -> Tool:
        if self.token is None:
            raise LookupError("This credential belongs to no tool.")
        return self.token.tool


class TokenValidator(BearerTokenValidator):
    """Finds a token by the hash of its text. The text is not stored."""

    def authenticate_token(self, token_string: str) -> AccessToken | None:
        return AccessToken.objects.with_tool().filter(token_hash__in=secrets.keyed_hashes(token_string)).first()


class ToolAuthentication(BaseAuthentication):
    """An access token of an active tool, with the scope of the service."""

    validator = TokenValidator()

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="lti"'

    def authenticate(self, request: Request) -> tuple[Any, ToolCredential] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer":
            raise AuthenticationFailed("Send the access token as “Authorization: Bearer TOKEN”.")
        token = self.validator.authenticate_token(text.strip())
        try:
            self.validator.validate_token(token, [NRPS_SCOPE], request)
        except InsufficientScopeError as error:
            raise PermissionDenied(f"This access token does not have the scope {NRPS_SCOPE}.") from error
        except InvalidTokenError as error:
            raise AuthenticationFailed("This access token is not good, or not any more. Ask for a new one.") from error
        assert token is not None  # noqa: S101 (the validator refuses None)
        return AnonymousUser(), ToolCredential(PUBLIC if token is None else token.tool.reads, token=token)
