from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasAudience(BasePermission):
    """Permits every caller for whom authentication found an audience."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None
