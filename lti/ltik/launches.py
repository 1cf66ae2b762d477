"""`POST /api/launches`: a portal launches a tool for somebody who is signed in there, and gets the ltik."""

import uuid
from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation
from django.http import UnreadablePostError
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from lti.core import ltik_token
from lti.models import Context, Deployment, Launch, ResourceLink, ToolApiKey
from lti.nrps.container import LinkDenied, resource_link_of, roster_of
from lti.platform.initiation import start_launch
from memberships.models import Membership
from organizations.models import Organization
from roster import days
from roster.api.authentication import KeyAuthentication
from roster.api.caller import caller_of
from roster.api.errors import ParametersRefused
from roster.api.parameters import MAX_ID
from roster.api.views import RosterView
from roster.models import User

MAX_BODY_BYTES = 16 * 1024
"""Bytes of the largest body that is read."""


class LaunchesView(RosterView):
    """Launch for a person in an organization."""

    http_method_names = ("post",)  # type: ignore[assignment]  # the roster API itself is read only
    authentication_classes = (KeyAuthentication,)
    schema = None

    key: ToolApiKey

    def check_parameters(self, request: Request) -> None:
        prefix = caller_of(request._request).key_prefix
        key = ToolApiKey.objects.filter(api_key__prefix=prefix).select_related("tool").first()
        if key is None or not key.may_launch or not key.tool.is_active:
            raise exceptions.PermissionDenied("This key is not one by which an active LTI tool may launch.")
        self.key = key
        super().check_parameters(request)

    def post(self, request: Request) -> Response:
        body = parse_body(request)
        now = timezone.now()
        user = self.user(body["userId"])
        link = self.link(body["organizationId"], body.get("resourceLinkId"))
        launch: Launch = start_launch(link, user)
        launch.complete(on=now)
        token = ltik_token.mint(launch, on=now, has_resource_link=body.get("resourceLinkId") is not None)
        answer = {
            "ltik": token,
            "expiresIn": ltik_token.LTIK_LIFETIME,
            "launchId": str(launch.uuid),
            "contextId": str(launch.resource_link.context.uuid),
            "user": self.key.tool.subject_of(user.pk),
        }
        return Response(answer, status=201)

    def user(self, user_id: int) -> User:
        """The active person of this id, on a roster that the tool's audience sees. NotFound for any other."""
        visible = Membership.objects.visible_to(self.key.tool.reads).filter(user=user_id)
        user: User | None = User.objects.filter(pk__in=visible.values("user")).first()
        if user is None or not user.is_active:
            raise exceptions.NotFound("userId: there is no such person here, or they are not for this tool to see.")
        return user

    def link(self, organization_id: int, link_id: uuid.UUID | None) -> ResourceLink:
        """The resource link of this id, or the first one in the organization. NotFound if there is none."""
        tool = self.key.tool
        organization = Organization.objects.visible_to(tool.reads).filter(pk=organization_id).first()
        covering = Deployment.objects.in_force().filter(tool=tool).covering(organization_id)
        deployment = covering.first() if organization else None
        if organization is None or deployment is None:
            raise exceptions.NotFound("organizationId: there is no such organization, or this tool is not used there.")
        context = Context.objects.of(organization)
        if link_id is None:
            first = ResourceLink.objects.filter(deployment=deployment, context=context).order_by("id").first()
            return first or ResourceLink(deployment=deployment, context=context)
        roster = roster_of(tool, context.uuid, on=days.today())
        try:
            if roster is not None:
                return resource_link_of(roster, str(link_id))
        except LinkDenied:
            pass
        raise exceptions.NotFound("resourceLinkId: there is no such link of this tool in this organization.")

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"  # it holds a credential
        return response


def id_from_json(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= MAX_ID:  # true is an int too
        raise ValueError(f"A whole number from 1 to {MAX_ID} is accepted.")
    return value


def link_id_from_json(value: Any) -> uuid.UUID | None:
    try:
        return None if value is None else uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError("The id of a resource link is accepted, as 7c0e3c4e-3f0c-4c5c-9a55-5a1b3a9d6c0f.") from error


BODY_FIELDS: dict[str, Callable[[Any], Any]] = {
    "userId": id_from_json,
    "organizationId": id_from_json,
    "resourceLinkId": link_id_from_json,
}
REQUIRED = ("userId", "organizationId")


def parse_body(request: Request) -> dict[str, Any]:
    """The body of a request. ParametersRefused, with each wrong field, if it is not understood."""
    try:
        text = request._request.read(MAX_BODY_BYTES + 1)
        body = orjson.loads(text) if len(text) <= MAX_BODY_BYTES else None
    except (orjson.JSONDecodeError, SuspiciousOperation, UnreadablePostError):  # also a body that the server refused
        body = None
    if not isinstance(body, dict):
        raise exceptions.ParseError(f"A JSON object with {' and '.join(REQUIRED)} is accepted, of at most 16 kB.")
    values = {}
    errors = {name: ["This field is needed."] for name in REQUIRED if name not in body}
    for name, value in body.items():
        if name not in BODY_FIELDS:
            errors[name] = [f"This field is not known here. {', '.join(BODY_FIELDS)} are accepted."]
            continue
        try:
            values[name] = BODY_FIELDS[name](value)
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise ParametersRefused(errors)
    return values
