"""One line of the terminal that says what is going on."""

import sys


def tell(what: str) -> None:
    """Show it in place of what was shown before; nothing where nobody looks."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what[:110]}", end="", file=sys.stderr, flush=True)
