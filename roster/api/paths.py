"""The paths of the API as existing clients spell them (docs/api.md, “Spelling”).

Any letter case, a trailing slash or none, doubled slashes, with or without the vendor's `/engage` in front, and
absolute-form request targets all reach the one route that `urls.py` names.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def origin_form(target: str) -> str:
    """The path of a request target that names scheme and host too; any other target as it is."""
    scheme, separator, rest = target.partition("://")
    return "/" + rest.partition("/")[2] if separator and scheme.lower() in {"http", "https"} else target


def single_slashes(path: str) -> str:
    """A path whose runs of slashes are single ones: clients join a base that ends in one with a path that begins so."""
    return re.sub("/{2,}", "/", path)


def normalized(path: str) -> str:
    """The path as the routes spell it. What is not the API's stays as it is."""
    path = origin_form(path)
    lowered = single_slashes(path).lower()
    if lowered == "/engage/api" or lowered.startswith("/engage/api/"):
        lowered = lowered.removeprefix("/engage")
    if lowered == "/api" or lowered.startswith("/api/"):
        return lowered.rstrip("/") + "/"
    return path


def is_api_path(path: str) -> bool:
    """Does the API answer here, also with its errors?"""
    return normalized(path).startswith("/api/")


class TolerantPaths:
    """Middleware that passes the normalized path to the routes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        plain = origin_form(request.path_info)
        if is_api_path(plain):  # addresses made from a path that begins with two slashes would name another host
            plain = single_slashes(plain)
        if plain != request.path_info:
            request.path = request.META.get("SCRIPT_NAME", "").rstrip("/") + plain
        request.path_info = normalized(plain)
        return self.get_response(request)
