"""Limits of failed sign-ins: after too many wrong passwords, an address or an account is refused for some minutes.

An attempt is counted before the password is checked, and the count is undone if the password was right. So even if many
attempts arrive at once, no more passwords are checked than the limit allows. A refusal computes no hash, and takes the
same time for right and wrong passwords, and for accounts that do not exist.

The limit of an address is lower than that of an account, so that one address cannot lock out the owner of an account.
After a sign-in, the browser gets a signed cookie, and its attempts at that account are counted separately: an attack on
the account from many addresses does not lock out the owner in that browser.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from roster import days, passwords, window_counters
from roster.api.client_address import client_address, rate_limit_subject
from roster.api.request_log import printable_path
from roster.logs import MASK, SECRET
from roster.models import User
from roster.names import search_key

logger = logging.getLogger("roster.sign_in")

WINDOW = 15 * 60_000
"""Length in milliseconds of the window in which failures are counted. It begins with the first failure."""

ADDRESS_SUBJECT, ACCOUNT_SUBJECT, BROWSER_SUBJECT = "sign-in from ", "sign-in as ", "sign-in in "
"""Prefixes of the subjects under which failures are counted."""

COOKIE, SALT = "known_browser", "roster.sign_in.known_browser"
COOKIE_AGE = 90 * 24 * 3600
"""Seconds for which a browser is recognized for the account that last signed in there."""

RETRY_WHEN_BUSY = 1
"""Seconds after which to try again while another password is being checked."""


class TooManyFailures(Exception):
    """This address or account had too many failures. The password was not checked."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        """Seconds until the window ends, at least 1."""
        super().__init__(f"Too many wrong passwords. Try again in {seconds} seconds.")


def clock() -> dt.datetime:
    """The current instant, for counting attempts."""
    return timezone.now()


class Backend(ModelBackend):
    """Authenticates by username and password. Inactive accounts are treated as if they did not exist."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        user = User.objects.filter(username_folded=search_key(username)).first()
        if user is None or not self.user_can_authenticate(user):
            user = User(username=username, password=passwords.UNUSABLE)
        return user if user.check_password(password) else None


class SignInAttempts:
    """Counts the attempts of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.signed_in = ""
        """The digest of the account that has signed in, or `""`."""

    @contextmanager
    def attempt(self, user: User) -> Iterator[passwords.Attempt]:
        """Count an attempt to sign in to an account. TooManyFailures if the limit is reached.

        The caller sets `is_right` of the attempt; otherwise it stays counted as a failure.
        """
        now = clock()
        address = f"{ADDRESS_SUBJECT}{rate_limit_subject(client_address(self.request))}"
        account = self.account_subject(user)
        by_subject = {address: settings.SIGN_IN_FAILURES_BY_ADDRESS, account: settings.SIGN_IN_FAILURES_BY_ACCOUNT}
        for subject, limit in by_subject.items():
            used = window_counters.peek(subject, window=WINDOW, on=now)
            if used.used >= limit:
                raise self.refusal(subject, user, used, on=now)
        with passwords.hashing_slot():
            counted: dict[str, window_counters.WindowCount] = {}
            for subject, limit in by_subject.items():
                counted[subject] = window_counters.count(subject, window=WINDOW, on=now)
                if counted[subject].used > limit:
                    self.take_back(counted)
                    raise self.refusal(subject, user, counted[subject], on=now)
            attempt = passwords.Attempt()
            yield attempt
        if attempt.is_right:
            window_counters.decrement(address, counted[address])
            window_counters.reset(account)
            self.signed_in = account_digest(user.username)
        else:
            self.log("A sign-in failed: the password was wrong.", user, "password")

    def account_subject(self, user: User) -> str:
        """The subject under which failures are counted: the account, or a browser that has signed in to it before."""
        account = account_digest(user.username)
        cookie = self.request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_AGE)
        known, _, browser = (cookie or "").partition(":")
        return f"{BROWSER_SUBJECT}{browser}" if known == account else f"{ACCOUNT_SUBJECT}{account}"

    def take_back(self, counted: dict[str, window_counters.WindowCount]) -> None:
        """Undo the counts of an attempt whose password was not checked."""
        for subject, count in counted.items():
            window_counters.decrement(subject, count)

    def refusal(
        self, subject: str, user: User, counted: window_counters.WindowCount, *, on: dt.datetime
    ) -> TooManyFailures:
        reason = "address" if subject.startswith(ADDRESS_SUBJECT) else "account"
        self.log("A sign-in was refused: too many have failed.", user, reason)
        left = counted.started_at + WINDOW - days.milliseconds(on)
        return TooManyFailures(max(1, -(-left // 1000)))

    def log(self, message: str, user: User, reason: str) -> None:
        """Write a log line. It contains only names of existing accounts: any other input may be a password."""
        fields = {
            "request_id": getattr(self.request, "request_id", ""),
            "path": printable_path(self.request.path_info),
            "reason": reason,
            "account": SECRET.sub(MASK, user.username) if user.pk else MASK,
            "address": client_address(self.request),
        }
        logger.warning(message, extra={"fields": fields})


def account_digest(username: str) -> str:
    """The hash under which an account is counted, whether or not it exists: of fixed length and without the name."""
    return hashlib.sha256(search_key(username).encode("utf-8", "surrogatepass")).hexdigest()


class SignInLimits:
    """Middleware that counts the attempts of each request, and answers those that are refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limits = SignInAttempts(request)
        token = passwords.limits.set(limits)
        try:
            response = self.get_response(request)
        finally:
            passwords.limits.reset(token)
        if limits.signed_in:
            response.set_signed_cookie(
                COOKIE,
                f"{limits.signed_in}:{token_hex(16)}",
                salt=SALT,
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooManyFailures):
            return too_many_response(request, 429, exception.seconds, "roster/sign_in_refused.html")
        if isinstance(exception, passwords.HashingBusy):
            return too_many_response(request, 503, RETRY_WHEN_BUSY, "roster/sign_in_busy.html")
        return None


def too_many_response(request: HttpRequest, status: int, seconds: int, template: str) -> HttpResponse:
    """A page that shows when to try again."""
    again_at = timezone.localtime(clock() + dt.timedelta(seconds=seconds))
    context = {"minutes": -(-seconds // 60), "again_at": again_at}
    response = render(request, template, context, status=status)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
