"""Pages with a form that posts to a tool on another site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roster.content_security_policy import CONTENT_SECURITY_POLICY

FORM_POST_POLICY = "; ".join(rule for rule in CONTENT_SECURITY_POLICY.split("; ") if not rule.startswith("form-action"))
"""The policy of every page without form-action: a tool may redirect to other sites of its own."""


def form_post_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a form that posts to a tool."""
    response = render(request, template, context)
    response["Content-Security-Policy"] = FORM_POST_POLICY
    return response
