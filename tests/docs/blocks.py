"""Blocks of code in a page, and the calls among them that show their answer."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.repository.import_order import ROOT

SITE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Call:
    """A curl line of a page, with the JSON shown below it."""

    url: str
    headers: dict[str, str]
    shown: Any

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}"

    def __str__(self) -> str:
        return self.path


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a language, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def calls(page: str) -> list[Call]:
    """Every curl line that is followed by a block of JSON."""
    text = (ROOT / page).read_text(encoding="utf-8")
    pairs = re.findall(r"^```sh\ncurl (.*?)\n```\n\n```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    found = []
    for line, shown in pairs:
        headers = dict(re.findall(r'-H "([\w-]+): ([^"]+)"', line))
        found.append(Call(re.findall(r'"(http[^"]+)"', line)[0], headers, json.loads(shown)))
    return found
