"""`/lti/authorize`: the authentication request of a launched tool, answered by an id_token that the browser posts."""

import logging
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lti.models import Deployment, Launch, Tool
from lti.platform.deep_linking import Parties, parties_of, request_token
from lti.platform.deep_linking_state import HINT, read_state
from lti.platform.id_token import id_token
from lti.platform.storage import STORAGE_TARGET, keep_opener
from organizations.models import Organization
from roster import secrets
from roster.api.authentication import audience_of

PARAMETERS = (
    *("scope", "response_type", "client_id", "redirect_uri", "login_hint", "lti_message_hint", "state"),
    *("response_mode", "nonce", "prompt"),
)

FIXED = {"response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
"""Parameters that have one value in LTI."""

LONGEST = 4096
"""Maximum characters of a parameter."""


UNREADABLE = "the LTI key was encrypted under a SECRET_KEY that is not in use any more."
CANNOT_SIGN = "This site cannot sign its messages to tools at the moment. Its log says what has to be done."

logger = logging.getLogger("lti.platform")


class NoRecipient(Exception):
    """The request names no registered tool or redirect URI, so nothing may be sent to its address."""


class AuthorizationRefused(Exception):
    """The request is answered with an error, at the redirect URI of the tool."""

    def __init__(self, error: str, description: str) -> None:
        self.error, self.description = error, description
        super().__init__(description)


@method_decorator(
    csrf_exempt, name="dispatch"
)  # tools of other sites may post here; the browser then repeats it by GET
class AuthorizeView(View):
    """The authorization endpoint of OpenID Connect, as LTI uses it."""

    http_method_names = ("get", "post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        keep_opener(response)
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Redirect to GET: browsers send no session cookie with a post from another site."""
        asked = {name: request.POST[name] for name in PARAMETERS if name in request.POST}
        return HttpResponseRedirect(f"{reverse('lti:authorize')}?{urlencode(asked)}", status=303)

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            tool, redirect_uri = recipient(request)
        except NoRecipient as reason:
            return render(request, "lti/refused.html", {"reason": str(reason)}, status=400)
        try:
            answer = {"id_token": answered(request, tool)}
        except secrets.UnreadableSecret:
            logger.error("No launch can be signed: %s Run manage.py rotate_lti_key.", UNREADABLE)
            return render(request, "lti/refused.html", {"reason": CANNOT_SIGN}, status=503)
        except AuthorizationRefused as refusal:
            answer = {"error": refusal.error, "error_description": refusal.description}
        if "state" in request.GET:
            answer["state"] = request.GET["state"]
        if not is_deep_linking(request):
            answer["lti_storage_target"] = STORAGE_TARGET
        response = render(request, "lti/post.html", {"url": redirect_uri, "fields": answer})
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response


def recipient(request: HttpRequest) -> tuple[Tool, str]:
    """The tool that asks, and its redirect URI for the answer. NoRecipient if one of them is not known."""
    if any(len(values) > 1 or "\0" in values[0] or len(values[0]) > LONGEST for _, values in request.GET.lists()):
        raise NoRecipient("The tool sent a parameter twice, or one that is too long.")
    tool = Tool.objects.active().filter(client_id=request.GET.get("client_id", "")).first()
    if tool is None:
        raise NoRecipient("No tool of this client_id is active here.")
    redirect_uri = request.GET.get("redirect_uri", "")
    if not tool.check_redirect_uri(redirect_uri):
        raise NoRecipient("The redirect_uri is not one that this tool has registered.")
    return tool, redirect_uri


def answered(request: HttpRequest, tool: Tool) -> str:
    """The id_token for a tool. AuthorizationRefused if the request, the person or the launch is not right."""
    asked = request.GET
    for name, value in FIXED.items():
        if asked.get(name) != value:
            error = "unsupported_response_type" if name == "response_type" else "invalid_request"
            raise AuthorizationRefused(error, f"{name} is to be {value}.")
    if "openid" not in asked.get("scope", "").split():
        raise AuthorizationRefused("invalid_scope", "scope is to be openid.")
    if not asked.get("nonce"):
        raise AuthorizationRefused("invalid_request", "nonce is missing.")
    if not request.user.is_authenticated or asked.get("login_hint") != tool.subject_of(request.user.pk):
        raise AuthorizationRefused("login_required", "The person of this login_hint is not signed in here.")
    hint, now = asked.get("lti_message_hint", ""), timezone.now()
    launch = launch_of(tool, request.user, hint)
    if launch is not None and launch.complete(on=now):
        return id_token(launch, asked["nonce"], on=now)
    state = read_state(hint, HINT, on=now)
    parties = parties_of(state) if state else None
    if state and parties and is_for(parties, tool, request.user) and state.use(HINT, on=now):
        return request_token(state, parties, asked["nonce"], on=now)
    raise AuthorizationRefused(
        "invalid_request", "This launch is not known, too old, or answered already: open the tool again."
    )


def is_deep_linking(request: HttpRequest) -> bool:
    """Was a deep linking request begun? It stays in the window of the page that offers the storage to launches."""
    return read_state(request.GET.get("lti_message_hint"), HINT, on=timezone.now()) is not None


def is_for(parties: Parties, tool: Tool, user: Any) -> bool:
    return parties.deployment.tool_id == tool.pk and parties.user.pk == user.pk


def launch_of(tool: Tool, user: Any, hint: str) -> Launch | None:
    """The open launch of this tool and person, if both may still see the organization."""
    try:
        waiting = Launch.objects.waiting(on=timezone.now()).with_parts()
        launch = waiting.get(uuid=uuid.UUID(hint), user=user, resource_link__deployment__tool=tool)
    except (ValueError, Launch.DoesNotExist):
        return None
    organization = launch.resource_link.context.organization
    covering = Deployment.objects.in_force().covering(organization)
    is_used_here = covering.filter(pk=launch.resource_link.deployment_id).exists()
    visible = [Organization.objects.visible_to(audience) for audience in (tool.reads, audience_of(user))]
    is_visible = all(organizations.filter(pk=organization.pk).exists() for organizations in visible)
    return launch if is_used_here and is_visible else None
