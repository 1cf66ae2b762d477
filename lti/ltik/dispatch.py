"""Which of two views answers at one address: the roster API, or the ltik API for requests with an ltik."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from lti.ltik.authentication import SCHEMES, scheme_of
from lti.ltik.views import LtikMembershipsView

LTIK_VIEWS = {"membership-list": LtikMembershipsView.as_view()}
"""What answers to an ltik, by the name of the route that answers to all others."""


def with_ltik_views(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same routes, with the ltik API for requests with an ltik."""
    return [
        dispatch_route(route) if isinstance(route, URLPattern) and route.name in LTIK_VIEWS else route
        for route in patterns
    ]


def dispatch_route(route: URLPattern) -> URLPattern:
    view = dispatch_by_scheme(route.callback, LTIK_VIEWS[str(route.name)])
    return URLPattern(route.pattern, view, route.default_args, route.name)


def dispatch_by_scheme(view: Any, ltik_view: Any) -> Any:
    """A view that is `view` to all but those who show an ltik; its attributes are those of `view`."""

    @wraps(view)
    def dispatched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        has_ltik = scheme_of(request.headers.get("Authorization", "")) in SCHEMES
        response: HttpResponse = (ltik_view if has_ltik else view)(request, *args, **kwargs)
        return response

    return dispatched
