"""One structured log line for each request, with an id that the response and every error contain.

A line never contains a credential or values of parameters: of the query it has only names that can be names of
parameters, of the path only words and numbers. roster/logs.py formats all lines.
"""

import logging
import re
import time
from collections.abc import Callable
from secrets import token_hex

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from roster.api.caller import caller_of
from roster.api.client_address import client_address
from roster.logs import MASK

logger = logging.getLogger("roster.access")

GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A request id that a caller may choose, unless it looks like a key."""

METHOD = re.compile(r"[A-Z]{3,10}")
PARAMETER_NAME = re.compile(r"[A-Za-z]{1,30}")
PATH_SEGMENT = re.compile(r"[A-Za-z._-]{0,30}|[0-9]{1,20}")

KEY_PARAMETER_PATTERN = (
    r"cr_[A-Za-z0-9]+_?[A-Za-z0-9]*"  # bearer keys
    r"|eyJ[\w-]+\.[\w-]+(\.[\w-]*)*"  # signed tokens
    r"|[A-Za-z0-9]{40,}"  # private keys, session ids of other systems
)
LOOKS_LIKE_KEY = re.compile(KEY_PARAMETER_PATTERN)


class RequestLog:
    """Middleware that gives each request an id and logs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        sent = request.headers.get("X-Request-Id", "")
        is_good = GOOD_ID.fullmatch(sent) and not LOOKS_LIKE_KEY.search(sent)
        request_id = sent if is_good else token_hex(16)
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        line = {
            "request_id": request_id,
            "method": request.method if METHOD.fullmatch(request.method or "") else MASK,
            "path": printable_path(request.path_info),
            "parameters": parameter_names(request),
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "address": client_address(request),
            "key": caller_of(request).key_prefix,
        }
        if logger.isEnabledFor(logging.INFO):  # like info(), but without finding the caller in the code
            logger.handle(
                logger.makeRecord(logger.name, logging.INFO, "", 0, "request", (), None, extra={"fields": line})
            )
        return response


def printable_path(path: str) -> str:
    """A path with all segments masked that are neither a word nor a number: they may contain a key by mistake."""
    return "/".join(segment if PATH_SEGMENT.fullmatch(segment) else MASK for segment in path.split("/"))


def parameter_names(request: HttpRequest) -> list[str]:
    """The names of the query parameters, except those that cannot be a name of a parameter."""
    try:
        return [name for name in request.GET if PARAMETER_NAME.fullmatch(name)]
    except SuspiciousOperation:  # more parameters than Django reads
        return []
