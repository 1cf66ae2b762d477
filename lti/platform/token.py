"""`POST /lti/token`: a tool authenticates by a signed assertion and gets an access token (RFC 7523).

Authlib runs the grant. Checks that it lacks are here and in `assertion.py`.
"""

from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError, OAuth2Error
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti.models import AccessToken, Tool
from lti.models.access_token import ACCESS_TOKEN_LIFETIME
from lti.platform.assertion import AUTH_METHOD, ClientAssertion
from roster import secrets


class ToolGrant(ClientCredentialsGrant):
    """`grant_type=client_credentials`, by an assertion only, with a scope."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTH_METHOD,)

    def validate_token_request(self) -> None:
        super().validate_token_request()
        if not self.request.client.get_allowed_scope(self.request.payload.scope):
            raise InvalidScopeError()

    def validate_requested_scope(self) -> None:
        """Ignore unknown scopes beside known ones."""


class Server(AuthorizationServer):
    """Authlib's server with the tools of this platform."""

    def __init__(self) -> None:
        super().__init__(Tool, AccessToken)
        self.register_grant(ToolGrant)
        self.register_client_auth_method(AUTH_METHOD, ClientAssertion())

    def query_client(self, client_id: str) -> Tool | None:
        return None if "\0" in client_id else Tool.objects.active().filter(client_id=client_id).first()

    def create_bearer_token_generator(self) -> BearerTokenGenerator:
        return BearerTokenGenerator(
            access_token_generator=lambda **kwargs: secrets.new_secret(),
            expires_generator=lambda *args: ACCESS_TOKEN_LIFETIME,
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
        except OAuth2Error as error:  # also one that Authlib raises before the grant: plain http from another host
            response = self.server.handle_response(*error())
        return response


def refuse_malformed(request: HttpRequest) -> None:
    """OAuth2Error for a malformed token request, before authentication."""
    if request.GET:
        raise InvalidRequestError("Parameters belong in the body, not in the URL.")
    if request.content_type != "application/x-www-form-urlencoded":
        raise InvalidRequestError("The body is to be application/x-www-form-urlencoded.")
    try:
        lists = list(request.POST.lists())
    except (SuspiciousOperation, UnreadablePostError) as error:  # too large, too many parameters, or incomplete
        raise InvalidRequestError("The body is too large, has too many parameters, or is incomplete.") from error
    if any(len(values) > 1 for _, values in lists):
        raise InvalidRequestError("Each parameter is accepted once.")
    if "grant_type" not in request.POST:
        raise InvalidRequestError("The parameter grant_type is missing.")
    if request.POST["grant_type"] != ToolGrant.GRANT_TYPE:
        raise OAuth2Error("The grant type client_credentials is supported.", error="unsupported_grant_type")
