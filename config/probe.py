"""The health check of a container: `python -m config.probe` exits with status 0 if the server answers."""

import sys
import urllib.error
import urllib.request

ADDRESS = "http://127.0.0.1:8000/healthz"
SECONDS = 2


def is_alive(address: str = ADDRESS) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as response:  # noqa: S310 (our own server)
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(not is_alive())
