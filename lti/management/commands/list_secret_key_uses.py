from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.management.base import BaseCommand
from django.utils import timezone

from lti.models import PlatformKey
from organizations.management.commands.list_api_keys import format_instant, printable, table
from roster import secrets
from roster.models import ApiKey

CURRENT = 0
UNKNOWN = "not noted: the one in use when it was made"
COLUMNS = ("WHAT", "NAME", "MADE", "NEEDS")

Use = tuple[str, str, str, str]


class Command(BaseCommand):
    help = "List what depends on another SECRET_KEY than the current one: whether its fallbacks can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        uses = [*api_keys(), *lti_keys(), *sessions()]
        if not uses:
            self.stdout.write("Nothing depends on another SECRET_KEY than the current one.")
            return
        for line in table([COLUMNS, *uses]):
            self.stdout.write(line)


def needed(index: int | None) -> str:
    """Which SECRET_KEY something depends on, as text."""
    return "a key that is not in use: it does not work" if index is None else f"fallback {index}"


def api_keys() -> Iterator[Use]:
    """The API keys in force. For old bearer keys it was not stored on which SECRET_KEY they depend."""
    for key in ApiKey.objects.in_force(on=timezone.now()).order_by("name", "id"):
        name, made = f"{printable(key.name)} ({key.prefix})", format_instant(key.created_at)
        if key.kind == ApiKey.Kind.SIGNED:
            index, what = secrets.secret_key_index_of_encrypted(key.private_key_encrypted), "signed-query key"
        elif not key.secret_key_id:
            yield "bearer key", name, made, UNKNOWN
            continue
        else:
            index, what = secrets.secret_key_index_of_id(key.secret_key_id), "bearer key"
        if index != CURRENT:
            yield what, name, made, needed(index)


def lti_keys() -> Iterator[Use]:
    """The key that signs for tools. Access tokens are left out, because they expire within an hour."""
    for key in PlatformKey.objects.filter(signs=True):
        index = secrets.secret_key_index_of_encrypted(key.private_key_encrypted)
        if index != CURRENT:
            yield "LTI key", key.kid, format_instant(key.created_at), needed(index)


def sessions() -> Iterator[Use]:
    """How many sessions depend on other keys."""
    salt, keys = SessionStore().key_salt, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    signers = [signing.TimestampSigner(key=key, salt=salt, fallback_keys=[]) for key in keys]
    indexes: Counter[int | None] = Counter()
    for data in Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_data", flat=True):
        indexes[next((index for index, signer in enumerate(signers) if is_signed(data, signer)), None)] += 1
    for index, number in sorted(indexes.items(), key=str):
        if index != CURRENT:
            yield "sessions", str(number), "-", needed(index)


def is_signed(data: str, signer: signing.Signer) -> bool:
    try:
        signer.unsign(data)
    except signing.BadSignature:
        return False
    return True
