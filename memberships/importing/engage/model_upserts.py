"""The upsert of each kind of record."""

from typing import Any

from django.utils import timezone

from memberships.importing.engage.diff import placeholder
from memberships.importing.engage.merge_detection import MergeRefusals
from memberships.importing.errors import ImportErrors, RecordLocation
from memberships.importing.upsert import Batch, RecordValues, RowCounts, Upsert, bulk_update, insert
from memberships.models import Membership, Reflection
from organizations.models import CustomField, Organization, Position
from roster import days
from roster.models import User

UNCLEAR = "It is not clear which account user {} was merged into."


class UserUpsert(Upsert):
    model = User
    also = frozenset({"attribute_times", "last_login", "username", *User.DATED_ATTRIBUTES})

    def changes(self, kept: RecordValues, given: RecordValues) -> RecordValues:
        """A dated attribute that changes without a time gets the current time; the last sign-in never gets earlier."""
        changes = super().changes(kept, {c: v for c, v in given.items() if c not in {"attribute_times", "last_login"}})
        times = User.times_after(kept["attribute_times"], changes) | given.get("attribute_times", {})
        if times != kept["attribute_times"]:
            changes["attribute_times"] = times
        last, seen = given.get("last_login"), kept["last_login"]
        if last and (seen is None or days.milliseconds(seen) < days.milliseconds(last)):
            changes["last_login"] = last
        if "username" in changes and kept["username"] == placeholder(kept["pk"]):
            changes.setdefault("status", given.get("status", User.Status.ACTIVE))
        return changes


class OrganizationUpsert(Upsert):
    model = Organization
    parts = frozenset({"categories", "custom_fields"})

    def write_parts(self, batch: Batch) -> set[int]:
        categorized = self._write_categories(batch)
        self.shown_parts |= categorized
        return categorized | self._write_custom_fields(batch)

    def _write_categories(self, batch: Batch) -> set[int]:
        through: Any = Organization.categories.through
        numbers = [number for number, values in batch.items() if "categories" in values]
        given = {(number, category_id) for number in numbers for category_id in batch[number]["categories"]}
        rows = through.objects.filter(organization__in=numbers).values_list("pk", "organization_id", "category_id")
        kept = {(organization_id, category_id): pk for pk, organization_id, category_id in rows}
        removed, new = kept.keys() - given, sorted(given - kept.keys())
        through.objects.filter(pk__in=[kept[pair] for pair in removed]).delete()
        insert([through(organization_id=number, category_id=category_id) for number, category_id in new])
        return {number for number, _ in (*removed, *new)}

    def _write_custom_fields(self, batch: Batch) -> set[int]:
        """Write custom fields. Existing ones that are not in the record stay, because it may withhold them."""
        given = {(n, name): texts for n, values in batch.items() for name, texts in fields_of(values).items()}
        kept = {(row.organization_id, row.name): row for row in CustomField.objects.filter(organization__in=batch)}
        new = [
            CustomField(organization_id=number, name=name, values=texts)
            for (number, name), texts in given.items()
            if (number, name) not in kept
        ]
        changed = [kept[key] for key, texts in given.items() if key in kept and kept[key].values != texts]
        for row in changed:
            row.values = given[row.organization_id, row.name]
        insert(new)
        bulk_update(changed, ["values"])
        self.shown_parts |= {row.organization_id for row in (*new, *changed) if row.is_public}
        return {row.organization_id for row in (*new, *changed)}

    def follow(self, rows: list[Any], changes: Batch) -> None:
        """Update the order keys of the positions of renamed organizations."""
        renamed = [row.pk for row in rows if "name" in changes[row.pk]]
        if renamed:
            Position.objects.filter(organization__in=renamed).update_order_keys()


class PositionUpsert(Upsert):
    model = Position


class MembershipUpsert(Upsert):
    model = Membership
    parts = frozenset({"reflection", "deleted"})
    parts_are_of_row = False  # a reflection has its own time of modification
    also = frozenset({"deleted_at"})

    def __init__(self, count: RowCounts, import_errors: ImportErrors, refusals: MergeRefusals) -> None:
        super().__init__(count, import_errors)
        self.refusals = refusals
        self.survivors: dict[int, int] = {}
        """Ids of the surviving accounts by ids of the merged ones."""

    def check(self, kept: Batch, batch: Batch, locations: dict[int, RecordLocation]) -> None:
        for number, row in kept.items():
            values = batch[number]
            stored, sent = ((each["user_id"], each["position_id"]) for each in (row, values))
            if (self.survivors.get(stored[0], stored[0]), stored[1]) != sent:
                advice = (
                    f" {self.refusals.reason(stored[0], sent[0], UNCLEAR.format(stored[0]))}"
                    if stored[1] == sent[1]
                    else ""
                )
                self.import_errors.add(
                    locations[number],
                    "membershipId",
                    f"Membership {number} is of user {stored[0]} in position {stored[1]} here, and of user {sent[0]} "
                    f"in position {sent[1]} in this record.{advice}",
                )

    def rows_of(self, new: Batch) -> list[Any]:
        rows = super().rows_of(new)
        for row in rows:
            row.deleted_at = timezone.now() if new[row.pk].get("deleted") else None
        return rows

    def changes(self, kept: RecordValues, given: RecordValues) -> RecordValues:
        changes = super().changes(kept, given)
        deleted = given.get("deleted")
        if deleted is not None and deleted != (kept["deleted_at"] is not None):
            changes["deleted_at"] = timezone.now() if deleted else None
        return changes

    def write_parts(self, batch: Batch) -> set[int]:
        """Write the given reflections. A blank one may be withheld, so it does not delete an existing one."""
        given = {number: values["reflection"] for number, values in batch.items() if "reflection" in values}
        if not given:
            return set()
        kept = {row.pk: row for row in Reflection.objects.filter(pk__in=given)}
        changed = [row for number, row in kept.items() if row.text != given[number]]
        for row in changed:
            row.text = given[row.pk]
        new = [Reflection(membership_id=number, text=text) for number, text in given.items() if number not in kept]
        insert(new)
        Reflection.objects.bulk_update(changed, ["text"])
        return {row.pk for row in (*new, *changed)}


def fields_of(values: RecordValues) -> dict[str, list[str]]:
    """The custom fields in the record of an organization."""
    fields: dict[str, list[str]] = values.get("custom_fields", {})
    return fields
