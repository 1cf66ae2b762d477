"""The routes of the roster API, as the URLconf has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from roster.api.views import RosterView, RosterViewSet


@dataclass(frozen=True)
class Route:
    """One path of the API and what answers it."""

    path: str
    """`/api/memberships/{id}`: the last part is an id."""
    view: type[RosterView]
    is_detail: bool

    def __str__(self) -> str:
        return self.path

    @property
    def parameters(self) -> dict[str, Any]:
        """The form fields of the filters that this route takes, by their names on the wire."""
        if not issubclass(self.view, RosterViewSet):
            return {}
        filterset = self.view.detail_filterset_class if self.is_detail else self.view.filterset_class
        return {name: declared.field for name, declared in filterset.base_filters.items()}

    def of(self, number: int) -> str:
        """The path of the item of this id."""
        return self.path.replace("{id}", str(number))


def patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the URLconf, with the path that leads to it."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, path)
        else:
            yield path, pattern


def roster_routes() -> list[Route]:
    """The routes of the roster API itself, whose views know an audience; those of LTI are in no description of it."""
    routes = []
    for path, pattern in patterns(get_resolver()):
        view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
        if path.startswith("/api/") and isinstance(view, type) and issubclass(view, RosterView) and view.schema:
            named = path.replace("(?P<pk>[^/.]+)", "{id}").rstrip("/")
            routes.append(Route(named, view, is_detail="{id}" in named))
    return routes


ROUTES = roster_routes()
LISTS = [route for route in ROUTES if issubclass(route.view, RosterViewSet) and not route.is_detail]
DETAILS = [route for route in ROUTES if route.is_detail]
