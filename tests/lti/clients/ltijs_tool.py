"""A tool made with npm's ltijs, unmodified, as a program of its own in Node.js (ltijs/tool.js)."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lti.models import Context, Deployment, ResourceLink
from organizations.models import Organization
from tests.lti.tools import deploy, make_tool
from tests.node import install_packages, node

FOLDER = Path(__file__).parent / "ltijs"

CLIENT_ID = "ltijs"
"""The same for every test: ltijs makes a large key for each platform that it comes to know."""


class Refused(Exception):
    """The platform refused what ltijs asked of it, with this status."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message)
        self.status = status


class Ltijs:
    """The running tool."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        self.program = program
        self.url: str = self._heard()["url"]

    def ask(self, what: str, between: Callable[[int], None] | None = None, **how: Any) -> Any:
        """Tell the tool to do something; its answer. `between` is called after each page of a roster but the last."""
        self._say({"what": what, **how})
        heard = self._heard()
        while between and "between" in heard:
            between(heard["between"])
            self._say({})
            heard = self._heard()
        if "error" in heard:
            raise Refused(heard["error"], heard["status"])
        return heard["answer"]

    def members(
        self,
        site: str,
        deployment: Deployment,
        organization: Organization,
        link: ResourceLink | None = None,
        between: Callable[[int], None] | None = None,
        **options: Any,
    ) -> Any:
        """The roster of an organization as after a launch from there, by NamesAndRoles.getMembers with its options."""
        url = f"{site}/lti/contexts/{Context.objects.of(organization).uuid}/memberships"
        context = {"namesRoles": {"context_memberships_url": url}, "resource": {"id": str(link.uuid) if link else ""}}
        token = {"iss": site, "clientId": deployment.tool.client_id, "platformContext": context}
        return self.ask("members", between, token=token, options=options, isInterrupted=between is not None)

    def deployed(self, *organizations: Organization) -> Deployment:
        """A campus tool that is told all, registered with the addresses of this program."""
        fields: dict[str, Any] = {
            "client_id": CLIENT_ID,
            "login_url": f"{self.url}/login",
            "target_link_url": f"{self.url}/launch",
            "redirect_urls": [f"{self.url}/launch"],
            "jwks_url": f"{self.url}/keys",
        }
        tool = make_tool(**fields)
        tool.keys.all().delete()  # it publishes its own
        return deploy(tool, *organizations)

    def _say(self, message: dict[str, Any]) -> None:
        assert self.program.stdin
        self.program.stdin.write(f"{json.dumps(message)}\n")
        self.program.stdin.flush()

    def _heard(self) -> dict[str, Any]:
        assert self.program.stdout
        line = self.program.stdout.readline()
        assert line, "The tool has ended."
        heard: dict[str, Any] = json.loads(line)
        return heard


@contextmanager
def running_ltijs() -> Iterator[Ltijs]:
    """The tool, which ends with its standard input."""
    install_packages(FOLDER)
    with subprocess.Popen(
        [node(), "tool.js"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        yield Ltijs(program)
        assert program.stdin
        program.stdin.close()
        assert program.wait(timeout=60) == 0
