"""docs/keys.md against the code: the options of a key, and the worked example of a signed query."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

from roster import days, secrets
from roster.api import authentication
from roster.models import ApiKey
from roster.privacy import Level
from tests.client import ask
from tests.docs.tables import table_under
from tests.repository.import_order import ROOT

PAGE = "docs/keys.md"
EXAMPLE = {name.strip("`"): value.strip("`") for name, value in table_under("A worked example", PAGE)}


def hashes() -> dict[tuple[str, str], str]:
    """Each hash of the example, by its kind and whether it contains the address."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (MD5|SHA-\d+) \| `(\w+)` \| `(\w+)` \|$", text, flags=re.MULTILINE)
    found = {(kind, "without address"): plain for kind, plain, _ in rows}
    return found | {(kind, "with address"): bound for kind, _, bound in rows}


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, str]:
    """The parameters of the example but for its hash, at its time and from its address."""
    monkeypatch.setattr(authentication, "clock", lambda: days.instant(int(EXAMPLE["time"])) + dt.timedelta(seconds=9))
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    return {"apikey": EXAMPLE["public key"], "time": EXAMPLE["time"], "random": EXAMPLE["random"]}


def key_of_the_example(**fields: Any) -> None:
    key, _ = ApiKey.create_signed("Documentation", allow_md5=True, **fields)
    key.prefix = EXAMPLE["public key"]
    key.private_key_encrypted = secrets.encrypt(EXAMPLE["private key"])
    key.save()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["MD5", "SHA-256", "SHA-512"])
def test_the_hashes_without_address_are_right(example: dict[str, str], kind: str) -> None:
    key_of_the_example()

    answer = ask(None, "/api/test", **example, hash=hashes()[kind, "without address"])

    assert answer.status == 200


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{}, {"ip": EXAMPLE["address"]}, {"ipaddress": EXAMPLE["address"]}], ids=str)
@pytest.mark.parametrize("kind", ["MD5", "SHA-256", "SHA-512"])
def test_the_hashes_with_address_are_right(example: dict[str, str], kind: str, sent: dict[str, str]) -> None:
    key_of_the_example(bound_to=EXAMPLE["address"])
    sent = {**example, **sent, "hash": hashes()[kind, "with address"]}

    assert ask(None, "/api/test", headers={"X-Forwarded-For": EXAMPLE["address"]}, **sent).status == 200


@pytest.mark.django_db
def test_the_address_of_the_example_is_answered(example: dict[str, str]) -> None:
    key_of_the_example()
    (target,) = re.findall(r"^/api/memberships\?apikey=.*$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)

    assert ask(None, target).status == 200


def test_the_texts_of_the_example_are_those_that_are_hashed() -> None:
    first, last = EXAMPLE["public key"], f"{EXAMPLE['time']}{EXAMPLE['random']}{EXAMPLE['private key']}"
    page = (ROOT / PAGE).read_text(encoding="utf-8")

    assert f"```text\n{first}{last}\n{first}{EXAMPLE['address']}{last}\n```" in page


def test_the_options_are_those_of_the_command() -> None:
    command: Any = load_command_class(get_commands()["create_api_key"], "create_api_key")
    common = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color"}
    actions = command.create_parser("manage.py", "create_api_key")._actions
    own = [action for action in actions if action.dest not in common | {"skip_checks"}]

    assert [row[0].strip("`") for row in table_under("Creating a key", PAGE)] == [
        action.option_strings[0] if action.option_strings else action.metavar for action in own
    ]


def test_the_audiences_are_those_of_the_code() -> None:
    assert [row[0].strip("`") for row in table_under("What a key is", PAGE)] == Level.values


@pytest.mark.parametrize("sentence", re.findall(r"\*([A-Z][^*]{20,})\*", (ROOT / PAGE).read_text(encoding="utf-8")))
def test_a_refusal_is_quoted_with_the_text_of_the_response(sentence: str) -> None:
    source = (ROOT / "roster/api/authentication.py").read_text(encoding="utf-8")

    assert " ".join(sentence.split()) in source.replace("{days.IN_MILLISECONDS}", days.IN_MILLISECONDS)
