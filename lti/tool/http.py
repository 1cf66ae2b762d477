"""Requests to learning platforms."""

from typing import Any

from lti.core import http_client
from lti.core.host_state import HostFailed
from lti.core.http_client import FetchedResponse
from lti.tool.unavailable import CourseUnavailable

HOST_LABEL = "The learning platform"


def fetch_from_platform(method: str, url: str, **sent: Any) -> FetchedResponse:
    """The answer of a learning platform. CourseUnavailable without a complete one."""
    try:
        return http_client.fetch(method, url, host_label=HOST_LABEL, **sent)
    except HostFailed as error:
        raise CourseUnavailable(str(error), timed_out=error.timed_out) from error


def json_of(answer: FetchedResponse) -> Any:
    """The body of an answer as JSON. CourseUnavailable if it is not JSON."""
    try:
        return answer.json()
    except ValueError as error:
        raise CourseUnavailable(f"{HOST_LABEL}'s answer is not JSON.") from error
