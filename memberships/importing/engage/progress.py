"""Progress bars on standard error, if that is a terminal."""

from typing import Any

from tqdm import tqdm


def progress_bar(what: str, total: int, *, done: int = 0) -> "tqdm[Any]":
    return tqdm(total=total, initial=done, desc=what, unit="", disable=None, leave=False)
