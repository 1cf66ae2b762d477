"""`/lti/course/login` and `/lti/course/launch`: a learning platform opens this server from a course."""

import logging
import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti import claims
from lti.core import ltik_token
from lti.models import CourseLaunch
from lti.tool.deep_linking import ORGANIZATION_ID, Choice
from lti.tool.deep_linking_page import choice_page
from lti.tool.embedded_pages import embedded_page
from lti.tool.errors import LaunchRefused, LoginNotFound
from lti.tool.launch_message import platform_of_token, read_launch
from lti.tool.launch_records import claim, store_launch
from lti.tool.linked_organizations import chosen, signed_link
from lti.tool.login import STORAGE_TARGET, begin_login, continued_login, restart_url, storage_of
from lti.tool.login_state import STORED, cookie_name, delete_cookie, is_state, state_id, store_in_cookie

logger = logging.getLogger("lti.course")


@method_decorator(csrf_exempt, name="dispatch")  # these views are for posts from other sites
class CourseView(View):
    """A page that learning platforms open. Refusals are pages too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except LaunchRefused as refusal:
            logger.info("A launch from a learning platform was refused: %s", refusal)
            context: dict[str, Any] = {"reason": str(refusal)}
            if isinstance(refusal, LoginNotFound):
                context["restart_url"] = restart_url(request.POST.get("state"))
            response = embedded_page(request, "lti/tool/refused.html", context, status=refusal.status)
        response.headers["Cache-Control"] = "no-store"
        return response


class LoginView(CourseView):
    """Third-party-initiated login: send the browser on to the platform, which answers with an id_token."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        login = begin_login(request)
        is_checked = login.sent_state == login.state.state
        response = HttpResponseRedirect(login.authorization_url if is_checked else login.continue_url)
        store_in_cookie(response, login.state)
        return response

    post = get


class ContinueLoginView(CourseView):
    """A login inside of a frame: go on if the browser kept the cookie, else by the storage or in a new window."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        login, has_cookie = continued_login(request)
        if has_cookie:
            return HttpResponseRedirect(login.authorization_url)
        context = {"login": login, "storage": login.storage, "restart_url": restart_url(login.sent_state)}
        return embedded_page(request, "lti/tool/login_in_frame.html", context)


class CourseLaunchView(CourseView):
    """The id_token: store the launch and its course, and redirect the browser to the tool with an ltik."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "error" in request.POST:
            error_code = request.POST["error"]
            reason = f" ({error_code})" if re.fullmatch("[a-z_]{1,40}", error_code) else ""
            raise LaunchRefused(
                403, f"The learning platform did not sign you in{reason}. Open the link in the course again."
            )
        now = timezone.now()
        try:
            message = read_launch(request, on=now)
        except LoginNotFound:
            if page := self.storage_page(request):
                return page
            raise
        if message.claims[claims.MESSAGE_TYPE] == claims.DEEP_LINKING_REQUEST:
            response = choice_page(request, Choice.of(message))
        elif organization_id := claim(message.claims, claims.CUSTOM).get(ORGANIZATION_ID):
            organization = chosen(organization_id)
            store_launch(message.deployment, message.claims, on=now)
            query = urlencode({"link": signed_link(organization)})
            response = HttpResponseRedirect(f"{reverse('lti:course-organization')}?{query}")
        else:
            response = self.opened(request, store_launch(message.deployment, message.claims, on=now))
        delete_cookie(response, request.POST["state"])
        return response

    def storage_page(self, request: HttpRequest) -> HttpResponse | None:
        """The page that asks the platform's storage for the login, and posts the launch again with it.

        None if the platform has no storage or was asked already, or if the browser kept the cookie.
        """
        target, state = request.POST.get(STORAGE_TARGET), request.POST.get("state", "")
        if STORED in request.POST or not target or not is_state(state) or cookie_name(state) in request.COOKIES:
            return None
        storage = storage_of(platform_of_token(request.POST.get("id_token", "")), target)
        if storage is None:
            return None
        context = {
            "storage": storage,
            "key": state_id(state),
            "fields": {name: request.POST[name] for name in ("id_token", "state", STORAGE_TARGET)},
            "restart_url": restart_url(state),
        }
        return embedded_page(request, "lti/tool/read_storage.html", context)

    def opened(self, request: HttpRequest, launch: CourseLaunch) -> HttpResponse:
        tool = launch.platform.tool
        if tool is None or not tool.is_active:
            return embedded_page(request, "lti/tool/course_received.html", {"course": launch.course})
        url = tool.target_link_url
        token = ltik_token.mint(launch, on=launch.created_at)
        response = HttpResponseRedirect(f"{url}{'&' if '?' in url else '?'}ltik={token}")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
