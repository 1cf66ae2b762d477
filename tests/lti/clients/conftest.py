"""The site as it runs, and the cast in its database."""

from collections.abc import Iterator

import pytest

from lti.models import Deployment
from tests.cast import Cast
from tests.lti.tools import deploy, make_tool
from tests.serving import Site, serving


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, where another process sees it."""
    return Cast()


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served by two workers for all tests of a module."""
    with serving(tmp_path_factory.mktemp("site"), workers=2) as site:
        yield site


@pytest.fixture
def deployed(people: Cast) -> Deployment:
    """A campus tool that is told all, used on the whole campus."""
    return deploy(make_tool())
