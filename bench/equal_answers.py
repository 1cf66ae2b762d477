"""Every contender answers the same bytes, or nothing is measured."""

from collections.abc import Iterable, Sequence

from bench.load import Caller
from bench.servers import Running


class Different(Exception):
    """Two contenders answer one request in different bytes."""


def check(contenders: Sequence[Running], paths: Iterable[str]) -> None:
    """Compare the answers of all to the first's. Different, with the position, when one is not the same."""
    first, *others = contenders
    for path in paths:
        right = fetch_body(first, path)
        for other in others:
            compare(path, first, right, other, fetch_body(other, path))


def fetch_body(running: Running, path: str) -> bytes:
    body, headers = Caller(running).get(path)
    if (
        headers.get("content-type", "").partition(";")[0] != "application/json"
        or "x-ratelimit-remaining" not in headers
    ):
        raise Different(f"{running.contender.title} leaves out headers to {path}: {headers}")
    return body


def compare(path: str, first: Running, right: bytes, other: Running, body: bytes) -> None:
    if body == right:
        return
    offset = next((index for index, (a, b) in enumerate(zip(right, body, strict=False)) if a != b), len(right))
    around = slice(max(offset - 80, 0), offset + 80)
    raise Different(
        f"To {path} the answers differ from byte {offset} on.\n"
        f"{first.contender.title}: {right[around]!r}\n{other.contender.title}: {body[around]!r}"
    )
