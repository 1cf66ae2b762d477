"""The examples in docstrings show what the code does."""

import doctest
import importlib
import tokenize

import pytest

from tests.repository.files import tracked_files
from tests.repository.import_order import ROOT


def modules() -> list[str]:
    """Every module with an example."""
    found = []
    for path in tracked_files():
        if path.suffix == ".py" and not path.is_relative_to("tests"):
            with tokenize.open(ROOT / path) as file:
                if ">>> " in file.read():
                    found.append(".".join(path.with_suffix("").parts))
    return found


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_module_are_right(name: str) -> None:
    tried = doctest.testmod(importlib.import_module(name))

    assert tried.attempted > 0
    assert tried.failed == 0


def test_an_example_is_found() -> None:
    assert "roster.window_counters" in modules()
