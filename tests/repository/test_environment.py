"""A test run reads nothing of the developer's own settings."""

import re

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT


def test_the_test_run_fixes_every_variable_that_the_settings_read() -> None:
    source = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"(\w+)\"", source))

    assert read - {"DATABASE_URL"} == set(ENVIRONMENT)
