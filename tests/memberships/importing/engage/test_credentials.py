"""Queries are signed as this server, and the older sites of this API, read them."""

import hashlib
from typing import Any

import pytest

from memberships.importing.engage.credentials import DIGESTS, SignedCredential
from roster.models import ApiKey
from tests.client import ask

ADDRESS = "127.0.0.1"


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("address", ["", "192.0.2.7"])
def test_the_hash_is_of_key_address_time_random_and_private_key(digest: str, address: str) -> None:
    sent = SignedCredential("public", "private", digest, address).parameters()

    text = f"public{address}{sent['time']}{sent['random']}private"
    assert sent["hash"] == hashlib.new(digest, text.encode()).hexdigest()
    assert sent["apikey"] == "public"
    assert len(sent["time"]) == 13
    assert sent.get("ip", "") == address


def test_every_query_is_signed_anew() -> None:
    signature = SignedCredential("public", "private")

    assert signature.parameters()["random"] != signature.parameters()["random"]


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("bound_to", [None, ADDRESS])
def test_this_server_lets_it_in(digest: str, bound_to: str | None) -> None:
    fields: dict[str, Any] = {"bound_to": bound_to, "allow_md5": True}
    key, private_key = ApiKey.create_signed("a portal", audience="staff", **fields)

    signature = SignedCredential(key.prefix, private_key, digest, bound_to or "")

    assert ask(None, "/api/test", **signature.parameters()).status == 200


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_key_that_is_bound_to_an_address_needs_it() -> None:
    key, private_key = ApiKey.create_signed("a portal", audience="staff", bound_to=ADDRESS)

    assert ask(None, "/api/test", **SignedCredential(key.prefix, private_key).parameters()).status == 401
