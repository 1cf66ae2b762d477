"""A caller's address is the connection's own, unless a trusted proxy gives it in a header."""

from typing import Any

import pytest
from django.test import RequestFactory

from roster.api.client_address import ForwardedHeaders, client_address

PROXIES = ["10.0.0.0/24", "192.0.2.1", "2001:db8:1::/48", "unix"]


def address(settings: Any, connected: str, forwarded: str | None, proxies: list[str] = PROXIES) -> str:
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=connected))


@pytest.mark.parametrize(
    "connected, forwarded, expected",
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.66, 203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("10.0.0.5", "10.0.0.6", "10.0.0.6"),
        ("10.0.0.5", None, "10.0.0.5"),
        ("10.0.0.5", " , ", "10.0.0.5"),
        ("10.0.0.5", "203.0.113.9, unknown", ""),
        ("10.0.0.5", "203.0.113.9:51234", "203.0.113.9"),
        ("10.0.0.5", "[2001:db8::9]:51234", "2001:db8::9"),
        ("10.0.0.5", "2001:DB8:0::9", "2001:db8::9"),
        ("::ffff:10.0.0.5", "::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1::5", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("", None, ""),
    ],
)
def test_it_is_found_behind_proxies(settings: Any, connected: str, forwarded: str | None, expected: str) -> None:
    assert address(settings, connected, forwarded) == expected


def test_a_unix_socket_is_a_proxy_only_where_it_is_listed(settings: Any) -> None:
    assert address(settings, "", "203.0.113.9", proxies=["10.0.0.0/24"]) == ""


@pytest.mark.parametrize("connected, is_kept", [("10.0.0.5", True), ("198.51.100.7", False)])
def test_forwarded_headers_of_an_untrusted_peer_are_dropped(settings: Any, connected: str, is_kept: bool) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory().get("/", headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR=connected)

    ForwardedHeaders(lambda request: request)(request)  # type: ignore[arg-type, return-value]

    assert request.is_secure() is is_kept
