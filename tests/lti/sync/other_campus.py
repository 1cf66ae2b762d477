"""Another site of this server, with a process and a database of its own, in the place of an LMS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lti.models import Course, LearningPlatform, PlatformDeployment, PlatformKey
from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT
from tests.serving import Site, serving

COURSE = """
from lti.models import Context
from memberships.models import Membership
from organizations.models import Organization, Position, PositionTemplate, PositionType
from roster.models import User

word = PositionType.objects.create(name="Member")
course = Organization.objects.create(name="General Chemistry", short_name="CHEM 101")
for name in ("Learner", "Instructor"):
    uri = "http://purl.imsglobal.org/vocab/lis/v2/membership#" + name
    template = PositionTemplate.objects.create(name=name, default_type=word, lti_roles=[uri])
    Position.objects.create(organization=course, template=template, name=name)
"""
"""A course and the roles in it."""

ENROL = """
import datetime, json, sys
people = json.loads({people!r})
position = Position.objects.get(name={role!r})
users = User.objects.bulk_create(
    [User(username=name, username_folded=name, last_name=name, campus_email=email) for name, email in people]
)
start = datetime.date(2024, 9, 1)
flags = {{"shown_on_campus": True, "shown_on_public": False}}
Membership.objects.bulk_create(
    [Membership(user=user, position=position, recorded_start=start, **flags) for user in users]
)
"""
IMPORTS = COURSE.partition("\nword")[0]


class OtherCampus:
    """The other site: a course in it, people in the course, and tools that read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder}/other.sqlite3"
        self.site_url = "http://127.0.0.1"
        self.site: Site | None = None
        self.manage("migrate", "--verbosity", "0")
        self.run(COURSE)

    @contextmanager
    def serve(self) -> Iterator["OtherCampus"]:
        with serving(self.folder, workers=1, DATABASE_URL=self.database) as self.site:
            self.site_url = self.site.url
            yield self

    def manage(self, *arguments: str) -> str:
        """What a command of the other site prints."""
        environment = {**os.environ, **ENVIRONMENT, "DATABASE_URL": self.database, "SITE_URL": self.site_url}
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    def run(self, code: str) -> str:
        """What a program at the other site prints."""
        return self.manage("shell", "--verbosity", "0", "--command", IMPORTS + "\n" + code).strip()

    def enrol(self, role: str, people: dict[str, str]) -> None:
        """Put people into the course: their e-mail addresses by username."""
        self.run(ENROL.format(people=json.dumps(list(people.items())), role=role))

    def drop(self, *usernames: str) -> None:
        """End what these people hold, yesterday."""
        self.run(f"Membership.objects.filter(user__username__in={usernames!r}).update(recorded_end='2024-12-31')")

    def link(self, *, disclosure: str = "all") -> Course:
        """The course, as it is known here after this server was registered as a tool over there."""
        key = self.folder / "key.json"
        key.write_text(json.dumps(PlatformKey.signing().public_jwk))
        fields: dict[str, Any] = json.loads(
            self.manage(
                *("register_lti_tool", "Roster", "--public-key", str(key), "--audience", "campus"),
                *("--disclosure", disclosure, "--redirect-uri", "https://roster.example.edu/launch"),
                *("--login-url", "https://roster.example.edu/login"),
            )
        )
        platform = LearningPlatform.objects.create(
            name="Campus LMS",
            issuer=fields["issuer"],
            client_id=fields["client_id"],
            authorization_url=fields["authorization_endpoint"],
            token_url=fields["token_endpoint"],
            key_set_url=fields["jwks_uri"],
        )
        context = self.run("print(Context.objects.of(Organization.objects.get()).uuid)")
        course: Course = Course.objects.create(
            deployment=PlatformDeployment.objects.create(platform=platform, deployment_id=fields["deployment_id"]),
            context_id=context,
            title="General Chemistry",
            memberships_url=f"{self.site_url}/lti/contexts/{context}/memberships",
        )
        return course
