"""How a caller shows who it is (WIRE.md, section 7): a key in a header, a signed query, or a signed-in person."""

import hashlib
import ipaddress
import re
import time
from dataclasses import dataclass
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from roster import secrets
from roster.api import throttles
from roster.api.addresses import client_address
from roster.models import ApiKey, User
from roster.privacy import PUBLIC, Audience, Level

CLOCK_TOLERANCE = 30_000
"""How far, in milliseconds, the `time` of a signed query may be from the server's clock."""

DIGESTS = {32: "md5", 64: "sha256", 128: "sha512"}
"""Hash functions of signed queries by the length of their hex digests."""

SIGNATURE_PARAMETERS = ("apikey", "time", "random", "hash", "ip", "ipaddress")
KEY_PARAMETER = "key"


@dataclass(frozen=True, slots=True)
class Credential:
    """What authentication found out; DRF keeps it as `request.auth`."""

    audience: Audience
    usage: throttles.Usage | None = None
    is_in_url: bool = False
    """Did the credential stand in the URL? Such an answer is never stored."""
    is_anonymous: bool = False


class KeyAuthentication(BaseAuthentication):
    """An API key: `X-Engage-Api-Key: KEY`, `Authorization: Bearer KEY`, or `?key=KEY` where the campus allows it."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def authenticate(self, request: Request) -> tuple[Any, Credential] | None:
        shown = self.keys_shown(request)
        signed = [name for name in query_parameters(request) if name in {"apikey", "hash"}]
        if not shown and not signed:
            return None
        if len(shown) + bool(signed) > 1:
            raise AuthenticationFailed("This request shows more than one credential. Send one.")
        if signed:
            return admitted(request, signing_key(request), is_in_url=True)
        source, text = shown[0]
        return admitted(request, bearer_key(text), is_in_url=source == KEY_PARAMETER)

    @staticmethod
    def keys_shown(request: Request) -> list[tuple[str, str]]:
        """Every key this request shows, with where it was found."""
        shown = []
        if header := request.headers.get("X-Engage-Api-Key"):
            shown.append(("header", header))
        if authorization := request.headers.get("Authorization"):
            scheme, _, text = authorization.partition(" ")
            if scheme.lower() != "bearer":
                raise AuthenticationFailed("Send the key as “Authorization: Bearer KEY” or “X-Engage-Api-Key: KEY”.")
            shown.append(("header", text))
        if settings.KEY_IN_QUERY:
            shown += [(KEY_PARAMETER, text) for text in query_parameters(request).get(KEY_PARAMETER, [])]
        return shown


class SignedIn(SessionAuthentication):
    """A person signed in to this site: campus, or staff with the permission."""

    def authenticate(self, request: Request) -> tuple[Any, Credential] | None:
        found = super().authenticate(request)
        return (found[0], Credential(audience_of(found[0]))) if found else None


class Anonymous(BaseAuthentication):
    """Nobody in particular: the public, where the campus opens the public audience. Comes last."""

    def authenticate(self, request: Request) -> tuple[Any, Credential] | None:
        return (AnonymousUser(), Credential(PUBLIC, is_anonymous=True)) if settings.PUBLIC_API else None


def credential_parameters() -> tuple[str, ...]:
    """Query parameters that carry a credential."""
    return (*SIGNATURE_PARAMETERS, KEY_PARAMETER) if settings.KEY_IN_QUERY else SIGNATURE_PARAMETERS


def query_parameters(request: Request) -> dict[str, list[str]]:
    """The query by lower-case names: clients differ in how they spell them."""
    query: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        query.setdefault(name.lower(), []).extend(values)
    return query


def audience_of(user: User) -> Audience:
    """What a signed-in person may know."""
    is_staff = user.is_staff and user.has_perm("roster.ask_as_staff")
    return Audience(
        level=Level.STAFF if is_staff else Level.CAMPUS,
        user_id=user.pk,
        may_read_reflections=is_staff and user.has_perm("roster.read_reflections"),
    )


def admitted(request: Request, key: ApiKey, *, is_in_url: bool) -> tuple[Any, Credential]:
    """Let a key in whose secret was right: in force, from where it may come, and within its rate."""
    if not key.is_in_force(on=timezone.now()):
        raise AuthenticationFailed("This key is revoked or has expired. Ask those who run this server for a new one.")
    if not key.may_come_from(client_address(request)):
        raise AuthenticationFailed("This key may not be used from this address.")
    usage = throttles.count(key)
    request._request.usage = usage  # type: ignore[attr-defined]
    request._request.api_key_prefix = key.prefix  # type: ignore[attr-defined]
    if usage.used > usage.limit:
        raise throttles.RateExceeded(usage)
    return AnonymousUser(), Credential(key.get_audience(), usage=usage, is_in_url=is_in_url)


def bearer_key(text: str) -> ApiKey:
    """The bearer key of this text. AuthenticationFailed for any other."""
    mark, _, rest = text.strip().partition("_")
    prefix, _, secret = rest.partition("_")
    key = find(prefix, ApiKey.Kind.BEARER) if mark == secrets.KEY_MARK else None
    if key is None or not secrets.matches(secret, key.secret_hash):
        raise AuthenticationFailed("This key is not known here.")
    return key


def signing_key(request: Request) -> ApiKey:
    """The key that signed this query. AuthenticationFailed when the signature is incomplete, late or wrong."""
    query = query_parameters(request)
    repeated = [name for name in SIGNATURE_PARAMETERS if len(query.get(name, [])) > 1]
    missing = [name for name in ("apikey", "time", "random", "hash") if not query.get(name, [""])[0]]
    if repeated or missing:
        raise AuthenticationFailed("A signed query has apikey, time, random and hash, each once.")
    sent = {name: values[0] for name, values in query.items() if name in SIGNATURE_PARAMETERS}
    if not re.fullmatch("[0-9]{13}", sent["time"]):
        raise AuthenticationFailed("The time of a signed query is in epoch milliseconds: 13 digits.")
    if abs(int(sent["time"]) - time.time_ns() // 1_000_000) > CLOCK_TOLERANCE:
        raise AuthenticationFailed("The time of this query is more than 30 seconds from the server's.")
    key = find(sent["apikey"], ApiKey.Kind.SIGNED)
    if key is None or not is_signed(sent, key, client_address(request)):
        raise AuthenticationFailed("The hash of this query is not right for its key and parameters.")
    return key


def is_signed(sent: dict[str, str], key: ApiKey, caller: str) -> bool:
    """Is the hash of a signed query right: hex digest of apikey + [address] + time + random + private key?

    The address stands in the hash when the key is bound to one, whether or not it is sent. An address that is sent
    must be the caller's own and the one the key is bound to.
    """
    digest = DIGESTS.get(len(sent["hash"]))
    if digest is None or (digest == "md5" and not key.allow_md5):
        return False
    address = sent.get("ip") or sent.get("ipaddress") or ""
    if address and (not same_address(address, caller) or (key.bound_to and not same_address(address, key.bound_to))):
        return False
    spelled = {address or key.bound_to} if key.bound_to else {address, ""}
    private_key = secrets.decrypt(key.private_key_encrypted)
    texts = (f"{sent['apikey']}{word}{sent['time']}{sent['random']}{private_key}" for word in spelled)
    hashes = (hashlib.new(digest, text.encode(), usedforsecurity=False).hexdigest() for text in texts)
    return any(compare_digest(right.encode(), sent["hash"].lower().encode()) for right in hashes)


def same_address(one: str, other: str) -> bool:
    """Are these two texts the same IP address?"""
    try:
        return ipaddress.ip_address(one.strip()) == ipaddress.ip_address(other.strip())
    except ValueError:
        return False


def find(prefix: str, kind: ApiKey.Kind) -> ApiKey | None:
    if "\x00" in prefix:
        return None
    return ApiKey.objects.filter(prefix=prefix, kind=kind).first()
