"""The Content-Security-Policy: pages load only from this site, and are never shown in a frame of another site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts come only from files of this site. Inline styles are allowed, because widgets of the admin set sizes with
them. Forms may be sent to other sites: the launch of an LTI tool is a form that the browser sends to the tool."""


class ContentSecurityPolicy:
    """Middleware that adds a Content-Security-Policy to each page whose view has not set one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response
