"""Sides: a tool in an organization with a launch of somebody, and all that it holds there."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lti.models import Context, Launch, ResourceLink, Tool
from organizations.models import Organization
from roster.models import User
from tests.lti.ltik.ltik_api import key_of, launch_of, ltik_of, request_with_ltik, service_key_of
from tests.lti.tools import access_token, ask, deploy, ids, links, make_tool, path_of
from tests.sample_data import SampleData


@dataclass(eq=False)
class Tenant:
    name: str
    organization: Organization
    covered: tuple[Organization, ...]
    """Every organization where the tool is used."""
    launch: Launch
    access_token: str
    """The tool's, as is its key."""
    key: str
    ltik: str
    service_key: str
    """Of the roster: two launches of the tool from one organization have the same."""
    members: tuple[User, ...]

    @property
    def link(self) -> ResourceLink:
        link: ResourceLink = self.launch.resource_link
        return link

    @property
    def tool(self) -> Tool:
        tool: Tool = self.link.deployment.tool
        return tool

    @property
    def context(self) -> Context:
        context: Context = self.link.context
        return context

    def knows(self, other: "Tenant") -> list[str]:
        """The ids by which the tool of this side knows the members of another's organization."""
        return ids(self.tool, *other.members)

    @property
    def rlid(self) -> str:
        return str(self.link.uuid)

    @property
    def path(self) -> str:
        return path_of(self.organization)

    @cached_property
    def urls(self) -> dict[str, str]:
        """The links of its first page: to the next one, and to the differences."""
        return links(ask(self.access_token, self.path, limit=1))

    @cached_property
    def urls_at_the_door(self) -> dict[str, str]:
        body = request_with_ltik(self.ltik, self.key, limit=1).body
        return {relation: body[relation] for relation in ("next", "differences")}

    def secrets(self) -> Iterable[str]:
        """All that it holds, and the parts of it."""
        yield from (
            self.access_token,
            self.key,
            self.ltik,
            self.service_key,
            self.rlid,
            str(self.context.uuid),
            str(self.launch.uuid),
        )
        yield from (*self.knows(self), self.tool.client_id, self.link.deployment.deployment_id)
        for url in (*self.urls.values(), *self.urls_at_the_door.values()):
            yield url
            yield url.partition("=")[2]


def all_sides(sample: SampleData) -> list[Tenant]:
    """Two tools, an organization where both are used, for each one of its own, and two launches of one from there."""
    chess, government, teatro = sample.chess_club, sample.student_government, sample.teatro
    used = {"Poll": (chess, government), "Forum": (chess, teatro)}
    members = {
        chess: (sample.amara, sample.farid),
        government: (sample.amara, sample.ben, sample.jolene),
        teatro: (sample.chloe, sample.ignacio),
    }
    found = []
    for name, covered in used.items():
        tool = make_tool(name)
        deployment, token, key = deploy(tool, *covered), access_token(tool), key_of(tool, may_launch=True)
        launches = [(organization, members[organization][0]) for organization in covered]
        for organization, person in [*launches, *([(chess, sample.farid)] if name == "Poll" else [])]:
            launch = launch_of(person, organization, deployment)
            title = f"{name} in {organization.name} for {person.username}"
            credentials = (launch, token, key, ltik_of(launch), service_key_of(launch))
            found.append(Tenant(title, organization, covered, *credentials, members[organization]))
    return found
