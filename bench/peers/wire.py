"""What the peers in Python have in common: keys, parameters, days and instants."""

import datetime as dt
import hashlib
import hmac
import os
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

CONNECTIONS = int(os.environ.get("CONNECTIONS") or 4)
"""Database connections of one worker."""

DATABASE_URL = os.environ["DATABASE_URL"]
CAMPUS_ZONE = ZoneInfo(os.environ["TIME_ZONE"])
WIRE_ZONE = ZoneInfo(os.environ["WIRE_TIME_ZONE"])
SECRET_KEY = b"roster.ApiKey:" + os.environ["SECRET_KEY"].encode()

DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE = 100, 500
MAX_ID = 2**31 - 1
WINDOW = 60_000
"""The minute in which a key's requests are counted, in milliseconds."""

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)


class BadRequest(Exception):
    """A request that is not answered; the text says why."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        super().__init__(detail)


def shown_key(authorization: str) -> tuple[str, str]:
    """The prefix of a bearer key and the hash of its secret, as the database has them."""
    scheme, _, text = authorization.partition(" ")
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if scheme.lower() != "bearer" or mark != "cr" or not secret:
        raise BadRequest(401, "Send a key as “Authorization: Bearer KEY”.")
    return prefix, hmac.new(SECRET_KEY, secret.encode(), hashlib.sha256).hexdigest()


def refuse_other_audiences(audience: str, is_limited: bool, networks: list[str]) -> None:
    if audience != "campus" or is_limited or networks:
        raise BadRequest(403, "This peer answers the campus audience only.")


def limit_headers(rate: int, used: int, started_at: int, now: int) -> dict[str, str]:
    """What a key has used of its minute. Refused when that is more than its rate."""
    wait = max(1, -(-(started_at + WINDOW - now) // 1000))
    if used > rate:
        raise BadRequest(429, f"This key may make {rate} requests a minute.")
    return {
        "X-RateLimit-Limit": str(rate),
        "X-RateLimit-Remaining": str(rate - used),
        "X-RateLimit-Reset": str(wait),
    }


def number(name: str, text: str, least: int = 0) -> int:
    if not re.fullmatch("[0-9]{1,10}", text) or not least <= int(text) <= MAX_ID:
        raise BadRequest(400, f"{name}: a whole number from {least} to {MAX_ID} is accepted.")
    return int(text)


def flag(name: str, text: str) -> bool:
    word = text.lower()
    if word not in {"true", "false", "1", "0"}:
        raise BadRequest(400, f"{name}: true, false, 1 or 0 is accepted.")
    return word in {"true", "1"}


def instant(name: str, text: str) -> dt.datetime:
    if not re.fullmatch("[0-9]{1,14}", text):
        raise BadRequest(400, f"{name}: epoch milliseconds are accepted.")
    return EPOCH + int(text) * MILLISECOND


def search_key(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def today() -> dt.date:
    return dt.datetime.now(CAMPUS_ZONE).date()


@lru_cache(maxsize=20_000)
def midnight(day: dt.date | None) -> int | None:
    """The start of a day on the wire, in epoch milliseconds."""
    return None if day is None else milliseconds(dt.datetime.combine(day, dt.time(), tzinfo=WIRE_ZONE))


def milliseconds(value: dt.datetime) -> int:
    return (value - EPOCH) // MILLISECOND


def text_of(name: str) -> str:
    """The SQL of a file, with its parameters as `:name`."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text()


@cache
def statement(name: str, given: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The SQL of a file for the parameters that are given, with $1, $2 ..., and their names in that order.

    A line that names a parameter which is not given is left out.
    """
    lines = text_of(name).splitlines()
    kept = "\n".join(line for line in lines if set(_PARAMETER.findall(line)) <= set(given))
    numbers: dict[str, int] = {}
    sql = _PARAMETER.sub(lambda found: f"${numbers.setdefault(found[1], len(numbers) + 1)}", kept)
    return sql, tuple(numbers)


_PARAMETER = re.compile(r"(?<!:):(\w+)")
