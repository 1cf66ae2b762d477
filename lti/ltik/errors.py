"""The shape of errors at the ltik API, which clients of LTIaaS read."""

from http import HTTPStatus
from typing import Any

from rest_framework.response import Response

from roster.api.errors import ParametersRefused, exception_handler

COPIED_HEADERS = ("WWW-Authenticate", "Retry-After", "Allow")
"""Headers of the roster API's errors that are sent here too."""

ERROR_CODES = {400: "INVALID_PARAMETERS", 403: "FORBIDDEN", 405: "METHOD_NOT_ALLOWED", 429: "TOO_MANY_REQUESTS"}
"""Error codes by status, for errors without one of their own."""


def ltik_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception of the ltik API. None, which means a 500, for an unforeseen one."""
    response = exception_handler(error, context)
    if response is None:
        return None
    status = HTTPStatus(response.status_code)
    description = response.data["detail"]
    if isinstance(error, ParametersRefused):
        description = " ".join(f"{name}: {text}" for name, texts in error.errors.items() for text in texts)
    error_code = getattr(error, "error_code", None) or ERROR_CODES.get(status, status.name)
    headers = {name: response[name] for name in COPIED_HEADERS if name in response}
    header = getattr(error, "auth_header", None)
    if header:
        headers["WWW-Authenticate"] = header
    details = {"message": error_code, "description": description}
    return Response({"status": status.value, "error": status.phrase, "details": details}, status, headers=headers)
