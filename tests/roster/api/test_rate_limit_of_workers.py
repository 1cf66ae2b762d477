"""The limit is exact however many workers and threads answer at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roster.models import ApiKey
from tests.serving import serving


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_exactly_20_of_60_requests_at_once_are_answered(tmp_path: Path) -> None:
    _, text = ApiKey.create_bearer("Portal", rate=20)

    with serving(tmp_path, workers=2) as site, ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: site.ask("/api/test", {"X-Engage-Api-Key": text}), range(60)))

    assert Counter(answer.status for answer in answers) == {200: 20, 429: 40}
    left = sorted(int(answer.headers["X-RateLimit-Remaining"]) for answer in answers if answer.status == 200)
    assert left == list(range(20))
    refused = [answer for answer in answers if answer.status == 429]
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert {answer.headers["X-RateLimit-Remaining"] for answer in refused} == {"0"}


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_exactly_20_of_60_requests_of_an_address_without_a_key_are_answered(tmp_path: Path) -> None:
    variables = {"PUBLIC_API": "true", "ANONYMOUS_RATE": "20"}

    with serving(tmp_path, workers=2, **variables) as site, ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: site.ask("/api/organizations"), range(60)))

    assert Counter(answer.status for answer in answers) == {200: 20, 429: 40}
    left = sorted(int(answer.headers["X-RateLimit-Remaining"]) for answer in answers if answer.status == 200)
    assert left == list(range(20))
