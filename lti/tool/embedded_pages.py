"""Pages that may stand inside of a learning platform's page. They have no form and no button, and name nobody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roster.content_security_policy import CONTENT_SECURITY_POLICY

EMBEDDED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""A platform launches from hosts that nobody registered: one for each of its schools, say."""


def embedded_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that any site may put into a frame."""
    response = render(request, template, context, status=status)
    response["Content-Security-Policy"] = EMBEDDED_POLICY
    response.xframe_options_exempt = True
    return response
