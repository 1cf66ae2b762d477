"""Methods that no path of this site supports, such as TRACE and CONNECT, get the same 405 response everywhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from roster.api.errors import problem_response
from roster.api.paths import is_api_path

KNOWN = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class AllowedMethods:
    """Middleware that responds with 405; views, redirects and static files would each respond differently."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in KNOWN:
            return self.get_response(request)
        response = problem_response(request, 405, "No path of this site supports this method.")
        response["Allow"] = "GET, HEAD" if is_api_path(request.path_info) else "GET, HEAD, OPTIONS, POST"
        return response
