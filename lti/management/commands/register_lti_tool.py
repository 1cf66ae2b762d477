import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lti.core.tool_configuration import context_configuration, tool_configuration
from lti.models import Deployment, Tool, ToolApiKey, ToolKey
from organizations.models import Organization
from roster.privacy import Disclosure


class Command(BaseCommand):
    help = "Register an LTI tool and print, as one JSON object, the values that its administrator must copy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="What people call the tool.")
        keys = parser.add_mutually_exclusive_group(required=True)
        keys.add_argument("--jwks-url", default="", metavar="URL", help="Where the tool publishes its public keys.")
        keys.add_argument("--public-key", type=Path, metavar="FILE", help="The tool's public key, PEM or JWK.")
        parser.add_argument(
            "--redirect-uri",
            required=True,
            action="append",
            metavar="URL",
            help="Where an id_token may be sent; may be given several times.",
        )
        parser.add_argument("--login-url", required=True, metavar="URL", help="Where a launch begins.")
        parser.add_argument("--launch-url", metavar="URL", help="What a launch opens; else the first redirect URI.")
        parser.add_argument(
            "--deep-linking", action="store_true", help="The tool takes deep linking requests, at its launch URL."
        )
        parser.add_argument("--audience", required=True, choices=[code for code, _ in Tool.AUDIENCES])
        parser.add_argument("--disclosure", required=True, choices=list(Disclosure.values))
        parser.add_argument(
            "--organization",
            action="append",
            type=int,
            default=[],
            metavar="ID",
            help="Where the tool is used; may be given several times. Without it: on the whole campus.",
        )
        parser.add_argument(
            "--may-launch",
            action="store_true",
            help="Allow the API key to launch for people who are signed in to a portal.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = self.organizations(options["organization"])
        with transaction.atomic():
            tool = self.tool(options)
            deployment = Deployment.objects.create(tool=tool, is_campus_wide=not organizations)
            deployment.organizations.set(organizations)
            _, api_key = ToolApiKey.create(tool, may_launch=options["may_launch"])
            values = {
                **tool_configuration(deployment),
                "api_key": api_key,
                "contexts": context_configuration(deployment),
            }
        self.stdout.write(json.dumps(values, indent=2))

    def tool(self, options: dict[str, Any]) -> Tool:
        tool = Tool(
            name=options["name"],
            login_url=options["login_url"],
            target_link_url=options["launch_url"] or options["redirect_uri"][0],
            redirect_urls=options["redirect_uri"],
            supports_deep_linking=options["deep_linking"],
            jwks_url=options["jwks_url"],
            audience=options["audience"],
            disclosure=options["disclosure"],
        )
        try:
            tool.full_clean()
            key = ToolKey.read(tool, self.text_of(options["public_key"])) if options["public_key"] else None
        except ValidationError as error:
            raise CommandError(" ".join(f"{name}: {text}" for name, text in messages(error))) from error
        tool.save()
        if key:
            key.save()
        return tool

    @staticmethod
    def text_of(path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"--public-key {path} cannot be read ({type(error).__name__}).") from error

    @staticmethod
    def organizations(ids: list[int]) -> list[Organization]:
        found = {organization.pk: organization for organization in Organization.objects.filter(pk__in=ids)}
        if unknown := sorted(set(ids) - found.keys()):
            raise CommandError(f"--organization: there is no organization {', '.join(map(str, unknown))}.")
        return list(found.values())


ARGUMENTS = {
    "login_url": "--login-url",
    "target_link_url": "--launch-url",
    "redirect_urls": "--redirect-uri",
    "jwks_url": "--jwks-url",
}
"""The argument of each field, if it has another name."""


def messages(error: ValidationError) -> list[tuple[str, str]]:
    """The messages of a validation error, each with its argument."""
    if hasattr(error, "error_dict"):
        found = [(name, text) for name, texts in error.message_dict.items() for text in texts]
        return [(ARGUMENTS.get(name, name), text) for name, text in found]
    return [("--public-key", text) for text in error.messages]
