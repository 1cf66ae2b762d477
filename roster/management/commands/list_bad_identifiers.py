from typing import Any

from django.core.management.base import BaseCommand

from roster.identifiers import identifiers, refused, same_as


class Command(BaseCommand):
    help = (
        "List identifiers from before that would be refused today, with what cannot be seen written out, and the rows "
        "that would have one identifier without it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for field in identifiers():
            label = f"{field.model._meta.verbose_name} {{}}: {field.verbose_name}"
            texts = set()
            for number, text, reason in refused(field):
                self.stdout.write(f"{label.format(number)} is {text!a}. {reason}")
                texts.add(text)
                found += 1
            for key, numbers in same_as(field, texts).items():
                together = " and ".join(map(str, numbers))
                self.stdout.write(f"{label.format(together)} would both be {key!r}: are they one?")
        self.stdout.write(f"{found:,} to change." if found else "No stored identifier would be refused.")
