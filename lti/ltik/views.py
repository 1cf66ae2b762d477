"""`GET /api/memberships` and `GET /api/idtoken` for requests with an ltik or a service key."""

from collections.abc import Callable
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from lti.ltik import idtoken, parameters
from lti.ltik.authentication import LaunchCredential, LtikAuthentication, RosterAuthentication, ServiceKeyCredential
from lti.ltik.course_members import course_members
from lti.ltik.errors import ltik_exception_handler
from lti.ltik.organization_members import organization_members
from lti.models import CourseLaunch, Launch, ServiceKey
from roster.api.parameters import FlagParameter, Query, parse
from roster.api.views import RosterView


class LtikView(RosterView):
    """A view of the ltik API, with its error format."""

    schema = None

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return ltik_exception_handler


class LtikMembershipsView(LtikView):
    """The members of the organization or course where the tool was launched."""

    authentication_classes = (RosterAuthentication,)

    parsed: parameters.LtikParameters

    @property
    def source(self) -> Launch | CourseLaunch | ServiceKey:
        """What opens the roster."""
        credential = cast(LaunchCredential | ServiceKeyCredential, self.request.auth)
        source = credential.launch if isinstance(credential, LaunchCredential) else credential.service_key
        if source is None:
            raise LookupError("This credential belongs to no roster.")
        return source

    def check_parameters(self, request: Request) -> None:
        self.query = Query(request, declared=parameters.NAMES, ignores_unknown=True)
        credential = cast(LaunchCredential | ServiceKeyCredential, request.auth)
        self.parsed = parameters.parse_parameters(self.query, has_resource_link=credential.has_resource_link)
        self.raise_parameter_errors()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        source = self.source
        if isinstance(source, CourseLaunch):
            return Response(course_members(source, self.parsed))
        if isinstance(source, ServiceKey) and source.course:
            return Response(course_members(source.course, self.parsed))
        return Response(organization_members(source, self.parsed))


class IdTokenView(LtikView):
    """Who launched, from which platform, where."""

    authentication_classes = (LtikAuthentication,)

    is_raw: bool

    def check_parameters(self, request: Request) -> None:
        self.query = Query(request, declared=("raw",), ignores_unknown=True)
        self.is_raw = bool(parse({"raw": FlagParameter()}, self.query).get("raw"))
        self.raise_parameter_errors()

    def get(self, request: Request) -> Response:
        credential = cast(LaunchCredential, request.auth)
        if credential.launch is None:
            raise LookupError("This credential belongs to no launch.")
        describe = idtoken.claims_of_launch if self.is_raw else idtoken.launch_details
        return Response(describe(credential.launch, has_resource_link=credential.has_resource_link))
