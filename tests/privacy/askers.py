"""Everybody who asks about the campus, with all their questions, and what each was answered before a change.

Routes and their lists come from the URL configuration, tools from the choices of their models.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

import orjson
from django.apps import apps
from django.db import connection

from lti.models import Context, Deployment, ResourceLink, Tool
from organizations.models import Organization
from roster.models import User
from roster.privacy import Disclosure
from roster.reads import list_cache
from tests.client import Answer, ask, new_client
from tests.lti.launches import launched
from tests.lti.ltik.ltik_api import (
    key_of,
    ltik_of,
    request_with_ltik,
    request_with_service_key,
    service_key_of,
)
from tests.lti.tools import access_token, deploy, links, make_tool, path_of
from tests.lti.tools import ask as ask_service
from tests.sample_data import MODIFIED_MS, key
from tests.wire.routes import DETAILS, LISTS

AFTER = MODIFIED_MS + 1
SIGNALS = {"modifiedOn", "lastModified", "totalItems", "totalPages"}
"""What is printed of a change besides the value that changed, or the row that came or went."""

OF_EACH_ANSWER = re.compile(r"x-request-id|x-ratelimit-|date|content-length")
"""Headers that differ between two equal answers."""

TABLES = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


class Seen(NamedTuple):
    """What distinguishes one answer from another."""

    status: int
    body: Any
    headers: dict[str, str]

    @classmethod
    def of(cls, answer: Answer) -> "Seen":
        steady = {n: v for n, v in answer.headers.items() if not OF_EACH_ANSWER.match(n.lower())}
        # an error carries the id of its request
        return cls(answer.status, answer.body if answer.status == 200 else None, steady)

    @property
    def without_signals(self) -> Any:
        """What is printed but for times of modification and totals."""
        return self.status, stripped(self.body)


def stripped(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: stripped(value) for name, value in content.items() if name not in SIGNALS}
    return [stripped(value) for value in content] if isinstance(content, list) else content


@dataclass
class Question:
    """One request, and what its answer was before anything changed."""

    ask: Callable[[], Answer]
    shows_values: bool = True
    """False: it asks by times, or for what changed, so that another question has to show the reason."""
    is_whole: bool = False
    """Is it for all rows of a list at once?"""
    before: Seen = field(init=False)
    reads: set[str] = field(init=False)
    """The tables that its statements name."""

    def look(self) -> None:
        words: set[str] = set()

        def note(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
            words.update(re.findall(r"\w+", str(sql)))
            return execute(sql, *rest)

        list_cache.clear()
        with connection.execute_wrapper(note):
            self.before = self.now()
        self.reads = words & TABLES

    def now(self) -> Seen:
        return Seen.of(self.ask())


class Asker:
    """A caller, and all requests that it may make."""

    def __init__(self, name: str, questions: Iterable[Question], *, like: str = "") -> None:
        self.name = name
        self.questions = list(questions)
        self.like = like or name
        """Who reads in whole lists what this asker may."""

    def look(self) -> None:
        for question in self.questions:
            question.look()

    def questions_about(self, tables: set[str]) -> Iterator[Question]:
        """Those whose answers can be another after a change of these tables."""
        return (question for question in self.questions if question.reads & tables)

    def first_different(self, tables: set[str]) -> Question | None:
        """The first question that is answered differently from before, down to a header."""
        asked = self.questions_about(tables)
        return next((question for question in asked if question.now() != question.before), None)

    def reads_change(self, tables: set[str], *, in_lists: bool = False) -> bool:
        """Is anything different besides times, what is chosen by them, and totals? With `in_lists`, in a whole list?"""
        asked = [it for it in self.questions_about(tables) if it.is_whole or (it.shows_values and not in_lists)]
        return any(question.now().without_signals != question.before.without_signals for question in asked)

    def all_values(self) -> bytes:
        """All that whole lists hold."""
        return b"".join(orjson.dumps(question.now().body) for question in self.questions if question.is_whole)


def person_asking(name: str, credential: Any, ids: dict[str, list[int]], *, is_staff: bool, like: str) -> Asker:
    """A caller of the API: every list, its modified rows, its first page, and items."""
    shown = {}
    if isinstance(credential, User):  # whose cookie is shown again after a change that ended the session
        client = new_client()
        client.force_login(credential)
        shown, credential = {"Cookie": client.cookies.output(header="", sep=";").strip()}, None
    more = {"IncludeDeletes": "true", "includeReflections": "true"} if is_staff else {}

    def question(path: str, shows_values: bool = True, is_whole: bool = False, **asked: Any) -> Question:
        return Question(lambda: ask(credential, path, headers=shown, **asked), shows_values, is_whole)

    questions = []
    for route in LISTS:
        extra: dict[str, Any] = {n: v for n, v in more.items() if n in route.parameters}
        questions.append(question(route.path, is_whole=True, pageSize=500, **extra))
    for route in LISTS:
        questions.append(question(route.path, pageSize=2))
        windows = (("ModifiedOnStart", AFTER), ("ModifiedOnEnd", MODIFIED_MS))
        asked: list[dict[str, Any]] = [{name: value} for name, value in windows if name in route.parameters]
        questions += [question(route.path, False, pageSize=500, **window) for window in asked]
    questions += [question(route.of(pk)) for route in DETAILS for pk in ids[route.path]]
    return Asker(name, questions, like=like)


class ToolAsking(Asker):
    """An LTI tool with a launch: what the service and the ltik API disclose to it of one organization.

    A roster shows no times, so what is another in it is a value. Columns are tried alone with a key of its audience,
    `like`, which reads all that the tool may.
    """

    def __init__(self, name: str, organization: Organization, user: User, *, consents: bool, **fields: Any) -> None:
        self.tool: Tool = make_tool(name, **fields)
        self.token = access_token(self.tool)
        self.path, self.since = path_of(organization), ""
        deployment: Deployment = deploy(self.tool, organization, tells_bare_members=consents)
        link = ResourceLink.objects.create(deployment=deployment, context=Context.objects.of(organization))
        launch = launched(link, user.pk)
        api_key, ltik, service_key = key_of(self.tool, may_launch=True), ltik_of(launch), service_key_of(launch)
        self.differences = Question(self.all_differences, shows_values=False)
        self.roster = Question(lambda: self.by_service(limit=500), is_whole=True)
        idtoken = Question(lambda: request_with_ltik(ltik, api_key, "/api/idtoken"))
        raw = Question(lambda: request_with_ltik(ltik, api_key, "/api/idtoken", raw="true"))
        by_job = Question(lambda: without_urls(request_with_service_key(service_key, api_key, limit=500)))
        at_the_door = Question(lambda: without_urls(request_with_ltik(ltik, api_key, limit=500)))
        # differences come first: a whole roster shows the changes, too
        questions = [self.differences, self.roster, idtoken, raw, at_the_door, by_job]
        super().__init__(name, questions, like=f"{self.tool.audience} key")

    def by_service(self, url: str = "", **asked: Any) -> Answer:
        answer = ask_service(self.token, url or self.path, **asked)
        relations = re.findall(r'rel="(\w+)"', answer.headers.get("Link", ""))
        headers = {name: value for name, value in answer.headers.items() if name != "Link"}  # encrypted again each time
        return Answer(answer.status, {**headers, "relations": str(relations)}, answer.body)

    def read_everything(self) -> None:
        """Read the whole roster: after it, only differences are news."""
        self.since = links(ask_service(self.token, self.path))["differences"]

    def all_differences(self) -> Answer:
        """The differences, and the differences that follow them."""
        answer = ask_service(self.token, self.since)
        body = {"first": answer.body["members"], "again": []} if answer.status == 200 else answer.body
        if body.get("first"):
            body["again"] = ask_service(self.token, links(answer)["differences"]).body["members"]
        return Answer(answer.status, {}, body)

    def wrong_differences(self) -> set[str]:
        """People of whom differences are not those of the whole roster, or that are disclosed twice."""
        changed, now = self.differences.now().body, self.roster.now().body
        before, after = by_user(self.roster.before.body["members"]), by_user(now["members"])
        gone = {user: {"status": "Deleted", "user_id": user, "roles": []} for user in before.keys() - after.keys()}
        right = gone | {user: row for user, row in after.items() if before.get(user) != row}
        found = by_user(changed["first"])
        twice = by_user(changed["again"]).keys() if len(changed["first"]) == len(found) else found.keys()
        return {user for user in found.keys() | right.keys() if found.get(user) != right.get(user)} | {*twice}


def by_user(members: list[dict[str, Any]]) -> dict[str, Any]:
    return {member["user_id"]: member for member in members}


def without_urls(answer: Answer) -> Answer:
    """An answer of the ltik API without its links, which are encrypted again each time."""
    body = {name: value for name, value in answer.body.items() if name not in {"next", "differences"}}
    return Answer(answer.status, answer.headers, body)


def everybody(organization: Organization, oneself: User, other: User, ids: dict[str, list[int]]) -> list[Asker]:
    """Every kind of credential, and every kind of tool."""
    limit = [organization]
    people: list[tuple[str, Any, str]] = [
        ("public key", key("public"), ""),
        ("anonymous", None, "public key"),
        ("limited public key", key("public", to=limit), "public key"),
        ("campus key", key("campus"), ""),
        ("limited campus key", key("campus", to=limit), "campus key"),
        ("signed-in person", other, "campus key"),
        ("staff key", key("staff"), ""),
        ("limited staff key with reflections", key("staff", to=limit, may_read_reflections=True), ""),
        ("signed-in person whose rows change", oneself, "campus key"),
    ]
    askers = [person_asking(name, who, ids, is_staff="staff" in name, like=like) for name, who, like in people]
    for number, (audience, disclosure) in enumerate(product(("public", "campus"), Disclosure.values)):
        consents = number % 2 == 1
        fields: dict[str, Any] = {"audience": audience, "disclosure": disclosure}
        if audience == "campus":
            fields["may_read_sourcedid"] = consents
        askers.append(ToolAsking(f"{audience} tool, {disclosure}", organization, oneself, consents=consents, **fields))
    return askers
