"""Authentication of a caller: a key in a header, a signed query, or a signed-in person (docs/keys.md)."""

import datetime as dt
import hashlib
import logging
import re
from dataclasses import dataclass
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from roster import days, secrets
from roster.api import client_address, rate_limit
from roster.api.authentication_query import find_and_count_key
from roster.api.caller import Usage, caller_of
from roster.models import ApiKey, User
from roster.privacy import PUBLIC, Audience, Level

logger = logging.getLogger("roster.keys")

CLOCK_TOLERANCE = 30_000
"""How far, in milliseconds, the `time` of a signed query may be from the server's clock."""

DIGESTS = {32: "md5", 64: "sha256", 128: "sha512"}
"""Hash functions of signed queries by the length of their hex digests."""

ADDRESS_PARAMETERS = ("ip", "ipaddress")
SIGNATURE_PARAMETERS = ("apikey", "time", "random", "hash", *ADDRESS_PARAMETERS)
KEY_PARAMETER = "key"

HOW_TO_SEND_A_KEY = "Send the key as “X-Engage-Api-Key: KEY” or “Authorization: Bearer KEY”."


@dataclass(frozen=True, slots=True)
class Credential:
    """The result of authentication; DRF keeps it as `request.auth`."""

    audience: Audience
    parameters: tuple[str, ...] = ()
    """Query parameters that contained the credential, in lower case. Such responses are never stored."""
    is_anonymous: bool = False

    @property
    def is_in_url(self) -> bool:
        return bool(self.parameters)


def clock() -> dt.datetime:
    """The current instant, for expiry, rate limits and signed queries: the only clock of authentication."""
    return timezone.now()


