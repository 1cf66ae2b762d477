"""Checking passwords: at most one at a time in each process, and no oftener than the running request may.

A password hash takes half a second of a core. Every hash of a password is made by the hasher below, and every check of
an account's password passes `User.check_password`, so that neither rule depends on the page that asks.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.contrib.auth.hashers import PBKDF2PasswordHasher

UNUSABLE = "!"
"""What stands for the password of an account that does not exist: checking it takes as long as any other."""


class HashingBusy(Exception):
    """Another thread of this process hashes a password. Nothing was checked or changed; try again in a moment."""


class Attempts(Protocol):
    """Counts attempts to give an account's password, and refuses too many."""

    def attempt(self, user: Any) -> "AbstractContextManager[Attempt]": ...


class Attempt:
    """One attempt; wrong until it is known to be right."""

    is_right = False


limits: ContextVar[Attempts | None] = ContextVar("limits", default=None)
"""What counts the attempts of the running request; None in commands."""

_hashing_lock = threading.RLock()


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Be the one thread of this process that hashes a password. HashingBusy at once while another one does.

    A thread that waited would answer nobody else meanwhile, and a worker has few threads. A check of a password takes
    its turn before it is counted, and the hasher takes it again.
    """
    if not _hashing_lock.acquire(blocking=False):
        raise HashingBusy
    try:
        yield
    finally:
        _hashing_lock.release()


class OneAtATimeHasher(PBKDF2PasswordHasher):
    """Django's own PBKDF2 with SHA-256, one at a time in each process."""

    def encode(self, *args: Any, **kwargs: Any) -> str:
        with hashing_slot():
            encoded: str = super().encode(*args, **kwargs)
            return encoded
