"""What compressing answers costs this server, and what it saves the network."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench import markdown
from bench.calls import ROSTER, ROSTER_500, Call
from bench.load import Caller, Meter
from bench.progress import tell
from bench.servers import Running

CODINGS = ("identity", "gzip", "zstd")
ASKED = 150
"""Answers of each coding and call in a round."""

ROUNDS = 3


@dataclass(frozen=True)
class Packed:
    """The answers to one call in one coding."""

    size: int
    """Bytes of an answer."""
    processor_milliseconds: float
    """Of server and database, an answer."""


Answers = dict[str, dict[str, Packed]]
"""By title of the call, and by coding."""


def measure(running: Running, database_pid: int) -> Answers:
    tell("compressing answers")
    return {call.title: packed(running, database_pid, call) for call in (ROSTER, ROSTER_500)}


def packed(running: Running, database_pid: int, call: Call) -> dict[str, Packed]:
    paths = call.paths(running.campus)[:ASKED]
    meter = Meter(running, database_pid)
    sizes = {coding: size(running, coding, paths) for coding in CODINGS}
    milliseconds: dict[str, list[float]] = {coding: [] for coding in CODINGS}
    for _ in range(ROUNDS):
        for coding in CODINGS:
            milliseconds[coding].append(meter.walk(paths, coding).processor_milliseconds)
    return {coding: Packed(sizes[coding], median(milliseconds[coding])) for coding in CODINGS}


def size(running: Running, coding: str, paths: list[str]) -> int:
    """Bytes of an answer on the way, on average."""
    caller = Caller(running, coding)
    return sum(len(caller.get(path)[0]) for path in paths) // len(paths)


def table(answers: Answers) -> Iterator[str]:
    rows = [["what", "coding", "bytes", "CPU ms", "pays below"]]
    for title, by_coding in answers.items():
        plain = by_coding["identity"]
        for coding, found in by_coding.items():
            pays = "" if coding == "identity" else pays_below(plain, found)
            rows.append([title, coding, f"{found.size:,}", f"{found.processor_milliseconds:.2f}", pays])
    yield from markdown.table(rows)


def pays_below(plain: Packed, found: Packed) -> str:
    """The speed of a network below which packing takes less time than sending what it saves."""
    cost = (found.processor_milliseconds - plain.processor_milliseconds) / 1000
    if cost <= 0:
        return "any speed"
    return f"{(plain.size - found.size) * 8 / cost / 1e6:,.0f} Mbit/s"
