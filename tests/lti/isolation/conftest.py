"""All sides, in the database."""

import pytest

from tests.lti.isolation.tenants import Tenant, all_sides
from tests.sample_data import SampleData


@pytest.fixture
def sides(sample: SampleData) -> list[Tenant]:
    return all_sides(sample)
