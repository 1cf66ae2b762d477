"""A value that makes no sense stops the start with a sentence that names its variable."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import BASE_DIR, Environment, read

env = Environment()


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("VARIABLE", raising=False)
    return monkeypatch


@pytest.mark.parametrize("text, flag", [("true", True), ("YES", True), ("1", True), ("off", False), ("False", False)])
def test_a_flag_is_read_in_any_letter_case(variable: pytest.MonkeyPatch, text: str, flag: bool) -> None:
    variable.setenv("VARIABLE", text)

    assert env.flag("VARIABLE", default=not flag) is flag


@pytest.mark.parametrize("text", ["maybe", "flase", "2", "true # for now", "Ja"])
def test_it_refuses_a_flag_that_is_neither_true_nor_false(variable: pytest.MonkeyPatch, text: str) -> None:
    variable.setenv("VARIABLE", text)

    with pytest.raises(ImproperlyConfigured, match=r"^VARIABLE is .* which is neither true nor false"):
        env.flag("VARIABLE", default=True)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_is_not_set(variable: pytest.MonkeyPatch, blank: str) -> None:
    variable.setenv("VARIABLE", blank)

    assert env.flag("VARIABLE", default=True) is True
    assert env.words("VARIABLE") == []
    assert env.number("VARIABLE", default=7, least=1, most=9) == 7


def test_a_list_is_separated_by_commas_and_perhaps_spaces(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("VARIABLE", "roster.example.edu, www.example.edu ,")

    assert env.words("VARIABLE") == ["roster.example.edu", "www.example.edu"]


@pytest.mark.parametrize("text", ["0", "10", "-1", "many", "1.5", "٣", "99999999999999999999"])
def test_it_refuses_a_number_outside_its_bounds(variable: pytest.MonkeyPatch, text: str) -> None:
    variable.setenv("VARIABLE", text)

    with pytest.raises(ImproperlyConfigured, match=r"^VARIABLE is .*; a whole number from 1 to 9 is needed"):
        env.number("VARIABLE", default=7, least=1, most=9)


def test_it_refuses_a_zone_that_does_not_exist(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("VARIABLE", "America/Springfield")

    with pytest.raises(ImproperlyConfigured, match=r"^VARIABLE is 'America/Springfield', which is no time zone"):
        env.zone("VARIABLE", default="America/New_York")


def test_it_refuses_a_word_outside_a_closed_list(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("VARIABLE", "loud")

    with pytest.raises(ImproperlyConfigured, match=r"^VARIABLE is 'LOUD'; one of INFO, ERROR is needed"):
        env.choice("VARIABLE", default="INFO", among=("INFO", "ERROR"))


def test_a_missing_secret_says_what_to_do(variable: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^VARIABLE is not set. Write one."):
        env.secret("VARIABLE", advice="Write one.")


@pytest.mark.parametrize(
    "url, file",
    [
        ("sqlite:///roster.sqlite3", str(BASE_DIR / "roster.sqlite3")),
        ("sqlite:////srv/roster.sqlite3", "/srv/roster.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_a_relative_sqlite_file_lies_beside_manage_py(variable: pytest.MonkeyPatch, url: str, file: str) -> None:
    variable.setenv("VARIABLE", url)

    assert env.database("VARIABLE", default="")["NAME"] == file


def test_the_options_of_a_postgresql_url_are_kept(variable: pytest.MonkeyPatch) -> None:
    variable.setenv("VARIABLE", "postgresql://roster:p%40ss@db.example.edu:5433/campus?sslmode=verify-full")

    database = env.database("VARIABLE", default="")

    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.edu", 5433, "campus")
    assert (database["USER"], database["PASSWORD"]) == ("roster", "p@ss")
    assert database["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://roster:hunter2@localhost/campus",
        "postgres://roster:hunter2@localhost:port/campus",
        "postgres://roster:hunter2@localhost",
        "postgres://roster:hunter2/@[::1/campus",
        "sqlite://roster.sqlite3",
        "sqlite:///",
    ],
)
def test_it_refuses_what_names_no_database_and_repeats_no_password(variable: pytest.MonkeyPatch, url: str) -> None:
    variable.setenv("VARIABLE", url)

    with pytest.raises(ImproperlyConfigured, match=r"^VARIABLE is not the URL of a database.") as refused:
        env.database("VARIABLE", default="")

    assert "hunter2" not in str(refused.value)


def test_the_environment_wins_over_the_private_file(variable: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VARIABLE=from the file\nOTHER_VARIABLE=only there\n")
    variable.setenv("VARIABLE", "from the environment")
    variable.setenv("OTHER_VARIABLE", "")
    variable.delenv("OTHER_VARIABLE")

    settings = read(tmp_path / ".env")

    assert settings.text("VARIABLE", default="") == "from the environment"
    assert settings.text("OTHER_VARIABLE", default="") == "only there"


def test_a_private_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SECRET_KEY=\xff\n")

    with pytest.raises(ImproperlyConfigured, match=r"\.env cannot be read"):
        read(tmp_path / ".env")
