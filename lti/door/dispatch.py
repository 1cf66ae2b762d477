"""Which of two views answers at one address: the roster API, or the door for whoever shows an ltik."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from lti.door.authentication import SCHEMES, scheme_of
from lti.door.views import MembershipsView

DOORS = {"membership-list": MembershipsView.as_view()}
"""What answers to an ltik, by the name of the route that answers to all others."""


def behind_the_door(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same routes, where an ltik is led to the door."""
    return [
        led_by_scheme(route) if isinstance(route, URLPattern) and route.name in DOORS else route for route in patterns
    ]


def led_by_scheme(route: URLPattern) -> URLPattern:
    view = by_scheme(route.callback, DOORS[str(route.name)])
    return URLPattern(route.pattern, view, route.default_args, route.name)


def by_scheme(view: Any, door: Any) -> Any:
    """A view that is `view` to all but those who show an ltik; its attributes are those of `view`."""

    @wraps(view)
    def dispatched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shows_an_ltik = scheme_of(request.headers.get("Authorization", "")) in SCHEMES
        response: HttpResponse = (door if shows_an_ltik else view)(request, *args, **kwargs)
        return response

    return dispatched
