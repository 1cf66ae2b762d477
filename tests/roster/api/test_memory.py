"""An answer leaves nothing behind that waits for the garbage collector."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


@pytest.fixture
def _without_the_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_without_the_collector")
@pytest.mark.parametrize("path", ["/api/memberships", "/api/memberships/1", "/api/test"])
def test_an_answer_is_gone_once_it_is_sent(sample: SampleData, path: str) -> None:
    handler = WSGIHandler()
    handler.get_response(RequestFactory().get(path))  # what is made once is made
    request = RequestFactory().get(path, headers={"Authorization": f"Bearer {sample.campus_key}"})
    answer = weakref.ref(handler.get_response(request))
    assert answer() is None
