"""Imports of made-up answers."""

import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command


class Importer:
    """Runs `import_engage` on answers, each in a file of its own: `answer-1.json`, `answer-2.json` ..."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *answers: Any, **options: Any) -> str:
        """Import; what the command printed."""
        files = []
        for number, answer in enumerate(answers, start=1):
            path = self.folder / f"answer-{number}.json"
            path.write_bytes(answer if isinstance(answer, bytes) else orjson.dumps(answer))
            files.append(str(path))
        return self.run(*files, **options)

    def refused(self, *answers: Any, **options: Any) -> str:
        """Run an import that is refused; returns the message of the command."""
        with pytest.raises(CommandError) as refusal:
            self(*answers, **options)
        return str(refusal.value)

    @staticmethod
    def run(*arguments: str, **options: Any) -> str:
        """Run the command itself."""
        output = io.StringIO()
        call_command("import_engage", *arguments, stdout=output, stderr=io.StringIO(), **options)
        return output.getvalue()


@pytest.fixture
def run_import(tmp_path: Path, db: None) -> Importer:
    return Importer(tmp_path)


def counts(output: str, kind: str) -> list[int]:
    """Created, changed, unchanged and made from references, of a kind of rows, as the command printed them."""
    line = next(line for line in output.splitlines() if line.startswith(f"{kind} "))
    return [int(number.replace(",", "")) for number in line.removeprefix(kind).split()]
