"""`import_engage --url`: a whole campus from a live site, this server among them."""

import functools
import io
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer

from memberships.importing.engage.site_client import PAUSES, Site
from memberships.management.commands import import_engage
from memberships.models import Membership, Reflection
from organizations.models import (
    Category,
    CustomField,
    Organization,
    OrganizationType,
    Position,
    PositionTemplate,
    PositionType,
)
from roster.models import ApiKey, User
from tests.client import ask
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.fake_site import KEY, FakeSite, problem
from tests.memberships.importing.engage.records import MEMBERSHIP, a_membership, a_user

ANSWERS = Path(__file__).parent / "answers"
LISTS = ("memberships", "organizations", "positions", "users")


class Shell:
    """Runs the command against a site, and keeps its output."""

    def __init__(self, url: str, checkpoint: Path) -> None:
        self.url, self.checkpoint = url, checkpoint
        self.output, self.errors = io.StringIO(), io.StringIO()

    def pull(self, **options: Any) -> str:
        options = {"url": self.url, "spool": self.checkpoint, **options}
        call_command("import_engage", stdout=self.output, stderr=self.errors, **options)
        return self.output.getvalue()

    def refused(self, **options: Any) -> str:
        with pytest.raises(CommandError) as refusal:
            self.pull(**options)
        return str(refusal.value)

    @property
    def everything(self) -> str:
        return self.output.getvalue() + self.errors.getvalue()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSite:
    """A site in memory that the command asks instead of a live one."""
    fake = FakeSite(memberships=[a_membership(membershipId=MEMBERSHIP + n) for n in range(5)], users=[a_user()])
    patched = functools.partial(Site, transport=fake.transport, sleep=fake.slept.append)
    monkeypatch.setattr(import_engage, "Site", patched)
    return fake


@pytest.fixture
def shell(tmp_path: Path, db: None) -> Shell:
    return Shell("https://campus.example.edu", tmp_path / "spool")


def exported(key: str) -> dict[str, bytes]:
    """All lists of this server, byte for byte but for the times of modification."""
    lists = {}
    for name in LISTS:
        flags = {"includeReflections": "true", "IncludeDeletes": "true"} if name == "memberships" else {}
        body = ask(key, f"/api/{name}", pageSize=500, **flags).body
        for item in body["items"]:
            item.pop("modifiedOn", None)
        lists[name] = orjson.dumps(body)
    return lists


def clear_everything() -> None:
    """Delete all that an import writes."""
    parts: list[Any] = [Reflection, Membership, Position, CustomField, Organization.categories.through, Organization]
    for model in (*parts, User, PositionTemplate, PositionType, OrganizationType, Category):
        model._base_manager.all()._raw_delete("default")


@pytest.fixture
def campus(transactional_db: None, tmp_path: Path) -> None:
    """A campus to be pulled: the made-up answers, a deleted membership, a reflection and a confidential person."""
    Importer.run(*(str(path) for path in sorted(ANSWERS.glob("*.json"))))
    first, second, *_ = Membership.objects.order_by("pk")
    first.delete()
    Reflection.objects.write(second, "I learned to tie knots.\nAll of them.")
    User.objects.filter(username="ADELRIO").update(is_confidential=True)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["bearer", "signed", "bound"])
def test_a_campus_of_this_server_comes_back_byte_for_byte(
    campus: None, live_server: LiveServer, tmp_path: Path, kind: str
) -> None:
    _, key = ApiKey.create_bearer("a portal", audience="staff", may_read_reflections=True)
    credential: dict[str, Any] = {"key": key}
    if kind != "bearer":
        bound_to = {"bound_to": "127.0.0.1"} if kind == "bound" else {}
        signed, private_key = ApiKey.create_signed("old", audience="staff", may_read_reflections=True, **bound_to)
        credential = {"public_key": signed.prefix, "private_key": private_key, "address": bound_to.get("bound_to", "")}
    before = exported(key)
    assert b'"deleted":true' in before["memberships"]
    assert b"tie knots" in before["memberships"]
    shell = Shell(live_server.url.replace("localhost", "127.0.0.1"), tmp_path / "spool")
    assert "Nothing has changed" in shell.pull(**credential, dry_run=True)

    clear_everything()
    shell.pull(**credential)

    assert exported(key) == before
    assert not shell.checkpoint.exists()
    assert "Nothing has changed" in Shell(shell.url, tmp_path / "again").pull(**credential)


@pytest.mark.both_databases
def test_a_public_key_gives_what_the_public_may_know(campus: None, live_server: LiveServer, tmp_path: Path) -> None:
    _, key = ApiKey.create_bearer("a portal", audience="public")
    shell = Shell(live_server.url, tmp_path / "spool")
    visible = {item["membershipId"] for item in ask(key, "/api/memberships").body["items"]}
    assert visible
    shell.pull(key=key, dry_run=True)
    clear_everything()

    output = shell.pull(key=key)

    assert set(Membership.objects.values_list("pk", flat=True)) == visible
    assert list(User.objects.values_list("username", "status")) == [("engage-user-640117", "unregistered")]
    assert "The site returned no users (403: the key may not read it)." in output
    assert "The key may not list deleted memberships: those are missing." in output


