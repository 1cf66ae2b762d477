"""Requests to learning platforms, which fail in words for whoever needed the answer."""

from typing import Any

from lti import fetching
from lti.course.unavailable import CourseUnavailable
from lti.fetching import Fetched
from lti.hosts import HostFailed

WHOSE = "The learning platform"


def fetch(method: str, url: str, **sent: Any) -> Fetched:
    """What a learning platform answers. CourseUnavailable when there is no whole answer."""
    try:
        return fetching.fetch(method, url, whose=WHOSE, **sent)
    except HostFailed as error:
        raise CourseUnavailable(str(error), timed_out=error.timed_out) from error


def json_of(answer: Fetched) -> Any:
    """The body of an answer as JSON. CourseUnavailable for what is none."""
    try:
        return answer.json()
    except ValueError as error:
        raise CourseUnavailable(f"{WHOSE}'s answer is not JSON.") from error
