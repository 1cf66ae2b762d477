from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from roster.api.pagination import DEFAULT_PAGE_SIZE, EnvelopePagination, PageForm
from roster.api.parameters import Query, parse
from roster.api.views import RosterView, RosterViewSet
from roster.filters import UserFilter
from roster.models import User
from roster.serializers import UserSerializer

MESSAGES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["messages"],
        "properties": {"messages": {"type": "array", "items": {"type": "string"}}},
    },
}
"""The schema of the items of `GET /api/test`."""


class UserViewSet(RosterViewSet):
    """People that the caller may see."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    filterset_class = UserFilter


class TestView(RosterView):
    """Does this key work?

    Clients of Engage send this request first. It requires a credential.
    """

    answers = {"application/json": EnvelopePagination().get_paginated_response_schema(MESSAGES)}
    parameters = {name: PageForm.base_fields[name] for name in ("page", "pageSize")}
    """The parameters that clients send with every list; there is no cursor here."""

    def check_parameters(self, request: Request) -> None:
        if self.credential.is_anonymous:
            raise NotAuthenticated
        self.query = Query(request, declared=self.parameters)
        self.asked = parse(self.parameters, self.query)
        self.raise_parameter_errors()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page, page_size = self.asked.get("page", 1), self.asked.get("pageSize", DEFAULT_PAGE_SIZE)
        envelope = {"pageNumber": page, "pageSize": page_size, "totalItems": 0, "totalPages": 0}
        return Response({**envelope, "items": [{"messages": ["Success"]}]})
