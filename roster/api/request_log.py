"""One structured line per request, under an id that the answer and every error carry.

A line never holds a credential or what was asked for: of the query only the parameters' names are kept, and keys that
strayed into a path are cut.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from roster.api.addresses import client_address

logger = logging.getLogger("roster.access")

GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
PARAMETER_NAME = re.compile(r"[A-Za-z]{1,30}")
KEY_LIKE = re.compile(r"cr_[^/]*|[^/]{40,}", re.IGNORECASE)


class RequestLog:
    """Middleware that gives a request its id and writes its line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        sent = request.headers.get("X-Request-Id", "")
        request_id = sent if GOOD_ID.fullmatch(sent) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        line = {
            "request_id": request_id,
            "method": request.method,
            "path": KEY_LIKE.sub("***", request.path),
            "parameters": [name for name in request.GET if PARAMETER_NAME.fullmatch(name)],
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "address": client_address(request),
            "key": getattr(request, "api_key_prefix", None),
        }
        logger.info("request", extra={"fields": line})
        return response


class JSONFormatter(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        import orjson

        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "request_id"):
            line["request_id"] = request.request_id
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()
