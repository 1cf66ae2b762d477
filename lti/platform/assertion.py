"""The assertion with which a tool authenticates at the token endpoint (RFC 7523).

Added to Authlib's checks: accepted signatures, several keys without an id, the age of an assertion, and replay
protection by its `jti` across workers.
"""

import base64
import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from lti import keys
from lti.claims import is_numeric_date
from lti.core import urls
from lti.core.host_state import HostFailed
from lti.models import Tool, UsedNonce
from lti.platform.tool_jwks import tool_keys

AUTH_METHOD = "private_key_jwt"

LEEWAY = 60
"""Seconds that the clocks of a tool and this server may differ."""

MAX_EXPIRY = 600
"""How many seconds ahead an assertion may expire at most."""

MAX_JTI_LENGTH = LONGEST_KID = 255

SIGNATURE_BYTES = {"ES256": (64, 64), "ES384": (96, 96), "ES512": (132, 132)}
RSA_SIGNATURE_BYTES = (keys.MIN_RSA // 8, 2048)
"""Bytes of a signature, from and to, by the key that made it (RFC 7518, 3)."""


class ClientAssertion(JWTBearerClientAssertion):
    """The signed assertion of a tool.

    Checks that need no key come first, so that only a well-formed assertion makes this server fetch keys.
    """

    CLIENT_AUTH_METHOD = AUTH_METHOD

    def __init__(self) -> None:
        super().__init__(leeway=LEEWAY)

    def get_audiences(self) -> list[str]:
        return [urls.token_url(), urls.issuer()]

    def __call__(self, query_client: Callable[[str], Tool | None], request: Any) -> Tool | None:
        """The tool that signed the assertion of a request; None for a request without one."""
        assertion = request.form.get("client_assertion")
        if request.form.get("client_assertion_type") != self.CLIENT_ASSERTION_TYPE or not assertion:
            return None
        header, claims = self.extract_assertion(assertion)
        refuse_header(header)
        refuse_unsigned(assertion, header["alg"])
        self.check_claims(claims)
        tool = query_client(claims["sub"])
        if tool is None:
            raise InvalidClientError(description="The client does not exist on this server.")
        try:
            found = tool_keys(tool, header.get("kid"), on=timezone.now())
            signed = signed_claims(assertion, found)
        except HostFailed as error:
            raise InvalidClientError(description=f"The key set of this tool cannot be read. {error}") from error
        except JoseError as error:
            raise InvalidClientError(description="The assertion is not signed with a key of this tool.") from error
        if not self.validate_jti(signed, signed["jti"]):
            raise InvalidClientError(description="This jti has been used before.")
        request.client = tool
        return self.authenticate_client(tool)  # type: ignore[no-any-return]

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the claims, whoever signed them."""
        try:
            return super().extract_assertion(assertion)  # type: ignore[no-any-return]
        except RecursionError as error:
            raise InvalidClientError(description="Invalid JWT payload.") from error

    def check_claims(self, claims: dict[str, Any]) -> None:
        """InvalidClientError for claims that are invalid whatever the signature."""
        now = timezone.now().timestamp()
        if not isinstance(claims.get("sub"), str) or claims["sub"] != claims.get("iss"):
            raise InvalidClientError(description="The claims iss and sub are to be the client id, both.")
        for name in ("exp", "iat"):
            if not is_numeric_date(claims.get(name)):
                raise InvalidClientError(description=f"The claim {name} is missing or not in seconds.")
        if claims["exp"] > now + MAX_EXPIRY + LEEWAY:
            raise InvalidClientError(description=f"The claim exp is more than {MAX_EXPIRY} seconds ahead.")
        if claims["iat"] > now + LEEWAY:
            raise InvalidClientError(description="The claim iat is in the future.")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI_LENGTH:
            raise InvalidClientError(description="The claim jti is missing, or no text of up to 255 characters.")
        registry = jwt.JWTClaimsRegistry(leeway=LEEWAY, aud={"essential": True, "values": self.get_audiences()})
        try:
            registry.validate(claims)
        except JoseError as error:
            raise InvalidClientError(description=error.description) from error

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """Is it the first time that this tool uses this `jti`? It is stored until the assertion has expired."""
        now = timezone.now()
        until = now + dt.timedelta(seconds=MAX_EXPIRY + 3 * LEEWAY)
        return UsedNonce.use("assertion", claims["sub"], jti, until=until, on=now)


def refuse_header(header: dict[str, Any]) -> None:
    """InvalidClientError for an algorithm or key id that is not accepted."""
    if header.get("alg") not in keys.ALGORITHMS:
        raise InvalidClientError(description="The assertion is not signed with an algorithm that is accepted here.")
    kid = header.get("kid")
    if kid is not None and not (isinstance(kid, str) and len(kid) <= LONGEST_KID):
        raise InvalidClientError(description=f"The key id is no text of up to {LONGEST_KID} characters.")


def refuse_unsigned(assertion: str, algorithm: str) -> None:
    """InvalidClientError for a signature that cannot be one of its algorithm, before any key is fetched."""
    signature = assertion.rpartition(".")[2]
    least, most = SIGNATURE_BYTES.get(algorithm, RSA_SIGNATURE_BYTES)
    is_base64url = re.fullmatch(r"[A-Za-z0-9_-]+", signature) is not None and len(signature) % 4 != 1
    if not is_base64url or not least <= len(base64.urlsafe_b64decode(signature + "==")) <= most:
        raise InvalidClientError(description="The assertion has no signature of the kind that its header names.")


def signed_claims(assertion: str, candidates: list[Key]) -> dict[str, Any]:
    """The claims of a token that one of these keys signed. JoseError when none of them did."""
    failure = JoseError("There is no key of this id.")
    for key in candidates:
        try:
            return dict(jwt.decode(assertion, key, algorithms=list(keys.ALGORITHMS)).claims)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            failure = error if isinstance(error, JoseError) else JoseError(str(error))
    raise failure
