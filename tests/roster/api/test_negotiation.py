"""The choice of a renderer is DRF's, also where it is made at once (`roster/api/renderers.py`)."""

from typing import Any

import pytest
from django.http import Http404
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from roster.api.renderers import JSONRenderer, Negotiation

ACCEPTED = (None, "*/*", "application/json", "application/*", "text/html", "text/html, */*;q=0.1", "image/png", "")


@pytest.mark.parametrize("accepted", ACCEPTED)
@pytest.mark.parametrize("format_suffix", [None, "json", "html"])
@pytest.mark.parametrize("renderers", [[JSONRenderer], [StaticHTMLRenderer, JSONRenderer]])
def test_it_is_what_drf_would_choose(
    accepted: str | None, format_suffix: str | None, renderers: list[type[BaseRenderer]]
) -> None:
    headers = {} if accepted is None else {"Accept": accepted}
    request = Request(APIRequestFactory().get("/api/memberships", headers=headers))
    made = [kind() for kind in renderers]
    chosen = [choice(kind(), request, made, format_suffix) for kind in (Negotiation, DefaultContentNegotiation)]
    assert chosen[0] == chosen[1]


def choice(negotiation: Any, request: Request, renderers: list[BaseRenderer], format_suffix: str | None) -> Any:
    try:
        return negotiation.select_renderer(request, renderers, format_suffix)
    except (NotAcceptable, Http404) as refused:
        return type(refused)
