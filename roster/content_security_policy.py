"""What a browser may do with the pages of this site: load from here alone, and never inside another site's frame."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts come from files of this site only. Styles may stand inline: widgets of the admin set sizes that way. Forms
may go elsewhere: the launch of an LTI tool is a form that the browser sends to the tool."""


class ContentSecurityPolicy:
    """Middleware that gives each page a Content-Security-Policy, where its view has not set one of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response
