"""`/lti/course/login` and `/lti/course/launch`: a learning platform opens this server from a course."""

import logging
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti.course.cookies import forget
from lti.course.framed import framed_page
from lti.course.recording import record
from lti.course.refused import Refused
from lti.course.tool import begin_login, read_launch
from lti.door import ltik
from lti.models import CourseLaunch

logger = logging.getLogger("lti.course")


@method_decorator(csrf_exempt, name="dispatch")  # posts of other sites are what these views are for
class CourseView(View):
    """A page that learning platforms open, whose refusals are pages too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            logger.info("A launch from a learning platform was refused: %s", refusal)
            context = {"reason": str(refusal)}
            response = framed_page(request, "lti/course/refused.html", context, status=refusal.status)
        response.headers["Cache-Control"] = "no-store"
        return response


class LoginView(CourseView):
    """Third-party-initiated login: send the browser on to the platform, which answers with an id_token."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        url, memory, platform = begin_login(request)
        response = HttpResponseRedirect(url)
        memory.keep(response, platform)
        return response

    post = get


class LaunchView(CourseView):
    """The id_token: the course is known from then on, and the browser goes to the tool with an ltik."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "error" in request.POST:
            word = request.POST["error"]
            said = f" ({word})" if re.fullmatch("[a-z_]{1,40}", word) else ""
            raise Refused(403, f"The learning platform did not sign you in{said}. Open the link in the course again.")
        now = timezone.now()
        read = read_launch(request, on=now)
        launch = record(read.deployment, read.said, on=now)
        response = self.opened(request, launch)
        forget(response, request.POST["state"])
        return response

    def opened(self, request: HttpRequest, launch: CourseLaunch) -> HttpResponse:
        tool = launch.platform.tool
        if tool is None or not tool.is_active:
            return framed_page(request, "lti/course/known.html", {"course": launch.course})
        url = tool.target_link_url
        token = ltik.mint(launch, on=launch.created_at)
        response = HttpResponseRedirect(f"{url}{'&' if '?' in url else '?'}ltik={token}")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
