"""A learning platform made of lti1p3platform, unmodified: what it asks a web framework for, and no more."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from joserfc.jwk import RSAKey
from lti1p3platform.exceptions import LtiException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.response import generate_next_link
from lti1p3platform.service_connector import NamesRoleProvisioningService

from tests.lti.tool.lms import INSTRUCTOR, LEARNER

CLIENT_ID, DEPLOYMENT_ID, LINK_ID = "other-client", "other-1", "other-link"
CHOOSING = "choose"
"""The message hint by which a teacher chooses a link."""
KEY = RSAKey.generate_key(2048)


class Configuration(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, **kwargs: Any) -> None:
        server: OtherPlatform = kwargs["server"]
        registration = Registration()
        registration.set_iss(server.url).set_client_id(CLIENT_ID).set_deployment_id(DEPLOYMENT_ID)
        registration.set_launch_url("https://testserver/lti/course/launch")
        registration.set_oidc_login_url("https://testserver/lti/course/login")
        registration.set_deeplink_launch_url("https://testserver/lti/course/launch")
        registration.set_tool_key_set(server.tool_keys)
        registration.set_platform_public_key(KEY.as_pem(private=False).decode())
        registration.set_platform_private_key(KEY.as_pem(private=True).decode())
        self._registration = registration

    def get_registration_by_params(self, **kwargs: Any) -> Registration:
        return self._registration


class Asked(Request):
    """A request as the library reads it, from its parts."""

    def build_metadata(self, request: Any) -> Any:
        data = {name: int(value) if value.isdigit() else value for name, value in request["get_data"].items()}
        return {"content_type": None, "json": None, "form_data": {}, **request, "get_data": data}


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **kwargs: Any) -> None:
        self._lti_message_hint = kwargs["hint"]

    def get_redirect(self, url: str) -> str:
        return url


class Launch(LTIAdvantageMessageLaunchAbstract):
    server: "OtherPlatform"

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        self.set_user_data(preflight_response["login_hint"], [INSTRUCTOR], full_name="Ann Lee", email_address="a@x.edu")
        self.set_resource_link_claim(LINK_ID, title="Poll of the week")
        self.set_launch_context_claim("bio-1", ["CourseSection"], context_title="Biology", context_label="BIO 1")
        self.set_nrps(f"{self.server.url}/rosters/bio-1")
        if preflight_response["lti_message_hint"] == CHOOSING:
            self.set_dl(f"{self.server.url}/chosen", accept_types={"ltiResourceLink"}, extra_data={"course": "bio-1"})

    def render_launch_form(self, launch_data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return launch_data


class Roster(NamesRoleProvisioningService):
    server: "OtherPlatform"

    def get_context_by_id(self) -> Context:
        return Context("bio-1", "BIO 1", "Biology")

    def is_resource_link_valid(self, context_id: str, resource_link_id: str) -> bool:
        return resource_link_id == LINK_ID

    def get_member_data_page(
        self, page: int = 1, limit: int | None = None, role: str | None = None, rlid: str | None = None, **more: Any
    ) -> dict[str, Any]:
        found = [member for member in self.server.members if role is None or role in member["roles"]]
        size = limit or len(found)
        start = (page - 1) * size
        return {"content": [dict(one) for one in found[start : start + size]], "has_next": start + size < len(found)}


class OtherPlatform(ThreadingHTTPServer):
    """The platform as a program of its own: `/auth`, `/token`, `/keys` and `/rosters/bio-1`."""

    tool_keys: Any
    members: list[dict[str, Any]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def configuration(self) -> Configuration:
        return Configuration(server=self)

    def opens(self, user_id: str, hint: str = LINK_ID) -> str:
        """Where a browser goes when somebody opens the link in the course, or chooses one."""
        login = Login(None, self.configuration())
        login.set_lti_message_hint(hint=hint)
        return str(login.initiate_login(user_id))


class Handler(BaseHTTPRequestHandler):
    server: OtherPlatform

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(
            {
                "method": self.command,
                "get_data": dict(parse_qsl(parts.query)),
                "headers": dict(self.headers.items()),
                "path": parts.path,
            }
        )
        configuration = self.server.configuration()
        if parts.path == "/keys":
            self.say(configuration.get_jwks())
        elif parts.path == "/auth":
            launch = Launch(asked, configuration)
            launch.server = self.server
            self.say(launch.lti_launch())
        else:
            roster = Roster(asked, configuration, f"{self.server.url}/rosters/bio-1")
            roster.server = self.server
            try:
                answer = roster.handle_resp(roster.handle_get_members)
            except jwt.InvalidTokenError:  # which the library leaves to whoever uses it
                self.say({"error": "invalid_token"}, 401)
                return
            following = (answer.result or {}).pop("next", None)
            link = {"Link": generate_next_link(following)} if following else {}
            self.say(answer.result, answer.code, {"Content-Type": answer.media_type, **link})

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        try:
            self.say(self.server.configuration().get_access_token(form))
        except LtiException as error:
            self.say({"error": "invalid_client", "error_description": str(error)}, 400)

    def say(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args: Any) -> None:
        pass


def member(number: int, *roles: str) -> dict[str, Any]:
    return {
        "user_id": f"u{number}",
        "roles": list(roles) or [LEARNER],
        "name": f"Person {number}",
        "email": f"{number}@x",
    }


@contextmanager
def running_platform(tool_keys: Any) -> Iterator[OtherPlatform]:
    """A platform with seven members, the first of them an instructor, which knows the tool by these keys."""
    platform = OtherPlatform(("127.0.0.1", 0), Handler)
    platform.tool_keys = tool_keys
    platform.members = [member(0, INSTRUCTOR), *(member(number) for number in range(1, 7))]
    thread = threading.Thread(target=platform.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield platform
    finally:
        platform.shutdown()
        thread.join()
        platform.server_close()
