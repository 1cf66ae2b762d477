"""No row is read or written by itself: the number of queries stays the same."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from memberships.importing.engage import diff
from memberships.models import Membership
from organizations.models import Organization, Position
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import (
    LAST_DAY,
    MEMBERSHIP,
    ORGANIZATION,
    POSITION,
    USER,
    a_membership,
    a_position,
    a_user,
    an_organization,
)


def campus(size: int, *, start: int = 0, **changes: Any) -> list[dict[str, Any]]:
    """Memberships, each with a person, a position and an organization of its own; half of those have own records."""
    records: list[dict[str, Any]] = []
    for n in range(start, start + 2 * size):
        ids = {"organizationId": ORGANIZATION + n, "positionId": POSITION + n, "userId": USER + n}
        number, username = MEMBERSHIP + n, f"person-{n}"
        records.append(a_membership(membershipId=number, username=username, reflection=f"{n}", **ids, **changes))
    for n in range(start, start + size):
        fields = [{"name": "n", "value": f"{n}{changes}"}]
        records.append(an_organization(organizationId=ORGANIZATION + n, customFields=fields))
        records.append(a_position(positionId=POSITION + n, organizationId=ORGANIZATION + n, active=not changes))
        records.append(a_user(userId=USER + n, username=f"person-{n}", cardId=f"{n}{len(changes)}"))
    return records


@pytest.mark.parametrize("changes", [{}, {"positionRecordedEndDate": LAST_DAY}], ids=["unchanged", "changed"])
@pytest.mark.django_db
def test_queries_do_not_grow_with_the_rows(run_import: Importer, changes: dict[str, Any]) -> None:
    run_import(campus(1, start=2_000))  # the first import of all also builds indexes
    asked = []
    for size, start in ((2, 0), (40, 1_000)):
        with CaptureQueriesContext(connection) as created:
            run_import(campus(size, start=start))
        with CaptureQueriesContext(connection) as again:
            run_import(campus(size, start=start, **changes))
        asked.append((len(created), len(again)))

    assert asked[1] == asked[0]


@pytest.mark.django_db
def test_the_first_import_builds_the_indexes_of_memberships_afterwards(run_import: Importer) -> None:
    with CaptureQueriesContext(connection) as queries:
        run_import(campus(2))
    with CaptureQueriesContext(connection) as again:
        run_import(campus(2, start=1_000))

    asked = [query["sql"] for query in queries]
    assert any(sql.startswith("CREATE INDEX membership_by_position ") for sql in asked)
    assert not any("INDEX" in query["sql"] for query in again)


@pytest.mark.both_databases
def test_many_batches_are_written_like_one(run_import: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "BATCH_SIZE", 3)

    run_import(campus(4))

    assert [model.objects.count() for model in (Membership, Organization, Position, User)] == [8, 8, 8, 8]
    assert "Nothing has changed" in run_import(campus(4))
