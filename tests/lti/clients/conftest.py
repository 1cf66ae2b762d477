"""The site as it runs, the cast in its database, and the tools that ask it."""

from collections.abc import Iterator

import pytest

from lti.models import Deployment
from organizations.models import Organization, Position
from tests.lti.clients.ltijs_tool import CLIENT_ID, Ltijs, running_ltijs
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData, organization, position
from tests.serving import Site, serving


@pytest.fixture
def people(transactional_db: None) -> SampleData:
    """The cast, where another process sees it."""
    return SampleData()


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served by two workers for all tests of a module."""
    with serving(tmp_path_factory.mktemp("site"), workers=2) as site:
        yield site


@pytest.fixture
def deployed(people: SampleData) -> Deployment:
    """A campus tool that is told all, used on the whole campus."""
    return deploy(make_tool())


@pytest.fixture
def choir(people: SampleData) -> Organization:
    """An organization without members."""
    return organization("Choir", "CHOIR")


@pytest.fixture
def singer(people: SampleData, choir: Organization) -> Position:
    """A position in the choir."""
    return position(choir, "Singer", people.member_kind)


@pytest.fixture(scope="session")
def ltijs_program() -> Iterator[Ltijs]:
    with running_ltijs() as tool:
        yield tool


@pytest.fixture(scope="module")
def ltijs_of_the_module(ltijs_program: Ltijs, site: Site) -> Ltijs:
    ltijs_program.ask("platform", site=site.url, clientId=CLIENT_ID)
    return ltijs_program


@pytest.fixture
def ltijs(ltijs_of_the_module: Ltijs) -> Ltijs:
    """A tool made with ltijs, to which the site is a platform that it has known for a while."""
    ltijs_of_the_module.ask("forget")
    return ltijs_of_the_module
