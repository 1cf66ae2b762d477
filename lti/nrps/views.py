"""`GET /lti/contexts/{context id}/memberships`."""

import uuid
from dataclasses import replace
from typing import cast

from django import forms
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from lti import roles
from lti.nrps import page_tokens
from lti.nrps.authentication import ToolAuthentication, ToolCredential
from lti.nrps.container import LARGEST_LIMIT, LinkDenied, container_page, roster_of
from lti.nrps.page_tokens import PageToken
from lti.nrps.roster import Roster
from roster import days
from roster.api.errors import ParametersRefused
from roster.api.parameters import Query, WholeNumberField
from roster.api.renderers import JSONRenderer
from roster.api.views import RosterView

LINK_ACCEPTED = "The link of an earlier answer is accepted, whole and from the same organization."


class ContainerRenderer(JSONRenderer):
    """A membership container."""

    media_type = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    charset = None  # type: ignore[assignment]  # the standard names the type without one


class MembershipsView(RosterView):
    """The members of an organization, for a tool that is deployed there."""

    authentication_classes = (ToolAuthentication,)
    renderer_classes = (ContainerRenderer, JSONRenderer)
    schema = None

    parameters = ("role", "limit", "rlid", "page", "since")
    limit: int | None

    def check_parameters(self, request: Request) -> None:
        self.query = Query(request, declared=self.parameters, ignores_unknown=True)
        carrying = [name for name in ("page", "since") if name in self.query]
        if carrying and not self.query.keys() <= {carrying[0], "limit"}:
            self.query.add_errors({carrying[0]: ["This link carries the other parameters: leave them out."]})
        try:
            self.limit = WholeNumberField(least=1, most=LARGEST_LIMIT, cut=True, required=False).clean(
                self.query.get("limit")
            )
        except forms.ValidationError as error:
            self.query.add_errors({"limit": error.messages})
        self.raise_parameter_errors()

    def get(self, request: Request, context_id: uuid.UUID) -> Response:
        tool = cast(ToolCredential, request.auth).tool
        roster = roster_of(tool, context_id, on=days.today())
        if roster is None:
            raise exceptions.NotFound("There is no such context, or this tool is not used there.")
        try:
            answered = container_page(roster, self.page_token(roster))
        except LinkDenied as error:
            raise exceptions.PermissionDenied("This resource link is not one of this tool in this context.") from error
        header = page_tokens.link_header(answered.links, roster.tool, roster.context)
        return Response(answered.container, headers={"Link": header} if header else {})

    def page_token(self, roster: Roster) -> PageToken:
        """The page token of the request: that of its link, or that of a new walk."""
        now = days.milliseconds(timezone.now())
        for name in ("page", "since"):
            if name in self.query:
                token = self.page_token_of_link(name, roster)
                return replace(token, limit=self.limit or token.limit, begun=token.begun or now)
        role = roles.parse_role(self.query["role"]) if "role" in self.query else None
        return PageToken(begun=now, limit=self.limit, role=role, rlid=self.query.get("rlid"))

    def page_token_of_link(self, name: str, roster: Roster) -> PageToken:
        try:
            return page_tokens.decrypt_token(self.query[name], roster.tool, roster.context)
        except (ValueError, TypeError) as error:
            raise ParametersRefused({name: [LINK_ACCEPTED]}) from error

    def handle_exception(self, error: Exception) -> Response:
        response = super().handle_exception(error)
        if response.status_code == 401 and "Authorization" in self.request.headers:
            response["WWW-Authenticate"] = 'Bearer realm="lti", error="invalid_token"'
        elif response.status_code == 401:
            response["WWW-Authenticate"] = 'Bearer realm="lti"'
        return response
