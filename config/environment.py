"""The settings' variables, read from the environment and a private `.env` file beside manage.py.

An invalid value, such as `HTTPS=flase`, stops the start with an error that names the variable. A blank variable counts
as not set.
"""

import io
import os
import zoneinfo
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

YES, NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


class Environment:
    """Variables by name and type. ImproperlyConfigured for an invalid value, with a message that names the variable."""

    def text(self, name: str, *, default: str) -> str:
        return os.environ.get(name, "").strip() or default

    def secret(self, name: str, *, advice: str) -> str:
        """A required text. Without it the start stops, and the error has this advice."""
        text = self.text(name, default="")
        if not text:
            raise ImproperlyConfigured(f"{name} is not set. {advice}")
        return text

    def words(self, name: str) -> list[str]:
        """A list, separated by commas."""
        return [word.strip() for word in self.text(name, default="").split(",") if word.strip()]

    def flag(self, name: str, *, default: bool) -> bool:
        word = self.text(name, default=str(default)).lower()
        if word not in YES | NO:
            raise ImproperlyConfigured(f"{name} is {word!r}, which is neither true nor false.")
        return word in YES

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        text = self.text(name, default=str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
            raise ImproperlyConfigured(f"{name} is {text!r}; a whole number from {least} to {most} is needed.")
        return int(text)

    def choice(self, name: str, *, default: str, among: Collection[str]) -> str:
        """One of these words, which are in upper case."""
        word = self.text(name, default=default).upper()
        if word not in among:
            raise ImproperlyConfigured(f"{name} is {word!r}; one of {', '.join(among)} is needed.")
        return word

    def zone(self, name: str, *, default: str) -> str:
        """The name of a time zone."""
        text = self.text(name, default=default)
        if text not in zoneinfo.available_timezones():
            raise ImproperlyConfigured(f"{name} is {text!r}, which is no time zone; America/New_York is one.")
        return text

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """Django's settings of a database, from its URL. No message repeats it, because it may contain a password."""
        text = self.text(name, default=default)
        try:
            scheme, location = urlsplit(text).scheme, text.partition("://")[2]
            if scheme == "sqlite" and location.startswith("/") and location != "/":
                return _sqlite(dict(environ.Env.db_url_config(text)))
            if scheme in {"postgres", "postgresql"}:
                config: dict[str, Any] = dict(environ.Env.db_url_config(text))
                if config["NAME"]:  # the host may be the folder of a Unix socket, whose slashes are %2F
                    return config | {"HOST": unquote(config.get("HOST") or "")}
        except (ValueError, LookupError, TypeError):
            pass
        raise ImproperlyConfigured(
            f"{name} is not the URL of a database. Examples: postgres://user:password@host:5432/name (%40 for an @ in "
            "the password), sqlite:///file.sqlite3 (three slashes; four before an absolute path)."
        )


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """Resolve a relative file name from the folder of manage.py, and not from the current folder."""
    if config["NAME"] != ":memory:":
        config["NAME"] = str(BASE_DIR / config["NAME"])
    return config


_from_file: set[str] = set()
"""The variables that the private file has added."""


def outside() -> dict[str, str]:
    """The environment without the variables from the private file, for a process that reads the file itself."""
    return {name: value for name, value in os.environ.items() if name not in _from_file}


def restore(outside: dict[str, str], everything: dict[str, str]) -> None:
    """Undo a `read`: restore the environment `everything`, and `outside`, its part that is not from the file."""
    os.environ.clear()
    os.environ.update(everything)
    _from_file.clear()
    _from_file.update(set(everything) - set(outside))


def read(path: Path = BASE_DIR / ".env") -> Environment:
    """The environment with the current variables of the private file. Variables of the environment override them."""
    for name in _from_file & set(os.environ):
        del os.environ[name]
    known = set(os.environ)
    if path.exists():
        try:
            environ.Env.read_env(io.StringIO(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{path} cannot be read ({type(error).__name__}). Correct this file.") from error
    _from_file.clear()
    _from_file.update(set(os.environ) - known)
    return Environment()


env = read()

is_served = False
"""Is this the process that starts workers, and has it checked its settings?"""

listens: list[str] = []
"""The addresses on which that process listens, if they are from its command line and not from BIND."""
