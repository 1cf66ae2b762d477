"""A tool returns links for its own deployment, in the organization where staff began, and nowhere else."""

from itertools import product

import pytest

from lti.models import ResourceLink
from tests.lti.deep_links import POLL_ITEM
from tests.lti.isolation.attempts import return_link, return_link_for_mine, same_tool
from tests.lti.isolation.tenants import Tenant
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_links_are_stored_where_staff_began_only(sides: list[Tenant], sample: SampleData) -> None:
    for way, mine, theirs in product((return_link, return_link_for_mine), sides, sides):
        way(mine, theirs)

        made = ResourceLink.objects.filter(title=POLL_ITEM["title"])
        stored = [(link.deployment, link.context) for link in made]
        assert stored == ([(theirs.link.deployment, theirs.context)] if same_tool(mine, theirs) else [])
        made.delete()
