"""`GET /api/memberships` and `GET /api/idtoken` for requests with an ltik."""

from collections.abc import Callable
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from lti.ltik import course_members, organization_members, parameters
from lti.ltik.authentication import LaunchCredential, LtikAuthentication
from lti.ltik.errors import ltik_exception_handler
from lti.models import CourseLaunch, Launch
from roster.api.parameters import Query
from roster.api.views import RosterView


class LtikView(RosterView):
    """A view for a launch, with the error format of the ltik API."""

    authentication_classes = (LtikAuthentication,)
    schema = None

    @property
    def launch_credential(self) -> LaunchCredential:
        return cast(LaunchCredential, self.request.auth)

    @property
    def launch(self) -> Launch | CourseLaunch:
        if self.launch_credential.launch is None:
            raise LookupError("This credential belongs to no launch.")
        return self.launch_credential.launch

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return ltik_exception_handler


class LtikMembershipsView(LtikView):
    """The members of the organization or course where the tool was launched."""

    parsed: parameters.LtikParameters

    def check_parameters(self, request: Request) -> None:
        self.query = Query(request, declared=parameters.NAMES, ignores_unknown=True)
        self.parsed = parameters.parse_parameters(
            self.query, has_resource_link=self.launch_credential.has_resource_link
        )
        self.raise_parameter_errors()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        launch = self.launch
        if isinstance(launch, CourseLaunch):
            return Response(course_members.course_members(launch, self.parsed))
        return Response(organization_members.organization_members(launch, self.parsed))


class IdTokenView(LtikView):
    """Who launched, from which platform, where."""

    def get(self, request: Request) -> Response:
        launch = self.launch
        if isinstance(launch, CourseLaunch):
            return Response(course_members.course_launch_details(launch))
        return Response(
            organization_members.launch_details(launch, has_resource_link=self.launch_credential.has_resource_link)
        )
