"""`POST /lti/token`: a tool shows who it is by an assertion that it signed, and gets an access token (RFC 7523).

Authlib runs the grant. What it leaves open is closed here: the kinds of signatures, several keys without an id, the
age of an assertion, its `jti` across workers, and the scopes.
"""

import datetime as dt
import math
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, InvalidScopeError, OAuth2Error
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from lti import addresses, keys
from lti.models import AccessToken, Once, Tool
from lti.models.access_token import LIFETIME
from lti.platform.key_sets import keys_of
from roster import secrets

AUTH_METHOD = "private_key_jwt"

LEEWAY = 60
"""Seconds that the clocks of a tool and this server may differ."""

FURTHEST_EXPIRY = 600
"""Seconds ahead that an assertion may expire at most."""

LONGEST_JTI = 255


class ClientAssertion(JWTBearerClientAssertion):
    """The signed assertion of a tool."""

    CLIENT_AUTH_METHOD = AUTH_METHOD

    def __init__(self) -> None:
        super().__init__(leeway=LEEWAY)

    def get_audiences(self) -> list[str]:
        return [addresses.token_url(), addresses.issuer()]

    def resolve_client_public_key(self, client: Tool) -> list[Key]:
        return keys_of(client, on=timezone.now())

    def process_assertion_claims(self, assertion: str, resolve_key: list[Key]) -> dict[str, Any]:
        """The claims of an assertion that one of these keys signed. InvalidClientError for any other."""
        try:
            header, _ = self.extract_assertion(assertion)
            if header.get("alg") not in keys.ALGORITHMS:
                raise InvalidClientError(description="The assertion is not signed with a key of a kind accepted here.")
            claims = signed_claims(assertion, keys.candidates(resolve_key, header.get("kid")))
        except JoseError as error:
            raise InvalidClientError(description="The assertion is not signed with a key of this tool.") from error
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        now = timezone.now().timestamp()
        for name in ("exp", "iat"):
            if not is_instant(claims.get(name)):
                raise InvalidClientError(description=f"The claim {name} is missing or not in seconds.")
        if claims["exp"] > now + FURTHEST_EXPIRY + LEEWAY:
            raise InvalidClientError(description=f"The claim exp is more than {FURTHEST_EXPIRY} seconds ahead.")
        if claims["iat"] > now + LEEWAY:
            raise InvalidClientError(description="The claim iat is in the future.")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
            raise InvalidClientError(description="The claim jti is missing, or no text of up to 255 characters.")
        super().verify_claims(claims)

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """Is it the first time that this tool uses this `jti`? It is remembered until the assertion has expired."""
        now = timezone.now()
        until = now + dt.timedelta(seconds=FURTHEST_EXPIRY + 3 * LEEWAY)
        return Once.claim("assertion", claims["sub"], jti, until=until, on=now)


def signed_claims(assertion: str, candidates: list[Key]) -> dict[str, Any]:
    """The claims of a token that one of these keys signed. JoseError when none of them did."""
    failure = JoseError("There is no key of this id.")
    for key in candidates:
        try:
            return dict(jwt.decode(assertion, key, algorithms=list(keys.ALGORITHMS)).claims)
        except (JoseError, ValueError, TypeError) as error:
            failure = error if isinstance(error, JoseError) else JoseError(str(error))
    raise failure


def is_instant(value: Any) -> bool:
    """Is this a time in seconds, as tokens have it?"""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0


class ToolGrant(ClientCredentialsGrant):
    """`grant_type=client_credentials`, by an assertion only, for scopes that are named."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTH_METHOD,)

    def validate_token_request(self) -> None:
        super().validate_token_request()
        if not self.request.client.get_allowed_scope(self.request.payload.scope):
            raise InvalidScopeError()

    def validate_requested_scope(self) -> None:
        """Unknown scopes beside known ones are left out, not refused."""


class Server(AuthorizationServer):
    """Authlib's server, over the tools of this platform."""

    def __init__(self) -> None:
        super().__init__(Tool, AccessToken)
        self.register_grant(ToolGrant)
        self.register_client_auth_method(AUTH_METHOD, ClientAssertion())

    def query_client(self, client_id: str) -> Tool | None:
        return None if "\0" in client_id else Tool.objects.active().filter(client_id=client_id).first()

    def create_bearer_token_generator(self) -> BearerTokenGenerator:
        return BearerTokenGenerator(
            access_token_generator=lambda **kwargs: secrets.new_secret(), expires_generator=lambda *args: LIFETIME
        )

    def save_token(self, token: dict[str, Any], request: Any) -> AccessToken:
        return AccessToken.issue(request.client, token["access_token"], token["scope"], on=timezone.now())


@method_decorator(csrf_exempt, name="dispatch")
class TokenView(View):
    """The token endpoint."""

    http_method_names = ("post", "options")
    server = Server()

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            refuse_malformed(request)
            response: HttpResponse = self.server.create_token_response(request)
        except OAuth2Error as error:  # also Authlib's own, before its grant begins: plain http from elsewhere
            response = self.server.handle_response(*error())
        return response


def refuse_malformed(request: HttpRequest) -> None:
    """OAuth2Error for what is wrong with a token request before anybody is asked who they are."""
    if request.GET:
        raise InvalidRequestError("Parameters belong in the body, not in the URL.")
    if request.content_type != "application/x-www-form-urlencoded":
        raise InvalidRequestError("The body is to be application/x-www-form-urlencoded.")
    if any(len(values) > 1 for _, values in request.POST.lists()):
        raise InvalidRequestError("Each parameter is accepted once.")
    if "grant_type" not in request.POST:
        raise InvalidRequestError("The parameter grant_type is missing.")
    if request.POST["grant_type"] != ToolGrant.GRANT_TYPE:
        raise OAuth2Error("The grant type client_credentials is supported.", error="unsupported_grant_type")
