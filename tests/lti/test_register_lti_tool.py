"""`manage.py register_lti_tool`."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lti.models import Context, Tool
from roster.models import ApiKey
from tests.lti.assertions import ask_token, assertion
from tests.lti.tools import ask, private_key
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

URLS = ("--redirect-uri", "https://poll.example.org/launch", "--login-url", "https://poll.example.org/login")
DISCLOSURE_OPTIONS = ("--audience", "campus", "--disclosure", "email")


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    path = tmp_path / "poll.pem"
    path.write_bytes(private_key().as_pem(private=False))
    return str(path)


def register(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("register_lti_tool", *arguments)
    values: dict[str, Any] = json.loads(capsys.readouterr().out)
    return values


def test_it_prints_what_must_be_copied_as_one_object(capsys: pytest.CaptureFixture[str], key_file: str) -> None:
    values = register(capsys, "Poll", "--public-key", key_file, *URLS, *DISCLOSURE_OPTIONS)

    tool = Tool.objects.get()
    assert values.pop("api_key").startswith(f"cr_{tool.api_keys.get().api_key.prefix}_")
    assert values == {
        "issuer": "https://testserver",
        "client_id": tool.client_id,
        "deployment_id": tool.deployments.get().deployment_id,
        "authorization_endpoint": "https://testserver/lti/authorize",
        "token_endpoint": "https://testserver/lti/token",
        "jwks_uri": "https://testserver/lti/jwks",
        "openid_configuration": "https://testserver/.well-known/openid-configuration",
        "contexts": [],
    }


def test_the_tool_is_as_it_was_shown(capsys: pytest.CaptureFixture[str], key_file: str) -> None:
    register(capsys, "Poll", "--public-key", key_file, *URLS, *DISCLOSURE_OPTIONS)

    tool = Tool.objects.get()
    assert (tool.name, tool.status, tool.audience, tool.disclosure) == ("Poll", "active", "campus", "email")
    assert (tool.login_url, tool.target_link_url) == (
        "https://poll.example.org/login",
        "https://poll.example.org/launch",
    )
    assert tool.redirect_urls == ["https://poll.example.org/launch"]
    assert tool.deployments.get().is_campus_wide
    assert not tool.api_keys.get().may_launch


@pytest.mark.parametrize("arguments", [(), ("--deep-linking",)])
def test_whether_it_takes_deep_linking_requests(
    capsys: pytest.CaptureFixture[str], key_file: str, arguments: tuple[str, ...]
) -> None:
    register(capsys, "Poll", "--public-key", key_file, *URLS, *DISCLOSURE_OPTIONS, *arguments)

    assert Tool.objects.get().supports_deep_linking == bool(arguments)


def test_it_is_limited_to_the_organizations_that_are_named(
    sample: SampleData, capsys: pytest.CaptureFixture[str], key_file: str
) -> None:
    named = ("--organization", str(sample.teatro.pk), "--organization", str(sample.chess_club.pk))

    values = register(capsys, "Poll", "--public-key", key_file, *URLS, *DISCLOSURE_OPTIONS, *named)

    contexts = [Context.objects.of(organization) for organization in (sample.chess_club, sample.teatro)]
    assert values["contexts"] == [
        {
            "organization_id": context.organization_id,
            "context_id": str(context.uuid),
            "context_memberships_url": f"https://testserver/lti/contexts/{context.uuid}/memberships",
        }
        for context in contexts
    ]
    assert not Tool.objects.get().deployments.get().is_campus_wide


def test_the_printed_values_lead_to_a_roster(
    sample: SampleData, capsys: pytest.CaptureFixture[str], key_file: str
) -> None:
    register(
        capsys,
        "Poll",
        "--public-key",
        key_file,
        *URLS,
        *DISCLOSURE_OPTIONS,
        "--organization",
        str(sample.chess_club.pk),
    )
    values = register(
        capsys, "Second", "--public-key", key_file, *URLS, *DISCLOSURE_OPTIONS, "--organization", str(sample.teatro.pk)
    )

    tool = Tool.objects.get(client_id=values["client_id"])
    token = ask_token(assertion(tool)).json()["access_token"]

    assert ask(token, values["contexts"][0]["context_memberships_url"]).status == 200


def test_a_key_may_be_a_jwk(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "poll.json"
    path.write_text(json.dumps(private_key().as_dict(private=False)))

    register(capsys, "Poll", "--public-key", str(path), *URLS, *DISCLOSURE_OPTIONS)

    assert ask_token(assertion(Tool.objects.get())).status_code == 200


def test_it_takes_a_key_set_url_a_launch_url_and_several_redirect_uris(capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--redirect-uri", "https://poll.example.org/other", "--launch-url", "https://poll.example.org/open")

    register(
        capsys, "Poll", "--jwks-url", "https://poll.example.org/keys", *URLS, *DISCLOSURE_OPTIONS, *more, "--may-launch"
    )

    tool = Tool.objects.get()
    assert tool.redirect_urls == ["https://poll.example.org/launch", "https://poll.example.org/other"]
    assert (tool.target_link_url, tool.jwks_url) == ("https://poll.example.org/open", "https://poll.example.org/keys")
    assert tool.api_keys.get().may_launch


@pytest.mark.parametrize(
    "changes, message",
    [
        (
            ("--jwks-url", "http://poll.example.org/keys"),
            "--jwks-url: http://poll.example.org/keys does not begin with",
        ),
        (("--jwks-url", "https://x", "--launch-url", "ftp://x"), "--launch-url: ftp://x does not begin with https://"),
        (("--jwks-url", "https://x", "--organization", "999999"), "--organization: there is no organization 999999."),
        (("--public-key", "missing.pem"), "--public-key missing.pem cannot be read (FileNotFoundError)."),
        (("--jwks-url", "https://x", "--audience", "staff"), "--audience: invalid choice: 'staff'"),
        (("--jwks-url", "https://x", "--disclosure", "nothing"), "--disclosure: invalid choice: 'nothing'"),
        ((), "one of the arguments --jwks-url --public-key is required"),
    ],
)
def test_it_says_what_is_wrong_and_registers_nothing(changes: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError) as error:
        call_command("register_lti_tool", "Poll", *URLS, *DISCLOSURE_OPTIONS, *changes)

    assert message in str(error.value)
    assert not Tool.objects.exists()
    assert not ApiKey.objects.filter(lti_tool__isnull=False).exists()


@pytest.mark.parametrize("content", ["private", "shared", "text", "empty"])
def test_it_refuses_what_is_no_public_key(tmp_path: Path, content: str) -> None:
    texts = {
        "private": private_key().as_pem(private=True).decode(),
        "shared": '{"kty": "oct", "k": "c2VjcmV0"}',
        "text": "-----BEGIN NOTHING-----",
        "empty": "",
    }
    path = tmp_path / "key"
    path.write_text(texts[content])

    with pytest.raises(CommandError, match="--public-key: "):
        call_command("register_lti_tool", "Poll", "--public-key", str(path), *URLS, *DISCLOSURE_OPTIONS)

    assert not Tool.objects.exists()
