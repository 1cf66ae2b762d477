"""`/lti/course/deep-linking`: what a link opens is chosen. `/lti/course/organization`: it opens an organization."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lti.core import urls
from lti.models import PlatformDeployment
from lti.tool.deep_linking import ORGANIZATION_ID, Choice, link_item, read_choice, response_token
from lti.tool.deep_linking_page import choice_page
from lti.tool.embedded_pages import embedded_page
from lti.tool.errors import LaunchRefused
from lti.tool.linked_organizations import choosable, chosen, public_members, read_link
from lti.tool.views import CourseView

MEMBERS_ON_A_PAGE = 100


class ChooseView(CourseView):
    """The form of the choice: search, turn the page, or send the answer to the learning platform."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        choice = read_choice(request.POST.get("choice", ""))
        deployment = choice.deployment
        items = chosen_items(request, deployment)
        if items is None:
            search, page = (request.POST.get(name, "") for name in ("search", "page"))
            return choice_page(request, choice, search=search, page=page or "1")
        return self.answer(request, choice, deployment, items)

    def answer(
        self, request: HttpRequest, choice: Choice, deployment: PlatformDeployment, items: list[dict[str, Any]]
    ) -> HttpResponse:
        fields = {"JWT": response_token(choice, deployment, items, on=timezone.now())}
        return embedded_page(request, "lti/tool/return.html", {"url": choice.return_url, "fields": fields})


def chosen_items(request: HttpRequest, deployment: PlatformDeployment) -> list[dict[str, Any]] | None:
    """The content items of the button that was pressed; none for Cancel. None if nothing was chosen yet."""
    url = urls.course_launch_url()
    if "organization" in request.POST:
        organization = chosen(request.POST["organization"], choosable())
        return [link_item(organization.name, url, {ORGANIZATION_ID: str(organization.pk)})]
    if "tool" in request.POST:
        tool = deployment.platform.tool
        if tool is None or not tool.is_active:
            raise LaunchRefused(404, "No tool opens from the courses of this learning platform any more.")
        return [link_item(tool.name, url, {})]
    return [] if "cancel" in request.POST else None


class LinkedOrganizationView(CourseView):
    """The public roster of the organization that a link in a course opened."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("link", "")
        organization = read_link(text)
        page = Paginator(public_members(organization), MEMBERS_ON_A_PAGE).get_page(request.GET.get("page", "1"))
        context = {"organization": organization, "page": page, "link": text}
        return embedded_page(request, "lti/tool/organization.html", context)
