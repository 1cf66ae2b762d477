from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organizations.management.commands.list_api_keys import format_instant, printable
from roster.models import ApiKey
from roster.secrets import KEY_MARK


class Command(BaseCommand):
    """Revoke a key, immediately and permanently. Revoking it again changes nothing."""

    help = "Revoke an API key, immediately and permanently."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "key", metavar="PREFIX", help="the prefix or public key, as list_api_keys shows it, or the whole key"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        prefix = prefix_of(options["key"])
        key = ApiKey.objects.filter(prefix=prefix).first() if prefix.isprintable() else None
        if key is None:
            raise CommandError("There is no such key. list_api_keys shows the prefixes of all keys.")
        name = f"{printable(key.name)} ({key.prefix})"
        if key.revoked_at is not None:
            self.stdout.write(f"{name} was already revoked, on {format_instant(key.revoked_at)}.")
            return
        key.revoke(on=timezone.now())
        self.stdout.write(f"{name} is revoked. Requests with it are refused from now on.", self.style.SUCCESS)


def prefix_of(text: str) -> str:
    """The prefix from the given text, which is the prefix or a whole key."""
    parts = text.strip().split("_")
    return parts[1] if len(parts) > 1 and parts[0] == KEY_MARK else parts[0]
