"""Methods that no address has are 405, whatever would answer there."""

import pytest
from django.test import Client

PATHS = (
    *("/api/memberships", "/api/test", "/api/nothing", "/api/docs/", "/admin/", "/admin/login/", "/healthz"),
    *("/lti/token", "/lti/sign-in", "/static/admin/css/base.css", "/nothing"),
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK"])
def test_it_is_refused_with_what_is_allowed(method: str, path: str) -> None:
    response = Client().generic(method, path)

    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"] == ("GET, HEAD" if path.startswith("/api/") else "GET, HEAD, OPTIONS, POST")
    assert response["X-Request-Id"] == response.json()["requestId"]
