"""Every column of an identifier has a constraint against what is met with and cannot be seen, on both databases."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, migrations, models, transaction

from roster.identifiers import HIDDEN, AddNothingHidden, NothingHidden, identifiers
from roster.models import User
from tests.cast import Cast
from tests.repository.test_ranges import label, write, write_a_row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FIELDS = identifiers()
REFUSED = [" a@b.edu", "a@b.edu ", *(f"a{text}b@c.edu" for text in HIDDEN)]
TAKEN = ["a@b.edu", "a b", "josé", "a%b", "a_b", "A-1:%20", "学生"]


def constraints(field: Any) -> list[models.CheckConstraint]:
    return [
        each
        for each in field.model._meta.constraints
        if isinstance(each, NothingHidden) and each.name.endswith(f"_{field.name}_has_nothing_hidden")
    ]


@pytest.mark.parametrize("field", FIELDS, ids=label)
def test_the_database_refuses_what_cannot_be_seen_and_nothing_else(field: Any) -> None:
    (constraint,) = constraints(field)
    with transaction.atomic():  # taken back before anybody asks what the row refers to
        write_a_row(field.model)
        for text in REFUSED:
            with pytest.raises(IntegrityError, match=constraint.name), transaction.atomic():
                write(field, text)
        for text in TAKEN:
            with transaction.atomic():
                write(field, text)
        transaction.set_rollback(True)


@pytest.mark.parametrize("text", REFUSED)
def test_validation_refuses_all_that_the_database_does(text: str) -> None:
    assert {label(field) for field in FIELDS if not refuses(field, text)} == set()


def refuses(field: Any, text: str) -> bool:
    try:
        field.run_validators(text)
    except Exception as error:
        return "No spaces stand around it." in str(error) or "cannot be seen" in str(error)
    return False


def test_the_migration_stops_and_names_the_rows(cast: Cast) -> None:
    bad = models.CheckConstraint(condition=~models.Q(username__startswith="amara"), name="x")
    step = AddNothingHidden([migrations.AddConstraint(model_name="user", constraint=bad)])
    state: Any = SimpleNamespace(apps=apps)

    with pytest.raises(CommandError) as error:
        step.database_forwards("roster", SimpleNamespace(connection=connection), state, state)

    told = str(error.value).splitlines()
    assert told[0].startswith("Nothing was migrated: identifiers have no spaces around them")
    assert told[1:-1] == [f"roster_user {cast.amara.pk}: username is 'amara.okafor'"]
    assert "list_bad_identifiers" in told[-1]


def test_a_clean_database_is_migrated(cast: Cast) -> None:
    (constraint,) = constraints(User._meta.get_field("username"))
    step = AddNothingHidden([])

    assert step.offending(User, constraint, SimpleNamespace(connection=connection)) == []


def test_the_command_lists_what_would_be_refused_and_what_would_be_one(cast: Cast) -> None:
    models.QuerySet(User).filter(pk=cast.amara.pk).update(sis_id="S\u206610", campus_email="amara\u2066@example.edu")
    models.QuerySet(User).filter(pk=cast.ben.pk).update(sis_id="S10", campus_email="ben@example.edu")
    output = io.StringIO()

    call_command("list_bad_identifiers", stdout=output)

    first, second = sorted([cast.amara.pk, cast.ben.pk])
    cannot = "It has a character that cannot be seen, or a space that is none of the usual ones. Type it anew."
    assert output.getvalue().splitlines() == [
        f"user {cast.amara.pk}: campus e-mail is 'amara\\u2066@example.edu'. {cannot}",
        f"user {cast.amara.pk}: SIS id is 'S\\u206610'. {cannot}",
        f"user {first} and {second}: SIS id would both be 'S10': are they one?",
        "2 to change.",
    ]


def test_the_command_says_when_there_is_none(cast: Cast) -> None:
    output = io.StringIO()

    call_command("list_bad_identifiers", stdout=output)

    assert output.getvalue() == "No stored identifier would be refused.\n"
