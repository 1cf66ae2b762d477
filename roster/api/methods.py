"""Methods that no address of this site supports get the same 405 everywhere, TRACE and CONNECT included."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from roster.api.errors import problem_response
from roster.api.paths import is_api_path

KNOWN = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class AllowedMethods:
    """Middleware that answers 405, where views, redirects and static files would each answer differently."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in KNOWN:
            return self.get_response(request)
        response = problem_response(request, 405, "No address of this site has this method.")
        response["Allow"] = "GET, HEAD" if is_api_path(request.path_info) else "GET, HEAD, OPTIONS, POST"
        return response
