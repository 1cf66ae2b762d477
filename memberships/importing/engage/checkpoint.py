"""A folder that keeps the pages of a pull, so that an interrupted one goes on where it stopped.

The pages are personal data: the folder and its files are for their owner only. No key is kept.
"""

import datetime as dt
import os
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from memberships.importing.engage.site_client import SitePage
from memberships.importing.engage.sources import Source

DATA_FOLDER = Path("/var/lib/campus-roster")
"""The folder that docs/deploying.md makes for the account of the service, which may not write beside its program."""
STATE = "pull.json"
FILE_PATTERN = re.compile(r"pull\.(json|part)|(memberships|organizations|positions|users)-\d{6}\.(json|part)")


class CheckpointUnusable(Exception):
    """The folder cannot be used. The text is a sentence that says what to do."""


@dataclass
class ListProgress:
    """How far the pull of one list has come."""

    pages: int = 0
    items: int = 0
    total: int = 0
    query: dict[str, str] | None = None
    """What asks for the next page; None when there is none, or none was asked for yet."""
    is_done: bool = False
    withheld: int = 0
    """The status by which the site refused the list; 0: it did not."""
    without: list[str] = field(default_factory=list)
    """Parameters that the site refused, and that were left out."""


class DownloadCheckpoint:
    """The pages of one site that were read so far."""

    def __init__(self, folder: Path, site: str, fingerprint: str) -> None:
        self.folder = folder
        self.site = site
        self.fingerprint = fingerprint
        self.begun_at = time.time()
        self.progress: dict[str, ListProgress] = {}

    @classmethod
    def default_folder(cls, site: str) -> Path:
        """The folder of a site where none is named: under `DATA` where it may be written, else under `var/`."""
        is_installed = os.access(DATA_FOLDER, os.W_OK | os.X_OK)
        top = DATA_FOLDER if is_installed else Path(settings.BASE_DIR) / "var"
        return top / "engage" / re.sub("[^a-z0-9.-]+", "-", site.partition("//")[2].lower())

    def open(self) -> bool:
        """Make the folder, or take up what it holds; True when it held something."""
        state = self.folder / STATE
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not state.exists() and any(self.folder.iterdir()):
                raise CheckpointUnusable(f"{self.folder} holds other files. Name an empty or new folder with --spool.")
            self.folder.chmod(0o700)
            if state.exists():
                self._resume(orjson.loads(state.read_bytes()))
            else:
                self.save()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise CheckpointUnusable(f"{self.folder} cannot be used ({reason}). Name another with --spool.") from error
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise CheckpointUnusable(f"{state} is damaged. Remove the folder to begin anew.") from error
        return bool(self.progress)

    def _resume(self, state: dict[str, Any]) -> None:
        if (state["site"], state["fingerprint"]) != (self.site, self.fingerprint):
            raise CheckpointUnusable(
                f"{self.folder} holds a pull from {state['site']} that was begun with another address or key. "
                "Remove it to begin anew, or name another folder with --spool."
            )
        self.begun_at = state["begun_at"]
        self.progress = {name: ListProgress(**progress) for name, progress in state["progress"].items()}

    @property
    def started(self) -> str:
        """When this pull was begun, as people write it."""
        return dt.datetime.fromtimestamp(self.begun_at, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")

    def save(self) -> None:
        """Keep how far the pull has come."""
        progress = {name: asdict(each) for name, each in self.progress.items()}
        state = {"site": self.site, "fingerprint": self.fingerprint, "begun_at": self.begun_at, "progress": progress}
        self._write(self.folder / STATE, orjson.dumps(state, option=orjson.OPT_INDENT_2))

    def add(self, resource: str, page: SitePage) -> None:
        """Keep one more page of a list, and then how far the list has come."""
        progress = self.progress[resource]
        self._write(self.path(resource, progress.pages + 1), page.content)
        progress.pages += 1
        progress.items += page.items
        progress.total, progress.query, progress.is_done = page.total, page.next, page.next is None
        self.save()

    def path(self, resource: str, number: int) -> Path:
        return self.folder / f"{resource}-{number:06d}.json"

    def sources(self) -> Iterator[Source]:
        """The pages, in the order in which they were read."""
        for resource, progress in self.progress.items():
            for number in range(1, progress.pages + 1):
                path = self.path(resource, number)
                yield Source(path, f"{resource} page {number} ({path})")

    def remove(self) -> None:
        """Remove the pages and the folder, as far as this class made them."""
        for path in list(self.folder.iterdir()):
            if FILE_PATTERN.fullmatch(path.name):
                path.unlink()
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        """Write a file for its owner only, whole or not at all."""
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
