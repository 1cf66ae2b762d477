"""All sides, in the database."""

import pytest

from tests.cast import Cast
from tests.lti.isolation.sides import Side, all_sides


@pytest.fixture
def sides(cast: Cast) -> list[Side]:
    return all_sides(cast)
