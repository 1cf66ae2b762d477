"""Write the private .env of a checkout, unless it exists: `python -m config.dotenv`."""

import os
import secrets
import string
import sys
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / ".env"
ALPHABET = string.ascii_letters + string.digits  # nothing that a shell or a .env reader would expand

TEMPLATE = """\
# Settings of this checkout, read by manage.py and gunicorn. Environment variables override this file.
# Private: it contains a secret. docs/settings.md describes every setting.

# Signs sessions and tokens. A change signs everybody out.
SECRET_KEY={secret_key}

# A demo: settings that are unsafe on a real site are allowed. Remove this line before you serve real people.
DEMO=true

# The password of the administrator "demo".
DEMO_PASSWORD={demo_password}

# The host names of this site, separated by commas.
ALLOWED_HOSTS=localhost,127.0.0.1,[::1]

# false because the demo is served without TLS. true redirects browsers to https and marks cookies as secure.
HTTPS=false
"""


def write(path: Path = PATH) -> bool:
    """Write the file, readable only by its owner. An existing file is not overwritten. True if it was written."""
    text = TEMPLATE.format(secret_key=_random(64), demo_password=_random(16))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(text)
    return True


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


if __name__ == "__main__":
    try:
        if write():
            print(f"Wrote {PATH.name}: a fresh secret key and the settings of the demo.")
    except OSError as error:
        sys.exit(f"{PATH} could not be written ({error.strerror}). Give your account write permission for that folder.")
