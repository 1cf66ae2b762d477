"""Escapes texts that a spreadsheet would interpret as a formula: with an apostrophe before them.

A text is escaped if it begins with =, +, -, @ or one of their full-width forms, optionally after spaces or quotes, or
with a tab or a line break. If such a text begins with apostrophes, it gets one more, so that reading removes exactly
the one that was added.
"""

import re

ESCAPE = "'"
FORMULA = re.compile(r"""[\s"']*[=+\-@＝＋－＠]|["']*[\t\r\n]""")


def escaped(text: str) -> str:
    """The cell for a text, which no spreadsheet interprets as a formula."""
    return ESCAPE + text if FORMULA.match(text) else text


def unescaped(cell: str) -> str:
    """The text of a cell."""
    return cell[1:] if cell.startswith(ESCAPE) and FORMULA.match(cell, 1) else cell
