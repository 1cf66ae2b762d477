"""Fixtures of the tests of people, keys, the API's frame and the database."""

import io
import logging
from collections.abc import Iterator

import pytest

from roster.logs import JSONFormatter


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the handlers of the settings write while the test runs, every logger's lines as they are written."""
    written = io.StringIO()
    handlers = {
        handler
        for name in (None, "django", "django.request")
        for handler in logging.getLogger(name).handlers
        if isinstance(handler, logging.StreamHandler) and isinstance(handler.formatter, JSONFormatter)
    }
    before = {handler: handler.setStream(written) for handler in handlers}
    yield written
    for handler, stream in before.items():
        handler.setStream(stream)
