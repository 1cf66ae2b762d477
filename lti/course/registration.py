"""`/lti/course/register`: a learning platform offers to register this server as a tool (LTI Dynamic Registration).

A platform opens the page, mostly inside of one of its own; staff sign in and confirm. Only then is anything fetched:
the configuration, and what it names as its registration endpoint.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from lti import addresses, claims
from lti.course.fetching import fetch
from lti.course.framed import framed_page
from lti.course.refused import Refused
from lti.course.texts import cut, is_id
from lti.course.unavailable import CourseUnavailable
from lti.models import LearningPlatform, PlatformDeployment, Tool
from lti.models.tool import validate_url
from roster.names import fold

PERMISSION = "lti.add_learningplatform"

LONGEST = 4096
"""Characters of the longest parameter that is taken."""

CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "middle_name", "email", "picture")
"""What this server asks to be told of people. What a tool is told of it is decided here."""


class Confirmation(forms.Form):
    """What staff confirm, and what they choose with it."""

    openid_configuration = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST)
    registration_token = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST, required=False)
    tool = forms.ModelChoiceField(
        Tool.objects.active(),
        required=False,
        empty_label="No tool: courses are linked to organizations only",
        help_text="What a launch from a course opens, and who may read its roster with the launch’s ltik.",
    )

    def clean_openid_configuration(self) -> str:
        url: str = self.cleaned_data["openid_configuration"]
        return reachable(url)


class RegisterHereView(View):
    """The page that a learning platform opens, and the form on it."""

    http_method_names = ("get", "head", "post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return self.sign_in(request)
        try:
            if not (request.user.is_active and request.user.is_staff and request.user.has_perm(PERMISSION)):
                raise Refused(403, "You may not register this server with learning platforms. Somebody else has to.")
            response = super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            context = {"reason": str(refusal)}
            response = render(request, "lti/course/refused.html", context, status=refusal.status)
        response.headers["Cache-Control"] = "no-store"
        return response

    def sign_in(self, request: HttpRequest) -> HttpResponse:
        """To the sign-in page; inside of another site's page, where nobody can sign in, a link to a window for it."""
        here = f"{reverse('lti:course-register')}?{urlencode(asked(request))}"
        if request.headers.get("Sec-Fetch-Dest") == "document":
            return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'next': here})}")
        response = framed_page(request, "lti/course/elsewhere.html", {"url": here})
        response.headers["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        given = asked(request)
        try:
            url = reachable(given["openid_configuration"])
        except ValidationError as error:
            raise Refused(400, f"openid_configuration: {' '.join(error.messages)}") from error
        context = {"form": Confirmation(initial=given), "host": urlsplit(url).netloc}
        return render(request, "lti/course/register.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = Confirmation(request.POST)
        if not form.is_valid():
            said = (f"{name}: {message}" for name, messages in form.errors.items() for message in messages)
            raise Refused(400, " ".join(said))
        try:
            platform = register(**form.cleaned_data, by=request.user)
        except CourseUnavailable as error:
            raise Refused.because(error) from error
        return render(request, "lti/course/registered.html", {"platform": platform})


def asked(request: HttpRequest) -> dict[str, str]:
    """What the platform gave along."""
    names = ("openid_configuration", "registration_token")
    return {name: request.GET.get(name, "")[:LONGEST] for name in names}


def reachable(url: Any) -> str:
    """A URL that this server may open for a registration. ValidationError for any other.

    On a real site that is https only: its own machine and plain http are for trying out.
    """
    validate_url(url)
    if settings.HTTPS and urlsplit(url).scheme != "https":
        raise ValidationError(f"{url} does not begin with https://.")
    return str(url)


def register(openid_configuration: str, registration_token: str, tool: Tool | None, *, by: Any) -> LearningPlatform:
    """Register with the platform of this configuration. It is active: staff did it.

    Refused for a configuration that is not understood, CourseUnavailable for a platform that does not answer.
    """
    configuration = configuration_at(openid_configuration)
    headers = {"Authorization": f"Bearer {registration_token}"} if registration_token else {}
    answer = fetch("POST", configuration["registration_endpoint"], json=metadata(), headers=headers)
    answered = answer.json() if answer.status in {200, 201} else None
    said: dict[str, Any] = answered if isinstance(answered, dict) else {}
    client_id = said.get("client_id")
    if not is_id(client_id):
        raise Refused(502, f"The learning platform did not register this server (status {answer.status}).")
    platform = LearningPlatform(
        name=name_of(configuration),
        issuer=configuration["issuer"],
        client_id=client_id,
        authorization_url=configuration["authorization_endpoint"],
        token_url=configuration["token_endpoint"],
        key_set_url=configuration["jwks_uri"],
        token_audience=audience_in(configuration),
        tool=tool,
    )
    try:
        platform.full_clean()
    except ValidationError as error:
        words = " ".join(error.messages)
        raise Refused(502, f"The learning platform’s registration cannot be kept: {words}") from error
    with transaction.atomic():
        platform.save()
        told = said.get(claims.TOOL_CONFIGURATION)
        deployment_id = told.get("deployment_id") if isinstance(told, dict) else None
        if is_id(deployment_id):
            PlatformDeployment.objects.create(platform=platform, deployment_id=deployment_id)
        LogEntry.objects.log_actions(by.pk, [platform], ADDITION, change_message="Registered dynamically.")
    return platform


ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")


def configuration_at(url: str) -> dict[str, Any]:
    """The OpenID configuration of a learning platform, which has to be one of the host that it speaks for."""
    answer = fetch("GET", url)
    if answer.status != 200:
        raise Refused(502, f"There is no OpenID configuration at this address (status {answer.status}).")
    found = answer.json()
    if not isinstance(found, dict):
        raise Refused(502, "What stands at this address is no OpenID configuration.")
    for name in ENDPOINTS:
        try:
            reachable(found.get(name))
        except ValidationError as error:
            raise Refused(502, f"{name} of the OpenID configuration: {' '.join(error.messages)}") from error
    if urlsplit(found["issuer"]).netloc != urlsplit(url).netloc:
        raise Refused(502, "The OpenID configuration speaks for an issuer of another host.")
    return found


def audience_in(configuration: dict[str, Any]) -> str:
    """What a platform wants signed assertions to be for, where it is not the token endpoint."""
    audience = configuration.get("authorization_server")
    return audience if is_id(audience) else ""


def name_of(configuration: dict[str, Any]) -> str:
    """What to call a platform: its product and host."""
    described = configuration.get(claims.PLATFORM_CONFIGURATION)
    product = cut(described.get("product_family_code"), 40) if isinstance(described, dict) else ""
    host = urlsplit(configuration["issuer"]).netloc
    return f"{product} at {host}"[:200] if fold(product).strip() else host[:200]


def metadata() -> dict[str, Any]:
    """This server, as Dynamic Registration describes a tool."""
    launch_url = addresses.course_launch_url()
    return {
        "application_type": "web",
        "client_name": "Campus Roster",
        "grant_types": ["implicit", "client_credentials"],
        "response_types": ["id_token"],
        "initiate_login_uri": addresses.course_login_url(),
        "redirect_uris": [launch_url],
        "jwks_uri": addresses.jwks_url(),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": claims.NRPS_SCOPE,
        claims.TOOL_CONFIGURATION: {
            "domain": urlsplit(addresses.issuer()).netloc,
            "description": "Reads the rosters of courses for campus organizations and their tools.",
            "target_link_uri": launch_url,
            "claims": list(CLAIMS),
            "messages": [
                {"type": claims.RESOURCE_LINK_REQUEST, "target_link_uri": launch_url, "label": "Campus Roster"}
            ],
        },
    }
