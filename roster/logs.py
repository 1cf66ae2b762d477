"""The log: one line of JSON for each record of the application and of gunicorn, with all times in UTC.

gunicorn's master process loads this module, so it imports nothing else of the application: modules that the master has
loaded are not replaced when the program is upgraded and reloaded.
"""

import logging
import re
import time
from functools import lru_cache

import orjson

SECRET = re.compile(
    r"cr_[A-Za-z0-9]+_?[A-Za-z0-9]*"  # bearer keys
    r"|eyJ[\w-]+\.[\w-]+(\.[\w-]*)*"  # signed tokens
    r"|\b[0-9a-fA-F]{32,}\b"  # hashes
    r"|[A-Za-z0-9]{40,}"  # private keys, session ids of other systems
)
MASK = "***"


class JSONFormatter(logging.Formatter):
    """Formats a log record as one line of JSON, with everything masked that looks like a secret."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": written_time(int(record.created)),
            "level": record.levelname,
            "logger": record.name,
            "message": SECRET.sub(MASK, record.getMessage()),
            **getattr(record, "fields", {}),
        }
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "request_id"):
            line["request_id"] = request.request_id
        if record.exc_info:
            line["traceback"] = SECRET.sub(MASK, self.formatException(record.exc_info))
        return orjson.dumps(line, default=str).decode()


class DropExpected503(logging.Filter):
    """Drops Django's log record of an intended 503 response, which the access log has already.

    A record with an exception is kept.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503 or bool(record.exc_info)


@lru_cache(maxsize=2)
def written_time(seconds: int) -> str:
    """The text of an instant in epoch seconds, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
