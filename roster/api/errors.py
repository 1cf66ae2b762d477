"""One form for every error: RFC 9457 `application/problem+json` (docs/api.md, “Errors”)."""

import logging
import sys
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import DisallowedHost, PermissionDenied, TooManyFieldsSent, ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response

from roster.api import rate_limit
from roster.api.paths import is_api_path
from roster.database.failures import is_outage
from roster.reads.count_limit import TooManyCounts

logger = logging.getLogger("roster.errors")

MEDIA_TYPE = "application/problem+json"
UNAVAILABLE = "The database does not respond at the moment. Try again in a few seconds."
RETRY_SECONDS = 5
SERVER_FAILED = "An error in the server. Its log has the details under this requestId."


class ParametersRefused(exceptions.APIException):
    """400: parameters that are not accepted, each with its name and what would be accepted."""

    status_code = 400
    default_code = "invalid"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__("The request was refused, because not all of its parameters are accepted.")


class CountingBusy(exceptions.APIException):
    """503: as many requests as allowed are counting large lists; the client should try again."""

    status_code = 503
    default_detail = "The items of this list must be counted, and other lists are being counted. Try again in a second."
    default_code = "counting"
    wait = 1
    """Seconds until the client should try again."""


class Conflict(exceptions.APIException):
    """409: a change that breaks a rule of the data."""

    status_code = 409
    default_detail = "This change would break a rule of the data."
    default_code = "conflict"


def problem(
    request: HttpRequest, status: int, detail: str, errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """The body of an error: what went wrong, and the id of the request in the log."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "requestId": getattr(request, "request_id", ""),
    }
    if errors:
        body["errors"] = [
            {"parameter": name, "detail": detail} for name, details in errors.items() for detail in details
        ]
    return body


def problem_response(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """An error response outside the views of the API."""
    body = orjson.dumps(problem(request, status, detail))
    headers = {"Cache-Control": "no-store", **rate_limit.headers(request)}
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception of a view. None, which results in a 500, for an unexpected one."""
    if isinstance(error, Http404):
        error = exceptions.NotFound("Nothing has this id, or you may not see it.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, ValidationError):
        error = ParametersRefused(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
    elif isinstance(error, ProtectedError | IntegrityError):
        error = Conflict()
    elif isinstance(error, TooManyCounts):
        error = CountingBusy()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, exceptions.Throttled | CountingBusy):
        headers["Retry-After"] = str(getattr(error, "wait", None) or 60)
    errors = error.errors if isinstance(error, ParametersRefused) else None
    body = problem(context["request"], error.status_code, str(error.detail), errors)
    return Response(body, status=error.status_code, headers=headers, content_type=MEDIA_TYPE)


REFUSED: dict[type[Exception], str] = {
    DisallowedHost: "The Host header of this request is not a name of this server.",
    TooManyFieldsSent: "A request may have at most 1000 parameters.",
}
"""Messages for requests that Django refuses before they reach a view."""


def wants_page(request: HttpRequest) -> bool:
    """Does the request come from a browser? Requests of the API always count as coming from programs."""
    return "text/html" in request.headers.get("Accept", "") and not is_api_path(request.path_info)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: Django refused the request before it reached a view."""
    if not wants_page(request):
        return problem_response(request, 400, REFUSED.get(type(exception), "This request is malformed."))
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    if is_api_path(request.path_info):
        return problem_response(request, 403, "This request is not permitted.")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: no route."""
    if is_api_path(request.path_info):
        return problem_response(request, 404, "This path does not exist. The API is described at /api/docs/.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: the response has the id of the log entry, but not the cause. 503 if the database failed."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    if not wants_page(request):
        return problem_response(request, 500, SERVER_FAILED)
    return defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a page for browsers, problem+json for programs."""
    if wants_page(request):
        response = HttpResponse(render_to_string("roster/unavailable.html"), status=503)
        response["Cache-Control"] = "no-store"
    else:
        response = problem_response(request, 503, UNAVAILABLE)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
