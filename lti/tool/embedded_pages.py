"""Pages that a learning platform may embed.

They show no personal data but what the public may read, and change nothing here but by a message of the platform that
its signature proves.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roster.content_security_policy import CONTENT_SECURITY_POLICY

EMBEDDED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""Any host may embed: a platform may launch from unregistered hosts, such as one for each school."""


EMBEDDED_FORM_POST_POLICY = "; ".join(
    rule for rule in EMBEDDED_POLICY.split("; ") if not rule.startswith("form-action")
)
"""For a form that posts to a learning platform, which may redirect to other sites of its own."""


def embedded_form_post(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Such a page with a form that posts to a learning platform."""
    response = embedded_page(request, template, context)
    response["Content-Security-Policy"] = EMBEDDED_FORM_POST_POLICY
    return response


def embedded_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that any site may embed."""
    response = render(request, template, context, status=status)
    response["Content-Security-Policy"] = EMBEDDED_POLICY
    response.xframe_options_exempt = True
    return response
