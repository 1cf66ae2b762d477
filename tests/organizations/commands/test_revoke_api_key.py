"""`revoke_api_key` stops a key at once, once and for all."""

import pytest
from django.core.management.base import CommandError

from roster.models import ApiKey
from tests.client import ask
from tests.organizations.commands.run import run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_revoked_key_is_refused_from_now_on() -> None:
    key, text = ApiKey.create_bearer("Portal", audience="staff")
    assert ask(text, "/api/test").status == 200

    printed = run("revoke_api_key", key.prefix)

    assert printed.output == f"Portal ({key.prefix}) is revoked. Requests with it are refused from now on.\n"
    assert ask(text, "/api/test").status == 401


def test_it_leaves_other_keys_alone() -> None:
    key, _ = ApiKey.create_bearer("Portal")
    _, other = ApiKey.create_bearer("Portal")

    run("revoke_api_key", key.prefix)

    assert ask(other, "/api/test").status == 200


def test_it_takes_the_whole_key_and_does_not_repeat_it() -> None:
    key, text = ApiKey.create_bearer("Portal")

    printed = run("revoke_api_key", f" {text}\n")

    key.refresh_from_db()
    assert key.revoked_at is not None
    assert text not in printed.output + printed.errors


def test_it_takes_the_public_key_of_a_signed_key() -> None:
    key, _ = ApiKey.create_signed("Old portal")

    run("revoke_api_key", key.prefix)

    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_second_time_changes_nothing() -> None:
    key, _ = ApiKey.create_bearer("Portal")
    run("revoke_api_key", key.prefix)
    key.refresh_from_db()
    first = key.revoked_at, key.modified_at

    printed = run("revoke_api_key", key.prefix)

    key.refresh_from_db()
    assert (key.revoked_at, key.modified_at) == first
    assert "was already revoked, on " in printed.output


@pytest.mark.parametrize("text", ["", "unknown", "cr_unknown_secret", "cr_", "nul\x00"])
def test_it_refuses_a_key_that_is_not_there(text: str) -> None:
    ApiKey.create_bearer("Portal")

    with pytest.raises(CommandError, match="There is no such key"):
        run("revoke_api_key", text)
