"""`manage.py import_engage`: import the roster of an Engage site, from recorded responses or from the site."""

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
"""Options that are only valid with --url."""

GUIDE = "docs/moving-from-engage.md says what to do."


class Command(BaseCommand):
    help = (
        "Import memberships, organizations, positions and users of a CollegiateLink / Engage site, and keep their ids. "
        "All records are imported, or none. A second run changes only what is different."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            metavar="FILE",
            help="Recorded responses: an envelope with items, a list of envelopes or records, or a record.",
        )
        parser.add_argument(
            "--url", metavar="SITE", help="Download from this live site, such as https://campus.example.edu"
        )
        parser.add_argument(
            "--key", help=f"The API key of that site. Safer in the environment variable {KEY_VARIABLE}."
        )
        parser.add_argument("--public-key", help="The public key, for signed queries.")
        parser.add_argument(
            "--private-key", help=f"The private key. Safer in the environment variable {PRIVATE_KEY_VARIABLE}."
        )
        parser.add_argument(
            "--digest", choices=DIGESTS, default=DIGESTS[0], help="The hash of signed queries (default: %(default)s)."
        )
        parser.add_argument(
            "--address",
            default="",
            help="The IP address that the signing key is bound to: the address of this machine as the site sees it.",
        )
        parser.add_argument(
            "--spool",
            type=Path,
            metavar="DIR",
            help="Folder for downloaded pages until their import (default: under /var/lib/campus-roster, or var/).",
        )
        parser.add_argument(
            "--floor-dates",
            action="store_true",
            help="Round dates that are not midnight in WIRE_TIME_ZONE down to their day, instead of refusing them.",
        )
        parser.add_argument(
            "--accept-renames",
            action="store_true",
            help="Accept a different name for the same id, of organizations, campus lists and people.",
        )
        parser.add_argument(
            "--accept-merges",
            action="store_true",
            help="Merge the people that were merged at the source. The responses must include its list of all users.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Do everything and report it, but save nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["files"]) == bool(options["url"]):
            raise CommandError("Give the files to import, or the site to download from with --url.")
        if options["files"]:
            unknown = [name for name in SITE_OPTIONS if options[name]]
            if unknown:
                raise CommandError(f"--{unknown[0].replace('_', '-')} can only be used with --url, not with files.")
            self.report_progress(self.imported([Source.of(name) for name in options["files"]], options))
        else:
            self.import_site(options)

    def import_site(self, options: dict[str, Any]) -> None:
        """Download from a site and import its pages like files."""
        download_checkpoint = self.pulled(options)
        try:
            report = self.imported(list(download_checkpoint.sources()), options)
        except CommandError as error:
            kept = f"The downloaded pages are kept in {download_checkpoint.folder}. Remove it to download them again."
            raise CommandError(f"{error}\n{kept}") from error
        report.notes += notes(download_checkpoint)
        self.report_progress(report)
        if options["dry_run"]:
            self.stdout.write(
                f"The pages are kept in {download_checkpoint.folder}. The next run imports them without a download."
            )
        else:
            download_checkpoint.remove()

    def pulled(self, options: dict[str, Any]) -> DownloadCheckpoint:
        """All pages of a site. CommandError if the download fails; the downloaded pages stay in its folder."""
        credential = credential_of(options)
        try:
            with Site(options["url"], credential, report_progress=self.stderr.write) as site:
                folder = options["spool"] or DownloadCheckpoint.default_folder(site.base)
                download_checkpoint = DownloadCheckpoint(folder, site.base, keyed_hash(credential.fingerprint))
                if download_checkpoint.open():
                    self.stderr.write(f"Continuing the download of {download_checkpoint.started}, in {folder}.")
                try:
                    download(site, download_checkpoint)
                except (SiteFailed, KeyboardInterrupt) as error:
                    kept = f"The downloaded pages are kept in {folder}. Run the same command again to continue."
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
    """The credential from the options and the environment. CommandError if there is none or more than one."""
    private_key = options["private_key"] or os.environ.get(PRIVATE_KEY_VARIABLE)
    is_signed = bool(options["public_key"] or options["private_key"])
    key = options["key"] or (None if is_signed else os.environ.get(KEY_VARIABLE))
    if key and not is_signed:
        if options["address"]:
            raise CommandError(
                "--address can only be used with --public-key: only a signed query has the address in its hash."
            )
        credential: SiteCredential = BearerCredential(key)
    elif options["public_key"] and private_key and not key:
        credential = SignedCredential(options["public_key"], private_key, options["digest"], options["address"])
    else:
        raise CommandError(
            f"Give --key (or {KEY_VARIABLE} in the environment), or --public-key and "
            f"--private-key (or {PRIVATE_KEY_VARIABLE})."
        )
    if not re.fullmatch(r"[!-~]+", credential.fingerprint):
        raise CommandError(
            "A key has no spaces, line breaks or letters with accents. Check that it was copied completely."
        )
    return credential
