"""How much is measured: `make bench`, with `ROUNDS=2` or another number, or `make bench QUICK=1`."""

import os
from dataclasses import dataclass, replace
from typing import Self

from bench.databases import LARGE, SMALL, Size


@dataclass(frozen=True)
class BenchmarkOptions:
    command: str = "make bench"
    sizes: tuple[Size, ...] = (SMALL, LARGE)
    rounds: int = 5
    patience: float = float("inf")
    """Seconds after which no further round begins."""
    seconds: int = 2
    """Length of a window of load."""
    warming: int = 2
    """Length of the window before the first, which does not count."""
    pages: int = 4
    """The largest number of pages of a walk at each position."""
    compared: int = 10
    """Requests of each call whose answers are compared."""
    written: int = 5000
    """Rows that a writing of many takes; one at a time, a twentieth of them."""

    @classmethod
    def asked_for(cls) -> Self:
        if is_set("QUICK"):
            quick = cls(command="make bench QUICK=1", sizes=(SMALL,), rounds=2, patience=60)
            return replace(quick, seconds=1, warming=1, pages=1, compared=3, written=2000)
        if rounds := os.environ.get("ROUNDS"):
            return cls(command=f"make bench ROUNDS={rounds}", rounds=int(rounds))
        return cls()


def is_set(name: str) -> bool:
    """Was an option given on make's command line, as NAME=1?"""
    return os.environ.get(name, "").lower() not in {"", "0", "false", "no"}
