from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from bench.peers.stock.filters import MembershipFilter
from bench.peers.stock.models import Membership
from bench.peers.stock.serializers import MembershipSerializer


class MembershipViewSet(ModelViewSet[Any]):
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter
    http_method_names = ("get", "head")

    def get_queryset(self) -> QuerySet[Any]:
        return (
            Membership.objects.filter(
                shown_on_campus=True,
                deleted_at=None,
                user__is_confidential=False,
                position__organization__directory_visibility="visible",
            )
            .select_related("user", "position__organization", "position__template", "position__type")
            .order_by(
                *("position__organization__name_folded", "position__organization_id"),
                *("position__name_folded", "position_id", "id"),
            )
        )

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (request.auth or {}).items():
            response[name] = value
        return response
