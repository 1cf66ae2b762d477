"""`/lti/course/login` and `/lti/course/launch`: a learning platform opens this server from a course."""

import logging
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti.core import ltik_token
from lti.models import CourseLaunch
from lti.tool.embedded_pages import embedded_page
from lti.tool.errors import LaunchRefused
from lti.tool.launch_records import store_launch
from lti.tool.login_state import delete_cookie
from lti.tool.pylti_launch import begin_login, read_launch

logger = logging.getLogger("lti.course")


@method_decorator(csrf_exempt, name="dispatch")  # these views are for posts from other sites
class CourseView(View):
    """A page that learning platforms open. Refusals are pages too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except LaunchRefused as refusal:
            logger.info("A launch from a learning platform was refused: %s", refusal)
            context = {"reason": str(refusal)}
            response = embedded_page(request, "lti/tool/refused.html", context, status=refusal.status)
        response.headers["Cache-Control"] = "no-store"
        return response


class LoginView(CourseView):
    """Third-party-initiated login: send the browser on to the platform, which answers with an id_token."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        url, storage, platform = begin_login(request)
        response = HttpResponseRedirect(url)
        storage.store(response, platform)
        return response

    post = get


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
        message = read_launch(request, on=now)
        launch = store_launch(message.deployment, message.claims, on=now)
        response = self.opened(request, launch)
        delete_cookie(response, request.POST["state"])
        return response

    def opened(self, request: HttpRequest, launch: CourseLaunch) -> HttpResponse:
        tool = launch.platform.tool
        if tool is None or not tool.is_active:
            return embedded_page(request, "lti/tool/course_received.html", {"course": launch.course})
        url = tool.target_link_url
        token = ltik_token.mint(launch, on=launch.created_at)
        response = HttpResponseRedirect(f"{url}{'&' if '?' in url else '?'}ltik={token}")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
