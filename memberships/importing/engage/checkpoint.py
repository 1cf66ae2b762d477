"""The download checkpoint: a folder with the downloaded pages, from which an interrupted import continues.

The pages are personal data: only the owner can access the folder and its files. Keys are not stored.
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
"""The data folder of docs/deploying.md, for the account of the service, which cannot write beside its program."""
STATE = "pull.json"
FILE_PATTERN = re.compile(r"pull\.(json|part)|(memberships|organizations|positions|users)-\d{6}\.(json|part)")


class CheckpointUnusable(Exception):
    """The folder cannot be used. The message is a sentence with the reason and what to do."""


@dataclass
class ListProgress:
    """The progress of the download of one list."""

    pages: int = 0
    items: int = 0
    total: int = 0
    query: dict[str, str] | None = None
    """Parameters of the request for the next page; None if there is none, or if no page was requested yet."""
    is_done: bool = False
    withheld: int = 0
    """The HTTP status with which the site refused the list; 0 if it did not."""
    without: list[str] = field(default_factory=list)
    """Parameters that were omitted because the site refused them."""


class DownloadCheckpoint:
    """The pages of one site that were downloaded so far."""

    def __init__(self, folder: Path, site: str, fingerprint: str) -> None:
        self.folder = folder
        self.site = site
        self.fingerprint = fingerprint
        self.begun_at = time.time()
        self.progress: dict[str, ListProgress] = {}

    @classmethod
    def default_folder(cls, site: str) -> Path:
        """The default folder for a site: under `DATA_FOLDER` if that is writable, otherwise under `var/`."""
        is_installed = os.access(DATA_FOLDER, os.W_OK | os.X_OK)
        top = DATA_FOLDER if is_installed else Path(settings.BASE_DIR) / "var"
        return top / "engage" / re.sub("[^a-z0-9.-]+", "-", site.partition("//")[2].lower())

    def open(self) -> bool:
        """Create the folder, or continue from its contents. Returns True if a download was begun before."""
        state = self.folder / STATE
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not state.exists() and any(self.folder.iterdir()):
                raise CheckpointUnusable(
                    f"{self.folder} contains other files. Choose an empty or new folder with --spool."
                )
            self.folder.chmod(0o700)
            if state.exists():
                self._resume(orjson.loads(state.read_bytes()))
            else:
                self.save()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise CheckpointUnusable(
                f"{self.folder} cannot be used ({reason}). Choose another with --spool."
            ) from error
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise CheckpointUnusable(f"{state} is damaged. Remove the folder to start again.") from error
        return bool(self.progress)

    def _resume(self, state: dict[str, Any]) -> None:
        if (state["site"], state["fingerprint"]) != (self.site, self.fingerprint):
            raise CheckpointUnusable(
                f"{self.folder} contains a download from {state['site']} with another address or key. "
                "Remove it to start again, or choose another folder with --spool."
            )
        self.begun_at = state["begun_at"]
        self.progress = {name: ListProgress(**progress) for name, progress in state["progress"].items()}

    @property
    def started(self) -> str:
        """When this download was begun, as text."""
        return dt.datetime.fromtimestamp(self.begun_at, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")

    def save(self) -> None:
        """Store the progress."""
        progress = {name: asdict(each) for name, each in self.progress.items()}
        state = {"site": self.site, "fingerprint": self.fingerprint, "begun_at": self.begun_at, "progress": progress}
        self._write(self.folder / STATE, orjson.dumps(state, option=orjson.OPT_INDENT_2))

    def add(self, resource: str, page: SitePage) -> None:
        """Store one more page of a list, and then the progress."""
        progress = self.progress[resource]
        self._write(self.path(resource, progress.pages + 1), page.content)
        progress.pages += 1
        progress.items += page.items
        progress.total, progress.query, progress.is_done = page.total, page.next, page.next is None
        self.save()

    def path(self, resource: str, number: int) -> Path:
        return self.folder / f"{resource}-{number:06d}.json"

    def sources(self) -> Iterator[Source]:
        """The pages, in the order in which they were downloaded."""
        for resource, progress in self.progress.items():
            for number in range(1, progress.pages + 1):
                path = self.path(resource, number)
                yield Source(path, f"{resource} page {number} ({path})")

    def remove(self) -> None:
        """Remove the pages, and the folder if it is empty then."""
        for path in list(self.folder.iterdir()):
            if FILE_PATTERN.fullmatch(path.name):
                path.unlink()
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        """Write a file atomically, readable only by its owner."""
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
