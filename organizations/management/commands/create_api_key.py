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
"""From this day on, a day ends after the last instant that can be stored, in some time zones."""


class Command(BaseCommand):
    """Create a key, completely or not at all. Only its secret goes to standard output, so that it can be piped."""

    help = (
        "Create an API key. Only its secret is printed on standard output, and only once: the key itself, or with "
        "--signed the public key and the private key, one on each line. Standard error says what the key may do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="who will use the key, and for what")
        parser.add_argument("--audience", required=True, choices=Level.values, help="what the key may read")
        parser.add_argument(
            "--reflections", action="store_true", help="the key may read reflections (only a staff key)"
        )
        parser.add_argument(
            "--organization",
            metavar="ID",
            nargs="+",
            action="extend",
            default=[],
            help="limit the key to the organizations with these ids",
        )
        parser.add_argument(
            "--rate", metavar="PER_MINUTE", default=DEFAULT_RATE, help=f"requests a minute (default: {DEFAULT_RATE})"
        )
        parser.add_argument(
            "--expires", metavar="DATE", help="the last day on campus on which the key is valid, such as 2027-06-30"
        )
        parser.add_argument(
            "--network",
            metavar="CIDR",
            nargs="+",
            action="extend",
            default=[],
            help="the only networks from which the key may be used, such as 192.0.2.0/24",
        )
        parser.add_argument(
            "--signed", action="store_true", help="create a pair of keys that signs queries, for older clients"
        )
        parser.add_argument(
            "--bound-to",
            metavar="ADDRESS",
            help="of a signed key: the only IP address from which it may be used, which is part of the signature",
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
                # Print before the commit, so that a key is not stored if its secret cannot be printed.
                self.stderr.write(summary(key), self.style.SUCCESS)
                self.stdout.write(f"{key.prefix}\n{secret}" if options["signed"] else secret)
                self.stdout.flush()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except OSError as error:
            raise CommandError("No key was created, because its secret could not be printed.") from error


def key_fields(options: dict[str, Any]) -> dict[str, Any]:
    """The fields of the key from the options. CommandError if options contradict each other."""
    for option in ("bound_to", "allow_md5"):
        if options[option] and not options["signed"]:
            raise CommandError(f"--{option.replace('_', '-')} is for keys that sign queries: add --signed.")
    if options["reflections"] and options["audience"] != Level.STAFF:
        raise CommandError("Only a staff key may read reflections: use --reflections with --audience staff.")
    networks = [network_of(text) for text in options["network"]]
    bound_to = address_of(options["bound_to"]) if options["bound_to"] else None
    if bound_to and networks and not any(bound_to in network for network in networks):
        raise CommandError(f"A key bound to {bound_to} cannot be used from {', '.join(map(str, networks))}.")
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
        raise CommandError(f"--rate must be a whole number of requests a minute, 1 or more, not {text!r}.")
    return int(text)


def expiry_of(text: str) -> dt.datetime:
    """The end of the last day on campus on which a key is valid."""
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise CommandError(f"--expires must be a day such as 2027-06-30, not {text!r}.") from error
    if day >= EXPIRY_TOO_LATE:
        raise CommandError(f"--expires {text} is too late: the day must be before {EXPIRY_TOO_LATE}.")
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    if day < days.today():
        raise CommandError(f"--expires {text} is in the past: the key would never be valid.")
    return end


def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise CommandError(
            f"--network must be a network such as 192.0.2.0/24 or 2001:db8::/32, not {text!r}."
        ) from error


def address_of(text: str) -> Address:
    address = parse_address(text)
    if address is None:
        raise CommandError(f"--bound-to must be one address such as 192.0.2.7, not {text!r}.")
    return address


def organizations_of(texts: list[str]) -> list[Organization]:
    """The organizations with these ids, each once. CommandError names all ids without an organization."""
    numbers = {text: int(text) for text in map(str, texts) if re.fullmatch("[0-9]{1,10}", text)}
    found = Organization.objects.in_bulk({number for number in numbers.values() if number <= MAX_NUMBER})
    missing = [str(text) for text in texts if numbers.get(str(text)) not in found]
    if missing:
        raise CommandError(f"There is no organization {', '.join(missing)}. --organization expects ids.")
    return list(found.values())


def summary(key: ApiKey) -> str:
    """What the new key may do, for the person who created it."""
    until = [f"valid until {last_day(key.expires_at)}, that day included"] if key.expires_at else []
    may = "; ".join([f"audience {key.audience}", f"{key.rate} requests a minute", *format_limits(key), *until])
    secret = "Its public key and its private key are" if key.kind == ApiKey.Kind.SIGNED else "It is"
    return f"Created the key of {key.name}: {may}. {secret} printed only this once."
