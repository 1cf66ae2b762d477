"""One line of the terminal that shows the progress."""

import sys


def tell(what: str) -> None:
    """Show a text instead of the previous one; nothing where the output is no terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what[:110]}", end="", file=sys.stderr, flush=True)
