"""The page on which somebody chooses what a link in a course opens."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from lti.tool.deep_linking import Choice
from lti.tool.embedded_pages import embedded_page
from lti.tool.linked_organizations import choosable, linked_to_course

PAGE_SIZE = 50

MAX_SEARCH_LENGTH = 200


def choice_page(request: HttpRequest, choice: Choice, *, search: str = "", page: str = "1") -> HttpResponse:
    """A page of the organizations whose name has `search` in it; a number that is none or too large is the last."""
    search = search.replace("\0", "")[:MAX_SEARCH_LENGTH]
    tool = choice.deployment.platform.tool
    context = {
        "choice": choice.signed,
        "tool": tool if tool and tool.is_active else None,
        "search": search,
        "linked": [] if search or not choice.context_id else linked_to_course(choice)[:PAGE_SIZE],
        "page": Paginator(choosable(search), PAGE_SIZE).get_page(page),
    }
    return embedded_page(request, "lti/tool/choose.html", context)