class KeyAuthentication(BaseAuthentication):
    """An API key: `X-Engage-Api-Key: KEY`, `Authorization: Bearer KEY`, or `?key=KEY` where the campus allows it."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def authenticate(self, request: Request) -> tuple[Any, Credential] | None:
        query = query_parameters(request)
        in_headers = keys_in_headers(request)
        in_query = query.get(KEY_PARAMETER, [])
        is_signed = "apikey" in query or "hash" in query
        if in_query and not settings.KEY_IN_QUERY:
            if not in_headers and not is_signed:
                raise AuthenticationFailed(f"A key in the URL is not accepted here. {HOW_TO_SEND_A_KEY}")
            in_query = []  # refused later, like any unknown parameter
        if len(in_headers) + len(in_query) + is_signed > 1:
            raise AuthenticationFailed("This request has more than one credential. Send only one.")
        if is_signed:
            now = clock()
            return check_key(request, authenticate_signature(request, on=now), SIGNATURE_PARAMETERS, on=now)
        if in_query:
            return authenticate_bearer(request, in_query[0], (KEY_PARAMETER,))
        return authenticate_bearer(request, in_headers[0]) if in_headers else None


class SessionUserAuthentication(SessionAuthentication):
    """A person signed in to this site: campus, or staff with the permission."""

    def authenticate(self, request: Request) -> tuple[Any, Credential] | None:
        found = super().authenticate(request)
        return (found[0], Credential(audience_of(found[0]))) if found else None


class AnonymousAuthentication(BaseAuthentication):
    """A caller without a credential, limited by address: the public audience, if the campus opens it. Tried last."""

    def authenticate(self, request: Request) -> tuple[Any, Credential] | None:
        if not settings.PUBLIC_API:
            return None
        usage = rate_limit.count_anonymous_request(client_address.client_address(request), on=clock())
        caller_of(request._request).usage = usage
        if usage.used > usage.limit:
            raise rate_limit.RateLimitExceeded(usage, "Without a key, an address")
        return AnonymousUser(), Credential(PUBLIC, is_anonymous=True)


def keys_in_headers(request: Request) -> list[str]:
    """Every key in the headers, blank ones too: a request with a blank key tries to authenticate."""
    shown = []
    if (header := request.headers.get("X-Engage-Api-Key")) is not None:
        shown.append(header)
    if (authorization := request.headers.get("Authorization")) is not None:
        scheme, _, text = authorization.strip().partition(" ")
        if scheme.lower() != "bearer":
            raise AuthenticationFailed(f"This Authorization header is not supported. {HOW_TO_SEND_A_KEY}")
        shown.append(text)
    return shown


def query_parameters(request: Request) -> dict[str, list[str]]:
    """The query parameters by lower-case names, because clients spell them differently. Parsed once; read-only."""
    caller = caller_of(request._request)
    if caller.query is None:
        query: dict[str, list[str]] = {}
        for name, values in request.query_params.lists():
            query.setdefault(name.lower(), []).extend(values)
        caller.query = query
    return caller.query


def audience_of(user: User) -> Audience:
    """The audience of a signed-in person."""
    is_staff = user.is_staff and user.has_perm("roster.ask_as_staff")
    return Audience(
        level=Level.STAFF if is_staff else Level.CAMPUS,
        user_id=user.pk,
        may_read_reflections=is_staff and user.has_perm("roster.read_reflections"),
    )


def check_key(
    request: Request,
    key: ApiKey,
    parameters: tuple[str, ...] = (),
    *,
    on: dt.datetime,
    counted: Usage | None = None,
) -> tuple[Any, Credential]:
    """Check that the key is valid at `on`, used from an allowed address and within its rate limit.

    `counted` is how many requests of this minute the key has made, if this one has been counted already.
    """
    caller_of(request._request).key_prefix = key.prefix
    if not key.is_in_force(on=on):
        raise AuthenticationFailed(
            "This key is revoked or has expired. Ask the administrators of this server for a new one."
        )
    if not key.may_come_from(client_address.client_address(request)):
        raise AuthenticationFailed("This key may not be used from this address.")
    usage = counted or rate_limit.count_request(key, on=on)
    caller_of(request._request).usage = usage
    if usage.used > usage.limit:
        raise rate_limit.RateLimitExceeded(usage)
    return AnonymousUser(), Credential(key.get_audience(), parameters)


def authenticate_bearer(request: Request, text: str, parameters: tuple[str, ...] = ()) -> tuple[Any, Credential]:
    """Authenticate by the bearer key of this text, with one statement if possible."""
    mark, _, rest = text.strip().partition("_")
    prefix, _, secret = rest.partition("_")
    now = clock()
    found = find_and_count_key(prefix, secret, on=now) if mark == secrets.KEY_MARK else None
    if found is None:
        return check_key(request, find_bearer_key(mark, prefix, secret), parameters, on=now)
    caller_of(request._request).snapshot = found.snapshot
    return check_key(request, found.key, parameters, on=now, counted=found.usage)


def find_bearer_key(mark: str, prefix: str, secret: str) -> ApiKey:
    """The bearer key of this text. AuthenticationFailed for any other."""
    key = find_key(prefix, ApiKey.Kind.BEARER) if mark == secrets.KEY_MARK else None
    if key is None or not secrets.matches(secret, key.secret_hash):
        raise AuthenticationFailed("This key is not known here.")
    return key


def authenticate_signature(request: Request, *, on: dt.datetime) -> ApiKey:
    """The key that signed this query.

    AuthenticationFailed if the signature is incomplete, late or wrong at `on`. Other errors are shown only if the
    signature is right.
    """
    sent = signature_parameters(request)
    if abs(int(sent["time"]) - days.milliseconds(on)) > CLOCK_TOLERANCE:
        raise AuthenticationFailed("The time of this query is more than 30 seconds from the server's clock.")
    key = find_key(sent["apikey"], ApiKey.Kind.SIGNED)
    digest = DIGESTS.get(len(sent["hash"]))
    if key is None or digest is None or not signature_is_valid(sent, key, digest):
        raise AuthenticationFailed("The hash of this query does not match its key and parameters.")
    if digest == "md5" and not key.allow_md5:
        raise AuthenticationFailed("This key does not allow MD5 hashes. Sign with SHA-256 or SHA-512.")
    caller = client_address.client_address(request)
    if any(str(client_address.parse_address(sent[name])) != caller for name in ADDRESS_PARAMETERS if name in sent):
        raise AuthenticationFailed("The address in this query is not the address of its sender.")
    return key


def signature_parameters(request: Request) -> dict[str, str]:
    """The parameters of a signed query, each sent once; a blank address counts as not sent."""
    query = query_parameters(request)
    sent = {name: query[name][0] for name in SIGNATURE_PARAMETERS if query.get(name, [""])[0]}
    repeated = any(len(query.get(name, ())) > 1 for name in SIGNATURE_PARAMETERS)
    if repeated or not sent.keys() >= {"apikey", "time", "random", "hash"}:
        raise AuthenticationFailed("A signed query needs apikey, time, random and hash, each exactly once.")
    if not re.fullmatch("[0-9]{13}", sent["time"]):
        raise AuthenticationFailed(f"The time of a signed query is {days.IN_MILLISECONDS}.")
    if "ip" in sent and "ipaddress" in sent:
        raise AuthenticationFailed("A signed query may have only one address, either as ip or as ipaddress.")
    return sent


def signature_is_valid(sent: dict[str, str], key: ApiKey, digest: str) -> bool:
    """Is the hash of a signed query right: hex digest of apikey + [address] + time + random + private key?

    The address is part of the hash if the key is bound to one, whether or not it is sent. If the key is not bound,
    clients that send an address may or may not include it.
    """
    address = sent.get("ip") or sent.get("ipaddress") or key.bound_to or ""
    spellings = {address} if key.bound_to else {address, ""}
    try:
        private_key = secrets.decrypt(key.private_key_encrypted)
    except ValueError:
        logger.error("The private key of %s was stored under a SECRET_KEY that is not in use any more.", key.prefix)
        return False
    texts = (f"{sent['apikey']}{spelling}{sent['time']}{sent['random']}{private_key}" for spelling in spellings)
    hashes = (hashlib.new(digest, text.encode(), usedforsecurity=False).hexdigest() for text in texts)
    return any(compare_digest(right.encode(), sent["hash"].lower().encode()) for right in hashes)


def find_key(prefix: str, kind: ApiKey.Kind) -> ApiKey | None:
    if "\x00" in prefix:
        return None
    return ApiKey.objects.filter(prefix=prefix, kind=kind).first()
