"""The log: one line of JSON for each record, of the application and of gunicorn alike, with all times in UTC.

gunicorn's master loads this module, so it imports nothing else of the application: what the master has loaded stays as
it is when the program is upgraded and reloaded.
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
    """A log record as one line of JSON, with everything cut that looks like a secret."""

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
    """Drops Django's own record of a 503 that was answered on purpose: the access log has it, and nothing failed.

    A request that met a failure comes with the exception, and is kept.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503 or bool(record.exc_info)


@lru_cache(maxsize=2)
def written_time(seconds: int) -> str:
    """A moment in epoch seconds, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
