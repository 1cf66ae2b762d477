"""The JWKS cache: public keys that tools and learning platforms publish, fetched and stored for all workers."""

import datetime as dt
import logging
from typing import Any

from lti import keys
from lti.core.host_state import FailureCache, HostFailed, HostLocks
from lti.core.http_client import LOCK_WAIT_SECONDS, deadline, fetch
from lti.models.jwks_cache import JwksCache

logger = logging.getLogger("lti.keys")

MIN_REFRESH_INTERVAL = dt.timedelta(seconds=10)
"""How long a key set is not fetched again, even for an unknown key id."""

MAX_STALE = dt.timedelta(minutes=5)
"""How long a key set that is due may still be used, while it is being fetched or cannot be fetched."""

MAX_JWKS_BYTES = 256 * 1024
"""Bytes of the largest key set that is read."""

jwks_locks = HostLocks()
failures = FailureCache()


def cached_jwks(
    holder: JwksCache, url: str, *, kid: Any, max_age: dt.timedelta, host_label: str, on: dt.datetime
) -> Any:
    """The key set at a URL, at the instant `on`. HostFailed if it cannot be fetched.

    One that was fetched within `max_age` is fetched again only for a `kid` that is not in it, which may be new.
    """
    if needs_refresh(holder, kid, max_age, on=on):
        is_usable = age(holder, on=on) < MAX_STALE and bool(keys.keys_by_id(keys.readable(holder.jwks), kid))
        try:
            refresh(holder, url, kid, max_age, host_label, patience=0.0 if is_usable else LOCK_WAIT_SECONDS, on=on)
        except HostFailed as error:
            logger.warning("A key set could not be read: %s", error, extra={"fields": {"url": url}})
            if not is_usable:
                raise
    return holder.jwks


def refresh(
    holder: JwksCache, url: str, kid: Any, max_age: dt.timedelta, host_label: str, *, patience: float, on: dt.datetime
) -> None:
    """Fetch a key set and store it, unless another thread does. HostFailed if it cannot be fetched now."""
    until = deadline()
    with jwks_locks.held(url, patience=patience) as is_mine:
        if not is_mine:
            raise HostFailed(f"{host_label} is being asked for its keys already, and has not answered yet. Try again.")
        holder.refresh_from_db(fields=["jwks", "jwks_fetched_at"])  # another thread may have done it meanwhile
        if needs_refresh(holder, kid, max_age, on=on):
            failures.raise_if_failed(url)
            try:
                holder.store_jwks(usable_jwks(fetched(url, host_label, until=until)), on=on)
            except HostFailed as error:
                failures.add(url, error)
                raise


def fetched(url: str, host_label: str, *, until: float) -> Any:
    answer = fetch("GET", url, host_label=host_label, until=until, largest=MAX_JWKS_BYTES)
    if answer.status != 200:
        raise HostFailed(f"{host_label} does not show its keys (status {answer.status}).")
    try:
        return answer.json()
    except ValueError as error:
        raise HostFailed(f"{host_label}'s answer is not JSON.") from error


def needs_refresh(holder: JwksCache, kid: Any, max_age: dt.timedelta, *, on: dt.datetime) -> bool:
    return age(holder, on=on) >= (max_age if has_key(holder, kid) else min(MIN_REFRESH_INTERVAL, max_age))


def age(holder: JwksCache, *, on: dt.datetime) -> dt.timedelta:
    """How long ago the key set was fetched."""
    return on - holder.jwks_fetched_at if holder.jwks_fetched_at else dt.timedelta.max


def has_key(holder: JwksCache, kid: Any) -> bool:
    """Does the stored set have a key of this id? Without a key id, any key will do."""
    return any(not kid or key.kid == kid for key in keys.readable(holder.jwks))


def usable_jwks(jwks: Any) -> dict[str, Any]:
    """The usable keys of a key set, without its other content."""
    found = (keys.stored_members(key) for key in keys.readable(jwks))
    return {"keys": [key for key in found if key]}
