"""`GET /.well-known/openid-configuration`."""

import pytest
from django.test import Client

from lti.claims import NRPS_SCOPE

pytestmark = pytest.mark.both_databases


def test_it_says_what_this_platform_is() -> None:
    answer = Client().get("/.well-known/openid-configuration")

    assert answer.status_code == 200
    body = answer.json()
    variables = body["https://purl.imsglobal.org/spec/lti-platform-configuration"].pop("variables")
    assert "Person.name.full" in variables
    assert body == {
        "issuer": "https://testserver",
        "authorization_endpoint": "https://testserver/lti/authorize",
        "token_endpoint": "https://testserver/lti/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": [
            *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
        ],
        "jwks_uri": "https://testserver/lti/jwks",
        "registration_endpoint": "https://testserver/lti/register",
        "scopes_supported": ["openid", NRPS_SCOPE],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "grant_types_supported": ["implicit", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": [
            *("iss", "aud", "sub", "name", "given_name", "family_name", "middle_name", "email", "picture")
        ],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "campus-roster",
            "version": "1",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
        },
    }


def test_every_address_in_it_answers(db: None) -> None:
    body = Client().get("/.well-known/openid-configuration").json()
    addresses = [body[name].removeprefix("https://testserver") for name in body if name.endswith(("_endpoint", "_uri"))]

    assert len(addresses) == 4
    assert 404 not in {Client().get(address, secure=True).status_code for address in addresses}
