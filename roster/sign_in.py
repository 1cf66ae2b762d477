"""Signing in: who gives too many wrong passwords is refused for some minutes, by address and by account.

An attempt is counted before the password is looked at, and taken back when the password was right. So however many
attempts arrive at once, no more are looked at than the limit, and a refusal costs no hash and takes the same time
whether the password is right, and whether the account exists.

An address may fail less often than an account, so that one address cannot close an account to its owner. A browser in
which somebody has signed in keeps a signed cookie, and counts apart for that account: whoever attacks the account from
many addresses does not close it there.
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
"""Milliseconds in which failures add up. It begins with the first, so that nobody is refused for longer."""

ADDRESS_SUBJECT, ACCOUNT_SUBJECT, BROWSER_SUBJECT = "sign-in from ", "sign-in as ", "sign-in in "
"""How the subjects begin that failures are counted under."""

COOKIE, SALT = "known_browser", "roster.sign_in.known_browser"
COOKIE_AGE = 90 * 24 * 3600
"""Seconds for which a browser stays known for the account that last signed in there."""

RETRY_WHEN_BUSY = 1
"""Seconds after which to try again while another password is being checked."""


class TooManyFailures(Exception):
    """This address or this account failed too often: nothing was checked."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        """Until the window is over, at least 1."""
        super().__init__(f"Too many wrong passwords. Try again in {seconds} seconds.")


def clock() -> dt.datetime:
    """The instant that attempts are counted at."""
    return timezone.now()


class Backend(ModelBackend):
    """Accounts of this site by username and password. One that cannot sign in is as one that does not exist."""

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
        """The account, as it is counted, whose right password was given."""

    @contextmanager
    def attempt(self, user: User) -> Iterator[passwords.Attempt]:
        """Count an attempt at an account while it is under way. TooManyFailures where it may not be made."""
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
        """What failures at an account are counted under: the account, or a browser that is known for it."""
        account = account_digest(user.username)
        cookie = self.request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_AGE)
        known, _, browser = (cookie or "").partition(":")
        return f"{BROWSER_SUBJECT}{browser}" if known == account else f"{ACCOUNT_SUBJECT}{account}"

    def take_back(self, counted: dict[str, window_counters.WindowCount]) -> None:
        """Undo counts of an attempt at which no password was looked at."""
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
        """Write a line. It names existing accounts only: what else was typed as a name may be a password."""
        fields = {
            "request_id": getattr(self.request, "request_id", ""),
            "path": printable_path(self.request.path_info),
            "reason": reason,
            "account": SECRET.sub(MASK, user.username) if user.pk else MASK,
            "address": client_address(self.request),
        }
        logger.warning(message, extra={"fields": fields})


def account_digest(username: str) -> str:
    """What an account is counted under, whether or not it exists: of one length, and no name."""
    return hashlib.sha256(search_key(username).encode("utf-8", "surrogatepass")).hexdigest()


class SignInLimits:
    """Middleware that counts the attempts of each request, and answers those that may not be made."""

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
    """A page that says when to try again."""
    again_at = timezone.localtime(clock() + dt.timedelta(seconds=seconds))
    context = {"minutes": -(-seconds // 60), "again_at": again_at}
    response = render(request, template, context, status=status)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
