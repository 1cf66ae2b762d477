"""For each failure of the database, each route answers 503 with Retry-After, and the log has one line."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.contrib.admin import site
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from roster.database.failures import OneLine, is_outage
from roster.models import User
from roster.reads import list_cache
from tests.roster.database_failures import failing
from tests.sample_data import SampleData
from tests.wire.routes import patterns

pytestmark = pytest.mark.both_databases

FORM = {"username": "nobody", "password": "wrong", "grant_type": "client_credentials", "client_id": "nobody"}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every pattern that somebody may ask, once."""
    seen: set[Any] = set()
    for path, pattern in patterns(get_resolver()):
        if path not in seen and not path.startswith("/static/"):
            seen.add(path)
            yield path, pattern


def filled(path: str, sample: SampleData) -> str:
    """A path to a row, or to a missing row where the sample data have none."""
    found = re.match(r"/admin/(\w+)/(\w+)/", path)
    models = {(model._meta.app_label, model._meta.model_name): model for model in site._registry}
    model = models.get((found[1], found[2])) if found else None
    key = model._default_manager.values_list("pk", flat=True).first() if model else sample.chess_club.pk
    path = path.replace("<path:object_id>", str(key or 1)).replace("(?P<pk>[^/.]+)", str(sample.amara.pk))
    path = path.replace("<path:content_type_id>", "1").replace("(?P<content_type_id>[0-9]+)", "1")
    path = re.sub(r"<int:[^>]+>", str(sample.chess_club.pk), path)
    path = re.sub(r"<uuid:[^>]+>", "00000000-0000-4000-8000-000000000000", path)
    path = re.sub(r"\(\?P<(app_label)>[^)]*\)", "roster", path)
    return re.sub(r"<[^>]+>|\(\?P[^)]*\)|[\^$?\\()]", "1", path)


@pytest.fixture
def client(sample: SampleData) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("administrator"))
    return client


@pytest.mark.parametrize(
    "path, method",
    [
        pytest.param(path, method, id=f"{method} {path}")
        for path, _ in routes()
        for method in (["GET"] if path.startswith("/admin/") else ["GET", "POST"])
    ],
)
def test_each_statement_of_each_route(
    path: str, method: str, client: Client, sample: SampleData, log: io.StringIO
) -> None:
    address = filled(path, sample)
    headers = {"Authorization": f"Bearer {sample.staff_key}"} if path.startswith("/api/") else {"Accept": "text/html"}

    def ask() -> Any:
        list_cache.clear()
        body = {"data": FORM} if method == "POST" else {}
        return getattr(client, method.lower())(address, headers=headers, **body)

    with failing() as asked, transaction.atomic():
        assert ask().status_code < 500
        transaction.set_rollback(True)
    numbers = range(len(asked))
    for number in {*numbers[:1], *numbers[-1:]} if path.startswith("/admin/") else numbers:
        with transaction.atomic():
            log.truncate(log.seek(0))
            with failing(number) as again:
                answer = ask()
            transaction.set_rollback(True)
        if len(again) <= number:
            continue  # asked once only, and remembered since
        assert answer.status_code == 503, asked[number]
        assert answer["Retry-After"] == "5"
        kind = "application/problem+json" if path.startswith("/api/") else "text/html"
        assert answer["Content-Type"].startswith(kind)
        [error] = [line for line in map(orjson.loads, log.getvalue().splitlines()) if line["level"] == "ERROR"]
        assert error["message"].startswith("The database failed. OperationalError: ")
        assert "traceback" not in error


def test_a_failure_is_one_line_in_the_log() -> None:
    try:
        raise OperationalError("connection to server failed\n\tIs the server running?")
    except OperationalError as error:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Failed", (), (type(error), error, None))

    assert OneLine().filter(record)
    assert (record.getMessage(), record.exc_info) == (
        "The database failed. OperationalError: connection to server failed",
        None,
    )


def test_a_mistake_of_the_program_is_no_outage(db: None) -> None:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")

    assert not is_outage(raised.value)
