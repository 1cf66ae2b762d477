"""The public keys that tools and learning platforms publish: fetched, and kept for all workers."""

import datetime as dt
import logging
from typing import Any

from lti import keys
from lti.fetching import PATIENCE, deadline, fetch
from lti.hosts import Failures, HostFailed, Turns
from lti.models.shows_keys import ShowsKeys

logger = logging.getLogger("lti.keys")

LEAST = dt.timedelta(seconds=10)
"""How long a key set is not fetched again, whatever key somebody names."""

LONGEST_STALE = dt.timedelta(minutes=5)
"""How long the keys of a set are used that is due, while it is being fetched or cannot be had."""

LARGEST = 256 * 1024
"""Bytes of the largest key set that is read."""

PARTS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
"""What is kept of a public key."""

turns = Turns()
failures = Failures()


def key_set_of(holder: ShowsKeys, url: str, *, kid: Any, believed: dt.timedelta, whose: str, on: dt.datetime) -> Any:
    """The key set at a URL, at the instant `on`. HostFailed when it cannot be had.

    One that was fetched within `believed` is not fetched again, but for a `kid` that is not in it, which may be new.
    """
    if is_due(holder, kid, believed, on=on):
        is_usable = age(holder, on=on) < LONGEST_STALE and bool(keys.candidates(keys.readable(holder.jwks), kid))
        try:
            refresh(holder, url, kid, believed, whose, patience=0.0 if is_usable else PATIENCE, on=on)
        except HostFailed as error:
            logger.warning("A key set could not be read: %s", error, extra={"fields": {"url": url}})
            if not is_usable:
                raise
    return holder.jwks


def refresh(
    holder: ShowsKeys, url: str, kid: Any, believed: dt.timedelta, whose: str, *, patience: float, on: dt.datetime
) -> None:
    """Fetch a key set and keep it, unless another thread does. HostFailed when it cannot be had now."""
    until = deadline()
    with turns.turn(url, patience=patience) as is_mine:
        if not is_mine:
            raise HostFailed(f"{whose} is being asked for its keys already, and has not answered yet. Try again.")
        holder.refresh_from_db(fields=["jwks", "jwks_fetched_at"])  # another thread may have done it meanwhile
        if is_due(holder, kid, believed, on=on):
            failures.raise_if_failed(url)
            try:
                holder.remember_keys(kept(fetched(url, whose, until=until)), on=on)
            except HostFailed as error:
                failures.note(url, error)
                raise


def fetched(url: str, whose: str, *, until: float) -> Any:
    answer = fetch("GET", url, whose=whose, until=until, largest=LARGEST)
    if answer.status != 200:
        raise HostFailed(f"{whose} does not show its keys (status {answer.status}).")
    try:
        return answer.json()
    except ValueError as error:
        raise HostFailed(f"{whose}'s answer is not JSON.") from error


def is_due(holder: ShowsKeys, kid: Any, believed: dt.timedelta, *, on: dt.datetime) -> bool:
    return age(holder, on=on) >= (believed if has_key(holder, kid) else min(LEAST, believed))


def age(holder: ShowsKeys, *, on: dt.datetime) -> dt.timedelta:
    """How long ago the key set was fetched."""
    return on - holder.jwks_fetched_at if holder.jwks_fetched_at else dt.timedelta.max


def has_key(holder: ShowsKeys, kid: Any) -> bool:
    """Has the set that is kept a key of this id? Any key, for a token without a key id."""
    return any(not kid or key.kid == kid for key in keys.readable(holder.jwks))


def kept(jwks: Any) -> dict[str, Any]:
    """The usable keys of a key set, without anything else that stands in it."""
    usable = [key.as_dict(private=False) for key in keys.readable(jwks)]
    found = [{name: str(key[name]) for name in PARTS if isinstance(key.get(name), str)} for key in usable]
    return {"keys": [key for key in found if all(is_storable(value) for value in key.values())]}


def is_storable(value: str) -> bool:
    """Does a database take this text?"""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
