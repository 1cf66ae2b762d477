"""What the API has found out about the caller of a request, kept on the request in one typed object.

It is kept beside `request.auth`, which DRF clears when authentication fails: rate limit headers and the request log
need the key and its usage then too.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from roster.reads.snapshot import Snapshot

if TYPE_CHECKING:
    from roster.api.rate_limit import Usage


@dataclass(slots=True)
class Caller:
    """What is known of the caller so far; a field is None until it is found out."""

    key_prefix: str | None = None
    """Prefix of the API key that was sent, if its secret was right."""
    usage: "Usage | None" = None
    """How much of the rate limit is used."""
    snapshot: Snapshot | None = None
    """The snapshot read together with the key."""
    query: dict[str, list[str]] | None = None
    """The query string by lower-case names."""


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request, created when it is first needed."""
    caller: Caller | None = getattr(request, "caller", None)
    if caller is None:
        caller = request.caller = Caller()  # type: ignore[attr-defined]
    return caller
