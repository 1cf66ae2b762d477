"""The demo campus that the pages speak of."""

import pytest
from django.core.management import call_command


@pytest.fixture
def campus(db: None) -> None:
    """The people and organizations of fixtures/campus.json, as `make run` loads them."""
    call_command("loaddata", "fixtures/campus.json", verbosity=0)
