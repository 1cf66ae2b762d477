"""A launch of Amara's from the chess club, and the key of the tool that she opened."""

import pytest

from lti.models import Deployment, Launch, Tool
from tests.lti.ltik.ltik_api import key_of, launch_of, ltik_of
from tests.sample_data import SampleData


@pytest.fixture
def launch(sample: SampleData, deployment: Deployment) -> Launch:
    return launch_of(sample.amara, sample.chess_club, deployment)


@pytest.fixture
def token(launch: Launch) -> str:
    """The ltik of that launch."""
    return ltik_of(launch)


@pytest.fixture
def key(poll: Tool) -> str:
    return key_of(poll)
