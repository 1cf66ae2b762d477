"""Texts that a spreadsheet would take for a formula: written with an apostrophe before them, and read back without it.

A text is written so when it begins with =, +, -, @ or one of their full-width forms, with spaces or quotes before it or
not, or with a tab or a line break. A text that begins with apostrophes before such a character gets one more, so
that reading takes back exactly what writing added.
"""

import re

ESCAPE = "'"
FORMULA = re.compile(r"""[\s"']*[=+\-@＝＋－＠]|["']*[\t\r\n]""")


def escaped(text: str) -> str:
    """A text as a cell that no spreadsheet computes."""
    return ESCAPE + text if FORMULA.match(text) else text


def unescaped(cell: str) -> str:
    """The text that a cell was written for."""
    return cell[1:] if cell.startswith(ESCAPE) and FORMULA.match(cell, 1) else cell
