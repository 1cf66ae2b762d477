"""Pages whose form leads to a tool, on another site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from roster.browsers import PAGE_POLICY

POLICY = "; ".join(rule for rule in PAGE_POLICY.split("; ") if not rule.startswith("form-action"))
"""That of every page, but for where forms may lead: a tool may send its visitors on to other sites of its own."""


def leaving_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page from which a form leads to a tool."""
    response = render(request, template, context)
    response["Content-Security-Policy"] = POLICY
    return response
