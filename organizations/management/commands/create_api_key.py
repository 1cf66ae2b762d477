import datetime as dt
import ipaddress
import re
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organizations.management.commands.list_api_keys import format_limits, last_day
from organizations.models import LimitedKey, Organization
from roster import days
from roster.api.client_address import Address, parse_address
from roster.models import ApiKey
from roster.models.api_key import DEFAULT_RATE
from roster.names import validate_name
from roster.privacy import Level

MAX_NUMBER = 2**31 - 1

EXPIRY_TOO_LATE = days.LATEST.date()
"""Days from then on end after the last instant that is kept, in some zone."""


class Command(BaseCommand):
    """Make a key, all of it or nothing. Only its secret goes to standard output, so that it can be piped away."""

    help = (
        "Make an API key. Its secret stands alone on standard output, this once: the key itself, or with --signed the "
        "public key and the private key, one a line. What it may do is told on standard error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="who will use the key, and for what")
        parser.add_argument("--audience", required=True, choices=Level.values, help="what the key may know")
        parser.add_argument("--reflections", action="store_true", help="it may read reflections (a staff key only)")
        parser.add_argument(
            "--organization",
            metavar="ID",
            nargs="+",
            action="extend",
            default=[],
            help="it sees these organizations, by id, and nothing beside",
        )
        parser.add_argument(
            "--rate", metavar="PER_MINUTE", default=DEFAULT_RATE, help=f"requests a minute ({DEFAULT_RATE})"
        )
        parser.add_argument("--expires", metavar="DATE", help="the last day on campus that it works, as 2027-06-30")
        parser.add_argument(
            "--network",
            metavar="CIDR",
            nargs="+",
            action="extend",
            default=[],
            help="it may be used from these networks only, as 192.0.2.0/24",
        )
        parser.add_argument("--signed", action="store_true", help="a pair of keys that signs queries, for old clients")
        parser.add_argument(
            "--bound-to", metavar="ADDRESS", help="of a signed key: the one address it comes from, which it signs"
        )
        parser.add_argument("--allow-md5", action="store_true", help="of a signed key: accept MD5 hashes too")

    def handle(self, *args: Any, **options: Any) -> None:
        fields, organizations = key_fields(options), organizations_of(options["organization"])
        create = ApiKey.create_signed if options["signed"] else ApiKey.create_bearer
        try:
            with transaction.atomic():
                key, secret = create(**fields, is_limited=bool(organizations))
                for organization in organizations:
                    LimitedKey.objects.create(api_key=key, organization=organization)
                # Printed before it is kept: a key that nobody has read must not be left behind.
                self.stderr.write(summary(key), self.style.SUCCESS)
                self.stdout.write(f"{key.prefix}\n{secret}" if options["signed"] else secret)
                self.stdout.flush()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except OSError as error:
            raise CommandError("No key was made, because its secret could not be printed.") from error


def key_fields(options: dict[str, Any]) -> dict[str, Any]:
    """The fields of the key that the options ask for. CommandError for what does not go together."""
    for option in ("bound_to", "allow_md5"):
        if options[option] and not options["signed"]:
            raise CommandError(f"--{option.replace('_', '-')} is for keys that sign queries: add --signed.")
    if options["reflections"] and options["audience"] != Level.STAFF:
        raise CommandError("Only a staff key may read reflections: --reflections goes with --audience staff.")
    networks = [network_of(text) for text in options["network"]]
    bound_to = address_of(options["bound_to"]) if options["bound_to"] else None
    if bound_to and networks and not any(bound_to in network for network in networks):
        raise CommandError(f"A key bound to {bound_to} is never used from {', '.join(map(str, networks))}.")
    fields = {
        "name": valid_name(options["name"]),
        "audience": options["audience"],
        "may_read_reflections": options["reflections"],
        "rate": rate_of(str(options["rate"])),
        "expires_at": expiry_of(options["expires"]) if options["expires"] is not None else None,
        "networks": [str(network) for network in networks],
    }
    return {**fields, "bound_to": bound_to and str(bound_to), "allow_md5": options["allow_md5"]}


def valid_name(text: str) -> str:
    if not text.strip():
        raise CommandError("A key needs a name that says who uses it, and for what.")
    try:
        validate_name(text)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return text.strip()


def rate_of(text: str) -> int:
    if not (re.fullmatch("[0-9]{1,10}", text) and 1 <= int(text) <= MAX_NUMBER):
        raise CommandError(f"--rate is a whole number of requests a minute, 1 or more, not {text!r}.")
    return int(text)


def expiry_of(text: str) -> dt.datetime:
    """The end of a day on campus, the last that a key works."""
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise CommandError(f"--expires is a day, as 2027-06-30, not {text!r}.") from error
    if day >= EXPIRY_TOO_LATE:
        raise CommandError(f"--expires {text} is too late: a day before {EXPIRY_TOO_LATE} is accepted.")
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    if day < days.today():
        raise CommandError(f"--expires {text} is over already: the key would never work.")
    return end


def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise CommandError(f"--network takes networks, as 192.0.2.0/24 or 2001:db8::/32, not {text!r}.") from error


def address_of(text: str) -> Address:
    address = parse_address(text)
    if address is None:
        raise CommandError(f"--bound-to takes one address, as 192.0.2.7, not {text!r}.")
    return address


def organizations_of(texts: list[str]) -> list[Organization]:
    """The organizations of these ids, each once. CommandError names every one that there is not."""
    numbers = {text: int(text) for text in map(str, texts) if re.fullmatch("[0-9]{1,10}", text)}
    found = Organization.objects.in_bulk({number for number in numbers.values() if number <= MAX_NUMBER})
    missing = [str(text) for text in texts if numbers.get(str(text)) not in found]
    if missing:
        raise CommandError(f"There is no organization {', '.join(missing)}. --organization takes ids.")
    return list(found.values())


def summary(key: ApiKey) -> str:
    """What the new key may do, for the person who made it."""
    until = [f"works until {last_day(key.expires_at)}, that day included"] if key.expires_at else []
    may = "; ".join([f"audience {key.audience}", f"{key.rate} requests a minute", *format_limits(key), *until])
    what = "Its public key and its private key follow" if key.kind == ApiKey.Kind.SIGNED else "It follows"
    return f"Made the key of {key.name}: {may}. {what}, this once."
