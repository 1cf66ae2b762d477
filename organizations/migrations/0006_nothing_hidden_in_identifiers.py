"""Identifiers have no spaces around them and nothing that cannot be seen in them: a constraint for each column."""

from django.db import migrations, models

from roster.identifiers import AddNothingHidden

HIDDEN = (
    *("  ", "\t", "\n", "\r", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202e"),
    *("\u2060", "\u3000", "\ufeff"),
)
COLUMNS = [("organization", "organization", "email")]


def hidden(column: str) -> models.Q:
    found = models.Q(**{f"{column}__startswith": " "}) | models.Q(**{f"{column}__endswith": " "})
    for text in HIDDEN:
        found |= models.Q(**{f"{column}__contains": text})
    return found


CONSTRAINTS = [
    migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=~hidden(column),
            name=f"{prefix}_{column}_has_nothing_hidden",
            violation_error_message="No spaces stand around it, and nothing that cannot be seen stands in it.",
        ),
    )
    for model, prefix, column in COLUMNS
]


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0005_addresses_without_scheme"),
    ]

    operations = [
        AddNothingHidden(CONSTRAINTS),
    ]
