"""Responses to requests that do not reach the application, with the error format of the API."""

import logging
from http import HTTPStatus
from secrets import token_hex

import orjson
from django.http import HttpRequest
from gunicorn.http import errors

from config import framing

logger = logging.getLogger("roster.refused")


class LengthRequired(errors.ParseException):
    """A body with chunked transfer coding, whose length is not known in advance."""


class HostMissing(errors.ParseException):
    """A request without a Host header (RFC 9112, 3.2). gunicorn itself refuses a request with two."""


class TooSlow(errors.ParseException):
    """A request that did not arrive in time."""


ERROR_RESPONSES: tuple[tuple[type[Exception], int, str], ...] = (
    (errors.InvalidResponseHeader, 500, ""),
    (errors.InvalidResponseHeaderName, 500, ""),
    (TooSlow, 408, "The request did not arrive in time."),
    (LengthRequired, 411, "Send the body with its Content-Length, not in chunks."),
    (errors.LimitRequestLine, 414, "The address of a request may be 8190 bytes long, its query included."),
    (errors.LimitRequestHeaders, 431, "A request may have 100 headers, each 8190 bytes long, 65536 bytes in all."),
    (errors.ExpectationFailed, 417, "The server cannot meet what the Expect header asks."),
    (errors.UnsupportedTransferCoding, 501, "The server does not support this transfer coding."),
    (HostMissing, 400, "A request must have a Host header. Only HTTP/1.0 may omit it."),
    (errors.ParseException, 400, "The server cannot parse this request."),
)
"""Errors before the request reaches the application, with status and detail. The first matching class is used."""


def error_response(error: Exception, request: bytes) -> bytes:
    """The HTTP response to a request that could not be read. The request is not logged: it may contain a key."""
    refusals = ((status, detail) for kind, status, detail in ERROR_RESPONSES if isinstance(error, kind))
    status, detail = next(refusals, (500, ""))
    request_id = token_hex(16)
    fields = {"request_id": request_id, "status": status, "reason": type(error).__name__}
    if status == 500:
        logger.error("A request failed outside the application.", exc_info=error, extra={"fields": fields})
    else:
        logger.info("A request was refused before it was read.", extra={"fields": fields})
    return response_bytes(status, detail, request_id, framing.origin(request))


def response_bytes(status: int, detail: str, request_id: str, origin: str) -> bytes:
    """An HTTP response with a problem body, after which the connection closes."""
    from roster.api.errors import MEDIA_TYPE, SERVER_FAILED, problem  # needs the loaded application

    request = HttpRequest()
    request.request_id = request_id  # type: ignore[attr-defined]
    body = orjson.dumps(problem(request, status, detail or SERVER_FAILED))
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        f"X-Request-Id: {request_id}",
        *cors_headers(origin),
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def cors_headers(origin: str) -> list[str]:
    """The headers with which scripts of an allowed origin may read the response, as in the application's responses."""
    from django.conf import settings  # imported here because only workers have settings

    if origin not in settings.CORS_ALLOWED_ORIGINS:
        return ["Vary: origin"]
    return [
        "Vary: origin",
        f"Access-Control-Allow-Origin: {origin}",
        f"Access-Control-Expose-Headers: {', '.join(settings.CORS_EXPOSE_HEADERS)}",
    ]
