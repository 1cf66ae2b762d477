"""`/lti/course/register`: a learning platform offers to register this server as a tool (LTI Dynamic Registration).

A platform opens the page, mostly embedded in its own; staff sign in and confirm. Only then does this server request the
configuration and the registration endpoint.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from lti.core.reachable import reachable
from lti.models import LearningPlatform, Tool
from lti.tool.embedded_pages import embedded_page
from lti.tool.errors import LaunchRefused
from lti.tool.registration import choose_tool, register_with_platform
from lti.tool.registration_token import likely_platform
from lti.tool.unavailable import CourseUnavailable
from roster.api.authentication import audience_of
from roster.privacy import Audience, excess

PERMISSION = "lti.add_learningplatform"

LONGEST = 4096
"""Maximum characters of a parameter."""

CONFIRMED = "lti_registrations"
"""The name in the session under which registrations are kept that this browser has confirmed."""

MAX_CONFIRMED = 20


class Confirmation(forms.Form):
    """The confirmation by staff, with the choice of a tool."""

    openid_configuration = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST)
    registration_token = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST, required=False)
    tool = forms.ModelChoiceField(
        Tool.objects.active(),
        required=False,
        empty_label="No tool: courses are linked to organizations only",
        help_text="What a launch from a course opens, and who may read its roster with the launch’s ltik.",
    )

    def __init__(self, *args: Any, granter: Audience, known: LearningPlatform | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.granter = granter
        kept_tool: Tool | None = known.tool if known else None
        self.fields["tool"].initial = kept_tool
        # An update keeps the tool, even one that is disabled for now
        choices = Q(pk__in=Tool.objects.active()) | Q(pk=kept_tool and kept_tool.pk)
        self.fields["tool"].queryset = Tool.objects.filter(choices)  # type: ignore[attr-defined]

    def clean_tool(self) -> Tool | None:
        tool: Tool | None = self.cleaned_data["tool"]
        if tool and (more := excess(self.granter, tool.grants)):
            raise ValidationError(f"This tool reads {' and '.join(more)}, which you may not read yourself.")
        return tool

    def clean_openid_configuration(self) -> str:
        url: str = self.cleaned_data["openid_configuration"]
        return reachable(url)


class ToolRegistrationView(View):
    """The page that a learning platform opens, and its form."""

    http_method_names = ("get", "head", "post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = self.answered(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        # At the end this page tells the window that opened it to close its dialog.
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    def answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return self.sign_in(request)
        try:
            if not (request.user.is_active and request.user.is_staff and request.user.has_perm(PERMISSION)):
                raise LaunchRefused(
                    403, "You may not register this server with learning platforms. Somebody else has to."
                )
            return super().dispatch(request, *args, **kwargs)
        except LaunchRefused as refusal:
            context = {"reason": str(refusal)}
            return render(request, "lti/tool/refused.html", context, status=refusal.status)

    def sign_in(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the sign-in page. Embedded in another site, where nobody can sign in, link to a new window."""
        address = f"{reverse('lti:course-register')}?{urlencode(registration_parameters(request))}"
        if request.headers.get("Sec-Fetch-Dest") == "document":
            return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'next': address})}")
        return embedded_page(request, "lti/tool/open_in_new_window.html", {"url": address})

    def get(self, request: HttpRequest) -> HttpResponse:
        given = registration_parameters(request)
        if not given["openid_configuration"]:
            raise LaunchRefused(400, OPENED_BY_HAND)
        try:
            url = reachable(given["openid_configuration"])
        except ValidationError as error:
            raise LaunchRefused(400, f"openid_configuration: {' '.join(error.messages)}") from error
        known = likely_platform(url, given["registration_token"])
        form = Confirmation(initial=given, granter=granting_audience(request), known=known)
        context = {"form": form, "host": urlsplit(url).netloc, "known": known}
        return render(request, "lti/tool/register.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        token = request.POST.get("registration_token", "")[:LONGEST]
        known = likely_platform(request.POST.get("openid_configuration", "")[:LONGEST], token)
        form = Confirmation(request.POST, granter=granting_audience(request), known=known)
        if not form.is_valid():
            reasons = (f"{name}: {message}" for name, messages in form.errors.items() for message in messages)
            raise LaunchRefused(400, " ".join(reasons))
        platform = confirmed_before(request, form.cleaned_data)
        if platform is None:
            try:
                platform = register_with_platform(**form.cleaned_data, by=request.user)
            except CourseUnavailable as error:
                raise LaunchRefused.from_unavailable(error) from error
            keep_confirmed(request, form.cleaned_data, platform)
        return render(request, "lti/tool/registered.html", {"platform": platform})


OPENED_BY_HAND = (
    "openid_configuration: is missing. A learning platform opens this address itself and gives it along: enter the "
    "address there, where it asks for the URL of a dynamic registration."
)


def granting_audience(request: HttpRequest) -> Audience:
    """The audience of the person who confirms."""
    return audience_of(request.user)  # type: ignore[arg-type]  # signed in


def registration_parameters(request: HttpRequest) -> dict[str, str]:
    """The parameters that the platform sent."""
    names = ("openid_configuration", "registration_token")
    return {name: request.GET.get(name, "")[:LONGEST] for name in names}


def confirmed_before(request: HttpRequest, confirmed: dict[str, Any]) -> LearningPlatform | None:
    """The registration that this browser has made with the same token, for a form that is sent twice.

    Platforms accept most tokens only once, so it is not told again.
    """
    platform_id = request.session.get(CONFIRMED, {}).get(confirmation_id(confirmed))
    return choose_tool(platform_id, confirmed["tool"], by=request.user) if platform_id else None


def keep_confirmed(request: HttpRequest, confirmed: dict[str, Any], platform: LearningPlatform) -> None:
    """Keep in the session which registration a confirmation made."""
    if confirmed["registration_token"]:
        before = list(request.session.get(CONFIRMED, {}).items())[-MAX_CONFIRMED + 1 :]
        request.session[CONFIRMED] = {**dict(before), confirmation_id(confirmed): platform.pk}


def confirmation_id(confirmed: dict[str, Any]) -> str:
    text = f"{confirmed['openid_configuration']}\n{confirmed['registration_token']}"
    return hashlib.sha256(text.encode()).hexdigest()
