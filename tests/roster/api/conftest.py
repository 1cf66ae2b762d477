import datetime as dt
from typing import Any

import pytest

from roster.api import authentication
from tests.roster.api.signing import NOW


class Clock:
    """The one clock of authentication, in the hand of a test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += dt.timedelta(**duration)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock, standing at NOW until the test moves it."""
    clock = Clock()
    monkeypatch.setattr(authentication, "clock", clock)
    return clock


@pytest.fixture
def behind_a_proxy(settings: Any) -> None:
    """The test client is a proxy whose X-Forwarded-For is believed."""
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
