"""No file of the repository holds a secret, or a path of the machine that it was written on."""

import re

import pytest

from tests.repository.files import tracked_files
from tests.repository.import_order import ROOT

# Written in pieces, so that this file does not find itself.
PATTERNS = {
    "a private key": r"-----BEGIN ([A-Z]+ )*PRIVATE" + " KEY-----",
    "a home or work folder": r"(?<![\w.$}])/(root|work|Users/\w+|home/(?!roster\b|user\b|you\b)\w+)" + r"/\w",
    "a package index": r"--(extra-)?index" + r"-url|--find" + r"-links",
    "a cloud or forge token": r"\b(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[0-9A-Za-z-]{20,})",
}


@pytest.mark.parametrize("what", PATTERNS)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = re.compile(PATTERNS[what])
    found = []
    for path in tracked_files():
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        found += [f"{path}:{text.count(chr(10), 0, hit.start()) + 1}: {hit.group()}" for hit in pattern.finditer(text)]

    assert found == []


def test_the_private_env_file_is_not_tracked() -> None:
    assert not [path for path in tracked_files() if path.name == ".env"]
