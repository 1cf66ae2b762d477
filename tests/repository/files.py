"""The files that belong to the repository."""

import os
import subprocess
from pathlib import Path

from tests.repository.import_order import ROOT

# Generated files of a checkout, for a folder without git: the same as in .gitignore.
MADE_HERE = ("__pycache__", "staticfiles", "var", "htmlcov", "node_modules")
MADE_HERE_ENDINGS = (".pyc", ".sqlite3", ".sqlite3-shm", ".sqlite3-wal", ".sqlite3-journal", ".pid")


def tracked_files() -> list[Path]:
    """What git tracks and the checkout still has, relative to the top; of an unpacked archive, all that it holds."""
    if (ROOT / ".git").exists():
        # safe.directory: the checkout may belong to somebody else than the one who runs the tests
        command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
        listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]
    return _files_of_archive()


def _files_of_archive() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in MADE_HERE]
        found += [
            (Path(folder) / name).relative_to(ROOT)
            for name in files
            if not name.startswith(".env") and not name.endswith(MADE_HERE_ENDINGS)
        ]
    return found
