"""Checks of passwords: at most one at a time in each process, and limited in number.

A password hash takes half a second on one core. All password hashes are computed by the hasher below, and all passwords
of accounts are checked by `User.check_password`, so that both limits apply on every page.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.contrib.auth.hashers import PBKDF2PasswordHasher

UNUSABLE = "!"
"""The password hash of an account that does not exist: checking it takes as long as checking any other."""


class HashingBusy(Exception):
    """Another thread of this process is hashing a password. Nothing was checked or changed."""


class Attempts(Protocol):
    """Counts attempts to sign in to an account, and refuses too many."""

    def attempt(self, user: Any) -> "AbstractContextManager[Attempt]": ...


class Attempt:
    """One attempt to sign in. It counts as failed until `is_right` is set."""

    is_right = False


limits: ContextVar[Attempts | None] = ContextVar("limits", default=None)
"""Counts the attempts of the current request; None in commands."""

_hashing_lock = threading.RLock()


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Hold the lock for hashing a password in this process. HashingBusy, without waiting, if another thread holds it.

    A waiting thread could not answer other requests, and a worker has few threads. The lock is reentrant: a check of a
    password acquires it before the attempt is counted, and the hasher acquires it again.
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
