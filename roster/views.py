from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from roster.api.pagination import DEFAULT_PAGE_SIZE, EnvelopePagination
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
"""How the schema describes the items of `GET /api/test`."""


class UserViewSet(RosterViewSet):
    """People, as far as the caller may know of them."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    filterset_class = UserFilter


class TestView(RosterView):
    """Does this key work?

    The vendor's clients ask before anything else; nobody without a credential is told.
    """

    answers = {"application/json": EnvelopePagination().get_paginated_response_schema(MESSAGES)}

    def check_parameters(self, request: Request) -> None:
        if self.credential.is_anonymous:
            raise NotAuthenticated
        super().check_parameters(request)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        envelope = {"pageNumber": 1, "pageSize": DEFAULT_PAGE_SIZE, "totalItems": 0, "totalPages": 0}
        return Response({**envelope, "items": [{"messages": ["Success"]}]})
