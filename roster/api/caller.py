"""What is known about the caller of a request, stored on the request in one typed object.

It is separate from `request.auth`, which DRF clears when authentication fails: rate limit headers and the request log
need the key and its usage then too.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from roster.reads.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Usage:
    """The rate limit of a key or an address, and its use in the current minute."""

    limit: int
    used: int
    resets_in: int
    """Seconds until the minute ends, at least 1."""

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Reset": str(self.resets_in),
        }


@dataclass(slots=True)
class Caller:
    """What is known about the caller so far; a field is None until it is known."""

    key_prefix: str | None = None
    """Prefix of the API key that was sent, if its secret was right."""
    usage: Usage | None = None
    """The use of the rate limit."""
    snapshot: Snapshot | None = None
    """The snapshot read together with the key."""
    query: dict[str, list[str]] | None = None
    """The query parameters by lower-case names."""


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request, created when it is first needed."""
    caller: Caller | None = getattr(request, "caller", None)
    if caller is None:
        caller = request.caller = Caller()  # type: ignore[attr-defined]
    return caller