def test_pages_are_imported_like_files_and_then_removed(fake: FakeSite, shell: Shell) -> None:
    output = shell.pull(key=KEY)

    assert Membership.objects.count() == 5
    assert output.splitlines()[1].split() == ["memberships", "5", "0", "0", "0"]
    assert not shell.checkpoint.exists()


def test_the_key_may_come_from_the_environment(fake: FakeSite, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_KEY", KEY)

    shell.pull()

    assert {request.headers["X-Engage-Api-Key"] for request in fake.asked} == {KEY}


def test_the_private_key_may_come_from_the_environment(
    fake: FakeSite, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGAGE_KEY", "another")
    monkeypatch.setenv("ENGAGE_PRIVATE_KEY", KEY)

    shell.pull(public_key="public", digest="sha512", address="192.0.2.7")

    request = fake.asked[0]
    assert "X-Engage-Api-Key" not in request.headers
    assert (request.url.params["apikey"], request.url.params["ip"]) == ("public", "192.0.2.7")
    assert len(request.url.params["hash"]) == 128


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"key": KEY, "public_key": "public"},
        {"public_key": "public"},
        {"private_key": KEY},
        {"key": KEY, "private_key": KEY},
    ],
)
def test_it_asks_for_exactly_one_credential(fake: FakeSite, shell: Shell, options: dict[str, str]) -> None:
    assert "Give --key (or ENGAGE_KEY in the environment), or --public-key" in shell.refused(**options)
    assert fake.asked == []


def test_an_address_goes_with_a_signature_only(fake: FakeSite, shell: Shell) -> None:
    assert "--address can only be used with --public-key" in shell.refused(key=KEY, address="192.0.2.7")


@pytest.mark.parametrize("key", ["two words", "line\n", "clé"])
def test_it_refuses_a_key_that_no_header_can_carry(fake: FakeSite, shell: Shell, key: str) -> None:
    refusal = shell.refused(key=key)

    assert "Check that it was copied completely." in refusal
    assert key not in refusal


def test_no_key_is_printed_or_kept(fake: FakeSite, shell: Shell, capfd: pytest.CaptureFixture[str]) -> None:
    fake.failures = [problem(429, Retry_After="5"), httpx.ConnectError("refused")]

    shell.pull(key=KEY, dry_run=True)

    assert fake.slept == [5, 1]
    assert "it responded 429. Trying again in 5 seconds." in shell.errors.getvalue()
    printed = shell.everything + "".join(capfd.readouterr())
    assert KEY not in printed
    assert all(KEY.encode() not in path.read_bytes() for path in shell.checkpoint.iterdir())


def test_no_bar_is_drawn_where_there_is_no_terminal(
    fake: FakeSite, shell: Shell, capfd: pytest.CaptureFixture[str]
) -> None:
    shell.pull(key=KEY)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("failures", [[httpx.ReadError("reset")] * (len(PAUSES) + 1), [KeyboardInterrupt()]])
def test_a_pull_that_stopped_says_how_to_go_on(fake: FakeSite, shell: Shell, failures: list[Any]) -> None:
    fake.failures, fake.fails_after = failures, 4

    refusal = shell.refused(key=KEY)

    assert f"The downloaded pages are kept in {shell.checkpoint}. Run the same command again to continue." in refusal
    assert not Membership.objects.exists()
    assert shell.pull(key=KEY)
    assert "Continuing the download of " in shell.errors.getvalue()
    assert Membership.objects.count() == 5


def test_pages_that_are_refused_stay(fake: FakeSite, shell: Shell) -> None:
    fake.lists["memberships"][1] = a_membership(userId=0)

    refusal = shell.refused(key=KEY)

    assert f"memberships page 1 ({shell.checkpoint}/memberships-000001.json), record 2, userId: " in refusal
    assert f"The downloaded pages are kept in {shell.checkpoint}. Remove it to download them again." in refusal
    assert shell.checkpoint.exists()


def test_a_dry_run_keeps_the_pages_for_the_real_one(fake: FakeSite, shell: Shell) -> None:
    output = shell.pull(key=KEY, dry_run=True)
    asked = len(fake.asked)
    shell.pull(key=KEY)

    assert f"The pages are kept in {shell.checkpoint}. The next run imports them without a download." in output
    assert len(fake.asked) == asked
    assert Membership.objects.count() == 5


def test_it_asks_for_https(fake: FakeSite, shell: Shell) -> None:
    assert "--url must begin with https://" in shell.refused(url="http://campus.example.edu", key=KEY)


def test_a_site_that_accepts_no_key_is_reported(fake: FakeSite, shell: Shell) -> None:
    fake.refused = dict.fromkeys(LISTS, 401)

    assert "returns none of its lists: the site does not accept the key" in shell.refused(key=KEY)
