"""Keys are made, limited, revoked and removed in the admin; a secret is shown once and kept nowhere."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from organizations.models import LimitedKey
from roster import secrets
from roster.models import ApiKey, KeyUse, User
from tests.client import ask
from tests.pages import Page, opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def made(client: Client, **fields: Any) -> tuple[ApiKey, Page, str]:
    """A new key, the page after the form, and the secret that it shows."""
    page = opened(client, ApiKey, "add").send(name="Portal", **fields)
    found = re.search(r'<code id="secret">(\w+)</code>', page.response.content.decode())
    assert found, page.text
    return ApiKey.objects.get(name="Portal"), page, found[1]


def test_a_new_bearer_key_is_shown_on_the_page_after_the_form(client: Client, sample: SampleData) -> None:
    key, page, secret = made(client, audience="campus")

    assert page.url.endswith(f"/{key.pk}/secret/")
    assert secret.startswith(f"cr_{key.prefix}_")
    assert ask(secret, "/api/test").status == 200


def test_a_new_signed_query_key_is_shown_as_a_pair(client: Client) -> None:
    key, page, secret = made(client, kind_of_key="signed", bound_to="192.0.2.7", allow_md5="on")

    assert key.prefix in page.text
    assert secrets.decrypt(key.private_key_encrypted) == secret
    assert (key.kind, key.secret_hash, key.bound_to, key.allow_md5) == ("signed", "", "192.0.2.7", True)


def test_the_secret_is_shown_once(client: Client) -> None:
    _, page, secret = made(client)

    again = client.get(page.url).content.decode()

    assert secret not in again
    assert "cannot be shown again" in again


def test_another_session_is_never_shown_the_secret(client: Client, sample: SampleData) -> None:
    page = opened(client, ApiKey, "add")
    client.post(page.url, {**page.form.data, "name": "Portal"})  # the next page is not opened
    key = ApiKey.objects.get(name="Portal")
    other = signed_in(User.objects.create_superuser("other"))

    assert "cannot be shown again" in opened(other, key, "secret").text


def test_the_page_with_the_secret_is_stored_by_no_browser(client: Client) -> None:
    _, page, _ = made(client)

    assert "no-store" in page.response.headers["Cache-Control"]


def test_the_secret_is_kept_nowhere_in_readable_form(client: Client) -> None:
    page = opened(client, ApiKey, "add")
    client.post(page.url, {**page.form.data, "name": "Portal"})
    waiting = str(client.session.items())
    key = ApiKey.objects.get(name="Portal")
    secret = re.search(r"cr_\w+", opened(client, key, "secret").response.content.decode())

    assert secret
    assert secret[0] not in waiting
    assert secret[0] not in str([session.get_decoded() for session in Session.objects.all()])
    assert secret[0] not in str(list(LogEntry.objects.values()))
    assert secret[0] not in str(list(ApiKey.objects.values()))


def test_the_history_tells_that_a_key_was_made(client: Client) -> None:
    key, _, _ = made(client)

    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == (f"Portal ({key.prefix})", '[{"added": {}}]')


def test_the_message_after_the_form_tells_no_secret(client: Client) -> None:
    _, page, _ = made(client)

    assert page.messages == []


@pytest.mark.parametrize(
    "fields, error",
    [
        ({"name": ""}, "This field is required."),
        ({"may_read_reflections": "on", "audience": "campus"}, "Only a staff key may read reflections."),
        ({"bound_to": "192.0.2.7"}, "Only a signed-query key is bound to an address or allows MD5."),
        ({"allow_md5": "on"}, "Only a signed-query key is bound to an address or allows MD5."),
        ({"rate": "0"}, "A key may make at least one request a minute."),
        ({"rate": "9" * 30}, "Ensure this value is less than or equal to"),
        ({"audience": "all"}, "Select a valid choice. all is not one of the available choices."),
        ({"networks": "here"}, "'here' is not a network like 192.0.2.0/24 or 2001:db8::/32."),
        ({"kind_of_key": "other"}, "Select a valid choice. other is not one of the available choices."),
    ],
)
def test_a_key_that_breaks_a_rule_is_not_made(client: Client, fields: dict[str, str], error: str) -> None:
    page = opened(client, ApiKey, "add").send(**{"name": "Portal", **fields})

    assert any(message.startswith(error) for message in page.errors)
    assert not ApiKey.objects.filter(name="Portal").exists()


def test_networks_are_written_one_a_line(client: Client) -> None:
    key, _, _ = made(client, networks="192.0.2.0/24\r\n\r\n 2001:db8::/32 \r\n")

    assert key.networks == ["192.0.2.0/24", "2001:db8::/32"]
    assert opened(client, key).form.data["networks"] == ["192.0.2.0/24\n2001:db8::/32"]


@pytest.mark.parametrize("fields", [{"bound_to": "192.0.2.7"}, {"allow_md5": "on"}])
def test_a_saved_key_keeps_to_the_rules_of_its_kind(client: Client, fields: dict[str, str]) -> None:
    key, _, _ = made(client)

    page = opened(client, key).send(**fields)

    assert page.errors == ["Only a signed-query key is bound to an address or allows MD5."]


def test_what_makes_a_key_is_read_only(client: Client) -> None:
    key, _, _ = made(client)
    before = ApiKey.objects.values().get(pk=key.pk)

    opened(client, key).send(kind="signed", prefix="mine", secret_hash="x", private_key_encrypted="x", revoked_at="now")

    assert ApiKey.objects.values().get(pk=key.pk) == before


def test_what_a_key_may_is_changed(client: Client) -> None:
    key, _, _ = made(client)

    opened(client, key).send(name="New portal", audience="staff", rate="10", may_read_reflections="on")

    key.refresh_from_db()
    assert (key.name, key.audience, key.rate, key.may_read_reflections) == ("New portal", "staff", 10, True)


def test_a_key_is_revoked_from_its_page(client: Client) -> None:
    key, _, secret = made(client)

    page = opened(client, key).press("Revoke")

    assert page.messages == ["1 API key revoked."]
    assert "This key is revoked: requests with it are refused." in page.text
    assert page.form.buttons == []
    assert ask(secret, "/api/test").status == 401
    assert LogEntry.objects.first().change_message == "Revoked."  # type: ignore[union-attr]


def test_selected_keys_are_revoked_once(client: Client) -> None:
    key, _, _ = made(client)
    first = timezone.now() - dt.timedelta(days=1)
    other, _ = ApiKey.create_bearer("Revoked long ago")
    other.revoke(on=first)

    page = opened(client, ApiKey).act("revoke", key, other)

    assert page.messages == ["1 API key revoked."]
    other.refresh_from_db()
    assert other.revoked_at == first


def test_the_list_tells_the_state_of_each_key_and_its_last_use(client: Client) -> None:
    now = dt.datetime(2025, 3, 14, 15, 9, tzinfo=dt.UTC)
    used, _ = ApiKey.create_bearer("Used")
    KeyUse.objects.create(api_key=used, window_started_at=0, requests=1, last_used_at=now)
    ApiKey.create_bearer("Expired", expires_at=now - dt.timedelta(days=1))
    revoked, _ = ApiKey.create_bearer("Revoked")
    revoked.revoke(on=now)
    pages = admin.site.get_model_admin(ApiKey)

    rows = {row.name: row for row in opened(client, ApiKey).listed}

    assert {name: pages.state(rows[name]) for name in ("Used", "Expired", "Revoked")} == {  # type: ignore[attr-defined]
        "Used": "in force",
        "Expired": "expired",
        "Revoked": "revoked",
    }
    assert pages.last_used(rows["Used"]) == "March 14, 2025, 11:09 a.m."  # type: ignore[attr-defined]
    assert pages.last_used(rows["Expired"]) == "never"  # type: ignore[attr-defined]


@pytest.mark.parametrize("state, name", [("in-force", "Used"), ("expired", "Expired"), ("revoked", "Revoked")])
def test_keys_are_filtered_by_their_state(client: Client, state: str, name: str) -> None:
    now = timezone.now()
    ApiKey.objects.all().delete()
    ApiKey.create_bearer("Used", expires_at=now + dt.timedelta(days=1))
    ApiKey.create_bearer("Expired", expires_at=now - dt.timedelta(days=1))
    revoked, _ = ApiKey.create_bearer("Revoked", expires_at=now - dt.timedelta(days=1))
    revoked.revoke(on=now)

    assert [key.name for key in opened(client, ApiKey, state=state).listed] == [name]


def test_a_new_key_can_be_limited_to_organizations(client: Client, sample: SampleData) -> None:
    limits = {"organizations-TOTAL_FORMS": "1", "organizations-0-organization": str(sample.chess_club.pk)}

    key, _, secret = made(client, audience="campus", **limits)

    assert key.is_limited is True
    assert ask(secret, "/api/organizations").ids == [sample.chess_club.pk]


def test_a_key_names_an_organization_once(client: Client, sample: SampleData) -> None:
    key, _, _ = made(client)
    LimitedKey.objects.create(api_key=key, organization=sample.chess_club)
    limits = {"organizations-TOTAL_FORMS": "2", "organizations-1-organization": str(sample.chess_club.pk)}

    page = opened(client, key).send(**limits)

    assert "This key is limited to this organization already." in page.errors


def test_a_key_that_lists_organizations_stays_limited(client: Client, sample: SampleData) -> None:
    key, _, _ = made(client)
    LimitedKey.objects.create(api_key=key, organization=sample.chess_club)

    page = opened(client, key).send(is_limited=None)

    assert page.errors[0].startswith("This key lists organizations, so it stays limited to them.")


def test_a_key_is_opened_by_removing_all_its_organizations(client: Client, sample: SampleData) -> None:
    key, _, _ = made(client)
    LimitedKey.objects.create(api_key=key, organization=sample.chess_club)

    opened(client, key).send(**{"is_limited": None, "organizations-0-DELETE": "on"})

    key.refresh_from_db()
    assert (key.is_limited, key.organizations.count()) == (False, 0)


def test_a_key_that_loses_its_last_organization_sees_nothing(client: Client, sample: SampleData) -> None:
    key, _, secret = made(client, audience="campus")
    LimitedKey.objects.create(api_key=key, organization=sample.chess_club)

    opened(client, key).send(**{"organizations-0-DELETE": "on"})

    assert ask(secret, "/api/organizations").ids == []
