"""Fixtures of the LTI tests."""

import pytest

from lti.models import Deployment, Tool
from tests.cast import Cast
from tests.lti.tools import deploy, make_tool


@pytest.fixture
def poll(cast: Cast) -> Tool:
    """A campus tool that is told all, used on the whole campus."""
    tool = make_tool()
    deploy(tool)
    return tool


@pytest.fixture
def deployment(poll: Tool) -> Deployment:
    """The one deployment of `poll`."""
    return poll.deployments.get()
