"""A learning platform that answers whatever a test says, on a port of this machine, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from lti.models import Course, LearningPlatform
from tests.lti.tool.platforms import make_course, make_platform

ROSTER = "/courses/chem-101/memberships"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@dataclass
class Reply:
    """What it says to one request."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Asked:
    """One request that it got."""

    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "GET"

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


class Lms(ThreadingHTTPServer):
    """`replies` by path, with the query or without; each a Reply, or a function of the request that makes one."""

    daemon_threads = True
    replies: dict[str, Reply | Callable[[Asked], Reply]]
    asked: list[Asked]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def tells(self, *members: Any, at: str = ROSTER, **links: str) -> None:
        """Answer at a path with a container of these members, linked to others by relation."""
        header = ", ".join(f'<{self.url}{path}>; rel="{relation}"' for relation, path in links.items())
        body = {"id": self.url + ROSTER, "context": {"id": "chem-101", "title": "Chemistry"}, "members": members}
        self.replies[at] = Reply(body, headers={"Link": header} if links else {})

    def platform(self, **fields: Any) -> LearningPlatform:
        paths = {"authorization_url": "/auth", "token_url": "/token", "key_set_url": "/keys"}
        urls = {name: self.url + path for name, path in paths.items()}
        return make_platform(**{"issuer": self.url, **urls, **fields})

    def course(self, platform: LearningPlatform | None = None, **fields: Any) -> Course:
        return make_course(platform or self.platform(), **{"memberships_url": self.url + ROSTER, **fields})


class Handler(BaseHTTPRequestHandler):
    server: Lms

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        asked = Asked(self.path, dict(self.headers.items()), self.rfile.read(length), self.command)
        self.server.asked.append(asked)
        found = self.server.replies.get(self.path) or self.server.replies.get(self.path.partition("?")[0])
        reply = found(asked) if callable(found) else found or Reply(status=404)
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.bytes)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.bytes)

    def log_message(self, *args: Any) -> None:
        pass


def person(user_id: str, *roles: str, **disclosed: Any) -> dict[str, Any]:
    return {"user_id": user_id, "roles": roles or [LEARNER], **disclosed}


@contextmanager
def running_lms() -> Iterator[Lms]:
    """A learning platform that gives tokens, and nothing else before it is told."""
    lms = Lms(("127.0.0.1", 0), Handler)
    lms.asked = []
    lms.replies = {"/token": Reply({"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600})}
    thread = threading.Thread(target=lms.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield lms
    finally:
        lms.shutdown()
        thread.join()
        lms.server_close()
