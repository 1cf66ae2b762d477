"""A bearer key, looked up through the ORM and counted in one upsert."""

import time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from bench.peers import wire
from bench.peers.stock.models import ApiKey

COUNT = """
INSERT INTO roster_keyuse AS use (api_key_id, window_started_at, requests, last_used_at)
VALUES (%s, %s, 1, now())
ON CONFLICT (api_key_id) DO UPDATE SET
    requests = CASE WHEN use.window_started_at > %s THEN use.requests + 1 ELSE 1 END,
    window_started_at = CASE WHEN use.window_started_at > %s THEN use.window_started_at
                             ELSE excluded.window_started_at END,
    last_used_at = excluded.last_used_at
RETURNING requests, window_started_at
"""


class KeyAuthentication(BaseAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, dict[str, str]]:
        try:
            prefix, secret_hash = wire.shown_key(request.headers.get("Authorization", ""))
            key = ApiKey.objects.filter(prefix=prefix, secret_hash=secret_hash, kind="bearer").first()
            if key is None or key.revoked_at or (key.expires_at and key.expires_at < timezone.now()):
                raise AuthenticationFailed("This key is not known here.")
            wire.refuse_other_audiences(key.audience, key.is_limited, key.networks)
            now = time.time_ns() // 1_000_000
            with connection.cursor() as cursor:
                cursor.execute(COUNT, [key.pk, now, now - wire.WINDOW, now - wire.WINDOW])
                used, started_at = cursor.fetchone()
            return AnonymousUser(), wire.limit_headers(key.rate, used, started_at, now)
        except wire.BadRequest as refused:
            kinds = {401: AuthenticationFailed, 403: PermissionDenied, 429: Throttled}
            raise kinds[refused.status](detail=str(refused)) from refused


class HasKey(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None
