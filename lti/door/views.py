"""`GET /api/memberships` and `GET /api/idtoken` for whoever shows an ltik."""

from collections.abc import Callable
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from lti.course import members
from lti.door import own, parameters
from lti.door.authentication import LaunchCredential, LtikAuthentication
from lti.door.errors import door_errors
from lti.models import CourseLaunch, Launch
from roster.api.parameters import Query
from roster.api.views import RosterView


class DoorView(RosterView):
    """A view for a launch, with the errors of the door."""

    authentication_classes = (LtikAuthentication,)
    schema = None

    @property
    def shown(self) -> LaunchCredential:
        return cast(LaunchCredential, self.request.auth)

    @property
    def launch(self) -> Launch | CourseLaunch:
        if self.shown.launch is None:
            raise LookupError("This credential is no launch's.")
        return self.shown.launch

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return door_errors


class MembershipsView(DoorView):
    """The members of the organization or course where the tool was launched."""

    asked: parameters.Asked

    def check_parameters(self, request: Request) -> None:
        self.query = Query(request, declared=parameters.NAMES)
        self.asked = parameters.read(self.query, has_resource_link=self.shown.has_resource_link)
        self.refuse_if_wrong()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        launch = self.launch
        if isinstance(launch, CourseLaunch):
            return Response(members.page(launch, self.asked))
        return Response(own.page(launch, self.asked))


class IdTokenView(DoorView):
    """Who launched, from which platform, where."""

    def get(self, request: Request) -> Response:
        launch = self.launch
        if isinstance(launch, CourseLaunch):
            return Response(members.launched(launch))
        return Response(own.launched(launch, has_resource_link=self.shown.has_resource_link))
