from collections.abc import Iterator

import pytest

from tests.lti.course.lms import Lms, running_lms


@pytest.fixture
def lms() -> Iterator[Lms]:
    """A learning platform to be scripted."""
    with running_lms() as lms:
        yield lms
