"""Platform storage for the tools that an organization's page opens: LTI Client Side postMessages, LTI Platform Storage.

The page keeps the data of tools in its memory (`lti/static/lti/storage_for_tools.js`). A tool opens in a new window, so
that the page stays, and the window keeps its opener. Every response of this site on the way to the tool has to allow
that, because a single one with the usual Cross-Origin-Opener-Policy separates the windows.
"""

from collections.abc import Iterable

from django.http import HttpResponseBase

from lti.core.web_origin import web_origin
from lti.models import Tool

STORAGE_TARGET = "_parent"
"""`lti_storage_target`: the window that opened the tool, not one of its frames."""


def keep_opener(response: HttpResponseBase) -> None:
    """Let the window of a response stay connected to the one that opened it."""
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"


def origins_of(tools: Iterable[Tool], *more_urls: str) -> list[str]:
    """The origins from which tools ask for the storage: those of all URLs that a launch opens."""
    urls = {url for tool in tools for url in (tool.login_url, tool.target_link_url, *tool.redirect_urls)}
    return sorted({web_origin(url) for url in urls.union(more_urls)})
