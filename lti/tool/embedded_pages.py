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


def embedded_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that any site may embed."""
    response = render(request, template, context, status=status)
    response["Content-Security-Policy"] = EMBEDDED_POLICY
    response.xframe_options_exempt = True
    return response
