import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lti.core import urls
from lti.models import Invitation


class Command(BaseCommand):
    help = "Invite a tool to register itself, and print, as one JSON object, the values for its registration page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Which tool is invited, by whom.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invitation, token = Invitation.create(options["name"], on=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        values = {
            "openid_configuration": urls.configuration_url(),
            "registration_token": token,
            "expires": invitation.expires_at.isoformat(),
        }
        self.stdout.write(json.dumps(values, indent=2))
