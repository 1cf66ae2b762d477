"""Normalizes the spellings of paths that existing clients use (docs/api.md, “Spelling”).

Paths in any letter case, with or without a trailing slash, with doubled slashes, with or without the prefix `/engage`,
and absolute-form request targets are all normalized to the route in `urls.py`.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def origin_form(target: str) -> str:
    """The path of an absolute-form request target (with scheme and host); any other target unchanged."""
    scheme, separator, rest = target.partition("://")
    return "/" + rest.partition("/")[2] if separator and scheme.lower() in {"http", "https"} else target


def single_slashes(path: str) -> str:
    """A path with single slashes only: some clients join a base URL and a path so that the slash is doubled."""
    return re.sub("/{2,}", "/", path)


def normalized(path: str) -> str:
    """The path as it is spelled in the routes. Paths outside the API are unchanged."""
    path = origin_form(path)
    lowered = single_slashes(path).lower()
    if lowered == "/engage/api" or lowered.startswith("/engage/api/"):
        lowered = lowered.removeprefix("/engage")
    if lowered == "/api" or lowered.startswith("/api/"):
        return lowered.rstrip("/") + "/"
    return path


def is_api_path(path: str) -> bool:
    """Is this a path of the API, for which errors are in its format too?"""
    return normalized(path).startswith("/api/")


class TolerantPaths:
    """Middleware that passes the normalized path to the routes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        plain = origin_form(request.path_info)
        if is_api_path(plain):  # a URL made from a path that begins with two slashes would have another host
            plain = single_slashes(plain)
        if plain != request.path_info:
            request.path = request.META.get("SCRIPT_NAME", "").rstrip("/") + plain
        request.path_info = normalized(plain)
        return self.get_response(request)
