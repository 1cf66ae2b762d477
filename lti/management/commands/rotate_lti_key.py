from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lti.models import PlatformKey
from lti.querysets import PUBLISHED_AFTER_RETIRING


class Command(BaseCommand):
    help = "Sign id_tokens with a new key from now on; the previous one stays published for a month."

    def handle(self, *args: Any, **options: Any) -> None:
        key = PlatformKey.rotate(on=timezone.now())
        self.stdout.write(
            f"Key {key.kid} signs from now on. The previous one, if there was one, "
            f"stays published for {PUBLISHED_AFTER_RETIRING.days} days more."
        )
