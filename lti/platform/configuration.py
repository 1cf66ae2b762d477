"""The OpenID configuration and the key set of this platform."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views import View

from lti import claims, keys
from lti.core import custom_parameters, urls
from lti.models import PlatformKey

SUPPORTED_CLAIMS = ("iss", "aud", "sub", "name", "given_name", "family_name", "middle_name", "email", "picture")
"""Claims of an id_token that a tool may ask for; those of LTI are always there."""


def openid_configuration() -> dict[str, Any]:
    """The OpenID configuration, as in OpenID Connect Discovery and LTI Dynamic Registration."""
    return {
        "issuer": urls.issuer(),
        "authorization_endpoint": urls.authorize_url(),
        "token_endpoint": urls.token_url(),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(keys.ALGORITHMS),
        "jwks_uri": urls.jwks_url(),
        "registration_endpoint": urls.registration_url(),
        "scopes_supported": ["openid", *claims.SCOPES],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "grant_types_supported": ["implicit", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": list(SUPPORTED_CLAIMS),
        claims.PLATFORM_CONFIGURATION: {
            "product_family_code": claims.PRODUCT,
            "version": "1",
            "messages_supported": [{"type": message} for message in claims.MESSAGE_TYPES],
            "variables": [variable.removeprefix("$") for variable in custom_parameters.VARIABLES],
        },
    }


class ConfigurationView(View):
    """`GET /.well-known/openid-configuration`."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse(openid_configuration(), headers={"Cache-Control": "public, max-age=300"})


class KeysView(View):
    """`GET /lti/jwks`: the signing key, and those retired lately."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> JsonResponse:
        PlatformKey.signing()  # creates the first key
        key_set = PlatformKey.jwks(on=timezone.now())
        return JsonResponse(key_set, headers={"Cache-Control": "public, max-age=300"})
