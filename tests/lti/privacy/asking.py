"""A tool of each kind, and every door by which it reads an organization's members."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import orjson

from lti.models import Context, Deployment, Disclosed, ResourceLink, Tool
from tests.client import Answer
from tests.lti.launches import launched
from tests.lti.ltik.ltik_api import key_of, ltik_of, request_with_ltik, request_with_service_key, service_key_of
from tests.lti.privacy.campus import Member, SampleGroup
from tests.lti.privacy.oracle import LEVELS, Row, ToolAccess
from tests.lti.tools import access_token, ask, deploy, links, make_tool, path_of

TOOLS = [
    *(ToolAccess("public", level, consent) for level, consent in product(LEVELS, (False, True))),
    *(
        ToolAccess("campus", level, consent, sis)
        for level, consent, sis in product(LEVELS, (False, True), (False, True))
    ),
]

TOKEN = re.compile(rb"qz[0-9]{3}[a-z]{2}")
ALL = 500
"""As many members as a page may have: everybody."""
FEW = 40

CUSTOM = {
    name: f"${name.replace('_', '.')}"
    for name in (
        *("Person_name_full", "Person_name_given", "Person_name_family", "Person_name_middle", "Person_email_primary"),
        *("Person_sourcedId", "User_image", "Membership_role", "User_id", "Context_title", "User_username"),
    )
}
"""Custom parameters that ask for all there is; each is named after its variable."""


def tokens(shown: Any) -> set[str]:
    """Every text of the campus in what was told."""
    return {found.decode() for found in TOKEN.findall(shown if isinstance(shown, bytes) else orjson.dumps(shown))}


@dataclass
class Asking:
    """A tool that may be told so much, with a key, a resource link and an ltik in an organization."""

    access: ToolAccess
    group: SampleGroup
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        access = self.access
        self.tool: Tool = make_tool(
            audience=access.audience, disclosure=access.disclosure, may_read_sourcedid=access.reads_sis_id
        )
        self.deployment: Deployment = deploy(self.tool, self.group.row, tells_bare_members=access.has_consent)
        self.token = access_token(self.tool)
        self.key = key_of(self.tool, may_launch=True)
        context = Context.objects.of(self.group.row)
        self.link = ResourceLink.objects.create(deployment=self.deployment, context=context, custom=CUSTOM)
        launch = launched(self.link, self.group.members[0].person.id)
        self.ltik, self.service_key = ltik_of(launch), service_key_of(launch)

    def id_of(self, member: Member) -> str:
        return self.tool.subject_of(member.person.id)

    def by_service(self, url: str = "", **parameters: Any) -> Answer:
        return self.kept(ask(self.token, url or path_of(self.group.row), **parameters))

    def by_door(self, **parameters: Any) -> Answer:
        return self.kept(request_with_ltik(self.ltik, self.key, **parameters))

    def by_job(self, **parameters: Any) -> Answer:
        """With the service key, without a person."""
        return self.kept(request_with_service_key(self.service_key, self.key, **parameters))

    def kept(self, answer: Answer) -> Answer:
        self.answers.append(answer)
        return answer

    @property
    def shown(self) -> set[str]:
        """Every text of the campus in all that was answered, the headers included."""
        return {text for it in self.answers for text in tokens(it.body) | tokens(str(dict(it.headers)).encode())}


def whole(asking: Asking, **parameters: Any) -> list[Row]:
    rows: list[Row] = asking.by_service(limit=ALL, **parameters).body["members"]
    return rows


def walked(asking: Asking) -> list[Row]:
    answer = asking.by_service(limit=FEW)
    rows = list(answer.body["members"])
    while "next" in links(answer):
        answer = asking.by_service(links(answer)["next"])
        rows += answer.body["members"]
    return rows


def since_now(asking: Asking) -> list[Row]:
    """The differences of a tool that was told nothing yet, which everything on this campus is younger than."""
    url = links(asking.by_service(limit=ALL))["differences"]
    Disclosed.objects.all().delete()
    rows: list[Row] = asking.by_service(f"{url}&limit={ALL}").body["members"]
    return rows


def whole_at_the_door(asking: Asking, **parameters: Any) -> list[Row]:
    rows: list[Row] = asking.by_door(limit=ALL, **parameters).body["members"]
    return rows


def walked_at_the_door(asking: Asking) -> list[Row]:
    return rest(asking.by_door, asking.by_door(limit=FEW))


def since_now_at_the_door(asking: Asking) -> list[Row]:
    url = asking.by_door(limit=ALL).body["differences"]
    Disclosed.objects.all().delete()
    return followed(asking, url)


def followed(asking: Asking, url: str) -> list[Row]:
    """All from a URL on, at the ltik door."""
    return rest(asking.by_door, asking.by_door(url=url))


def rest(door: Callable[..., Answer], answer: Answer) -> list[Row]:
    rows = list(answer.body["members"])
    while "next" in answer.body:
        answer = door(url=answer.body["next"])
        rows += answer.body["members"]
    return rows


def whole_by_a_job(asking: Asking) -> list[Row]:
    rows: list[Row] = asking.by_job(limit=2 * ALL).body["members"]
    return rows


def walked_by_a_job(asking: Asking) -> list[Row]:
    return rest(asking.by_job, asking.by_job(limit=FEW))


def since_now_by_a_job(asking: Asking) -> list[Row]:
    url = asking.by_job(limit=ALL).body["differences"]
    Disclosed.objects.all().delete()
    return rest(asking.by_job, asking.by_job(url=url))


DOORS = {
    "Names and Roles": whole,
    "Names and Roles, page by page": walked,
    "differences": since_now,
    "the ltik door": whole_at_the_door,
    "the ltik door, page by page": walked_at_the_door,
    "differences at the ltik door": since_now_at_the_door,
    "a service key": whole_by_a_job,
    "a service key, page by page": walked_by_a_job,
    "differences by a service key": since_now_by_a_job,
}
