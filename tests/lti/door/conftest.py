"""A launch of Amara's from the chess club, and the key of the tool that she opened."""

import pytest

from lti.models import Deployment, Launch, Tool
from tests.cast import Cast
from tests.lti.door.doors import key_of, launch_of, ltik_of


@pytest.fixture
def launch(cast: Cast, deployment: Deployment) -> Launch:
    return launch_of(cast.amara, cast.chess_club, deployment)


@pytest.fixture
def token(launch: Launch) -> str:
    """The ltik of that launch."""
    return ltik_of(launch)


@pytest.fixture
def key(poll: Tool) -> str:
    return key_of(poll)
