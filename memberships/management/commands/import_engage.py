"""`manage.py import_engage`: the roster of a CollegiateLink / Engage site, from recorded answers or the live site."""

import os
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from memberships.importing.engage.checkpoint import CheckpointUnusable, DownloadCheckpoint
from memberships.importing.engage.credentials import DIGESTS, BearerCredential, SignedCredential, SiteCredential
from memberships.importing.engage.download import download, notes
from memberships.importing.engage.pipeline import ImportRefused, import_records
from memberships.importing.engage.report import ImportReport
from memberships.importing.engage.site_client import Site, SiteFailed
from memberships.importing.engage.sources import Source
from roster.secrets import keyed_hash

KEY_VARIABLE, PRIVATE_KEY_VARIABLE = "ENGAGE_KEY", "ENGAGE_PRIVATE_KEY"
SITE_OPTIONS = ("key", "public_key", "private_key", "address", "spool")
"""Options that only a pull from a site has."""

GUIDE = "docs/moving-from-engage.md tells what to do."


class Command(BaseCommand):
    help = (
        "Import memberships, organizations, positions and users of a CollegiateLink / Engage site, and keep their ids. "
        "All or nothing; a second run changes only what differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            metavar="FILE",
            help="Recorded answers: an envelope with items, a list of envelopes or records, or a record, of any kind.",
        )
        parser.add_argument("--url", metavar="SITE", help="Pull from this live site: https://campus.example.edu")
        parser.add_argument("--key", help=f"The key of that site. Better in the environment, as {KEY_VARIABLE}.")
        parser.add_argument("--public-key", help="The public key, where the site's queries are signed.")
        parser.add_argument(
            "--private-key", help=f"The private key. Better in the environment, as {PRIVATE_KEY_VARIABLE}."
        )
        parser.add_argument(
            "--digest", choices=DIGESTS, default=DIGESTS[0], help="The hash of signed queries (default: %(default)s)."
        )
        parser.add_argument(
            "--address", default="", help="The address that a signing key is bound to, as the site sees this machine."
        )
        parser.add_argument(
            "--spool",
            type=Path,
            metavar="DIR",
            help="Where pulled pages wait until they are imported (default: under /var/lib/campus-roster, or var/).",
        )
        parser.add_argument(
            "--floor-dates",
            action="store_true",
            help="Take dates that are no midnight in WIRE_TIME_ZONE for the day they lie in, instead of refusing them.",
        )
        parser.add_argument(
            "--accept-renames",
            action="store_true",
            help="Take another name of the same id for a new one, of organizations, campus lists and people.",
        )
        parser.add_argument(
            "--accept-merges",
            action="store_true",
            help="Merge people here who were merged at the source. Its list of all users has to be among the answers.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Do everything, report it, and take it back.")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["files"]) == bool(options["url"]):
            raise CommandError("Name the files to import, or the site to pull from with --url.")
        if options["files"]:
            unknown = [name for name in SITE_OPTIONS if options[name]]
            if unknown:
                raise CommandError(f"--{unknown[0].replace('_', '-')} goes with --url, not with files.")
            self.report_progress(self.imported([Source.of(name) for name in options["files"]], options))
        else:
            self.import_site(options)

    def import_site(self, options: dict[str, Any]) -> None:
        """Pull from a site and import its pages as if they were files."""
        download_checkpoint = self.pulled(options)
        try:
            report = self.imported(list(download_checkpoint.sources()), options)
        except CommandError as error:
            kept = f"The pages that were read stay in {download_checkpoint.folder}. Remove it to pull anew."
            raise CommandError(f"{error}\n{kept}") from error
        report.notes += notes(download_checkpoint)
        self.report_progress(report)
        if options["dry_run"]:
            self.stdout.write(f"The pages stay in {download_checkpoint.folder}: the next run imports them as they are.")
        else:
            download_checkpoint.remove()

    def pulled(self, options: dict[str, Any]) -> DownloadCheckpoint:
        """All pages of a site. CommandError when it fails; what was read stays in its folder."""
        credential = credential_of(options)
        try:
            with Site(options["url"], credential, report_progress=self.stderr.write) as site:
                folder = options["spool"] or DownloadCheckpoint.default_folder(site.base)
                download_checkpoint = DownloadCheckpoint(folder, site.base, keyed_hash(credential.fingerprint))
                if download_checkpoint.open():
                    self.stderr.write(f"Going on with the pull of {download_checkpoint.started}, in {folder}.")
                try:
                    download(site, download_checkpoint)
                except (SiteFailed, KeyboardInterrupt) as error:
                    kept = f"Pages that were read are kept in {folder}: run the same again to go on."
                    raise CommandError(f"{str(error) or 'Interrupted.'} {kept}") from error
        except (SiteFailed, CheckpointUnusable) as error:
            raise CommandError(str(error)) from error
        return download_checkpoint

    def imported(self, sources: list[Source], options: dict[str, Any]) -> ImportReport:
        flags = {name: options[name] for name in ("floor_dates", "accept_renames", "accept_merges", "dry_run")}
        try:
            return import_records(sources, **flags)
        except ImportRefused as error:
            raise CommandError(f"Nothing was imported. Records are counted from 1.\n{error}\n{GUIDE}") from error

    def report_progress(self, report: ImportReport) -> None:
        self.stdout.write("\n".join(report.lines()))


def credential_of(options: dict[str, Any]) -> SiteCredential:
    """The credential that the options and the environment give. CommandError when it is not exactly one."""
    private_key = options["private_key"] or os.environ.get(PRIVATE_KEY_VARIABLE)
    is_signed = bool(options["public_key"] or options["private_key"])
    key = options["key"] or (None if is_signed else os.environ.get(KEY_VARIABLE))
    if key and not is_signed:
        if options["address"]:
            raise CommandError("--address goes with --public-key: no other key has the address in a hash.")
        credential: SiteCredential = BearerCredential(key)
    elif options["public_key"] and private_key and not key:
        credential = SignedCredential(options["public_key"], private_key, options["digest"], options["address"])
    else:
        raise CommandError(
            f"A site is asked with --key (or {KEY_VARIABLE} in the environment), or with --public-key and "
            f"--private-key (or {PRIVATE_KEY_VARIABLE})."
        )
    if not re.fullmatch(r"[!-~]+", credential.fingerprint):
        raise CommandError("A key has no spaces, line breaks and letters with accents. Was it copied whole?")
    return credential
