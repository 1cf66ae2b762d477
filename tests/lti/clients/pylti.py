"""A tool written with PyLTI1p3, unmodified: what its documentation asks a web framework for, and no more."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from pylti1p3.cookie import CookieService
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.names_roles import NamesRolesProvisioningService
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.request import Request
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.session import SessionService
from pylti1p3.tool_config.dict import ToolConfDict

from lti.models import Context, Deployment
from organizations.models import Organization
from tests.lti.tools import private_key


def configuration(site: str, deployment: Deployment) -> ToolConfDict:
    """How the library is told of the platform at `site`."""
    client_id = deployment.tool.client_id
    tool_conf = ToolConfDict(
        {
            site: [
                {
                    "default": True,
                    "client_id": client_id,
                    "auth_login_url": f"{site}/lti/authorize",
                    "auth_token_url": f"{site}/lti/token",
                    "key_set_url": f"{site}/lti/jwks",
                    "deployment_ids": [deployment.deployment_id],
                }
            ]
        }
    )
    tool_conf.set_private_key(site, private_key().as_pem(private=True).decode(), client_id=client_id)
    return tool_conf


def names_and_roles(
    site: str, deployment: Deployment, organization: Organization, session: requests.Session | None = None
) -> NamesRolesProvisioningService:
    """The library's service for an organization's roster, as after a launch from there."""
    tool_conf = configuration(site, deployment)
    registration = tool_conf.find_registration_by_params(site, deployment.tool.client_id)
    url = f"{site}/lti/contexts/{Context.objects.of(organization).uuid}/memberships"
    return NamesRolesProvisioningService(ServiceConnector(registration, session), {"context_memberships_url": url})


class ToolRequest(Request):
    """A request to the tool: its parameters, cookies and session."""

    def __init__(self, parameters: dict[str, str], cookies: dict[str, str], session: dict[str, Any]) -> None:
        self.parameters, self.cookies, self._session = parameters, cookies, session

    @property
    def session(self) -> Any:
        return self._session

    def is_secure(self) -> bool:
        return False

    def get_param(self, key: str) -> Any:
        return self.parameters.get(key)


class ToolCookies(CookieService):
    def __init__(self, request: ToolRequest) -> None:
        self.request = request
        self.set: dict[str, str] = {}

    def get_cookie(self, name: str) -> str | None:
        return self.request.cookies.get(f"{self._cookie_prefix}-{name}")

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        self.set[f"{self._cookie_prefix}-{name}"] = str(value)


class ToolRedirect(Redirect[str]):
    def __init__(self, url: str) -> None:
        self.url = url

    def do_redirect(self) -> str:
        return self.url

    def do_js_redirect(self) -> str:
        return self.url

    def set_redirect_url(self, location: str) -> None:
        self.url = location

    def get_redirect_url(self) -> str:
        return self.url


class Login(OIDCLogin):
    def get_redirect(self, url: str) -> ToolRedirect:
        return ToolRedirect(url)


class Launched(MessageLaunch):
    def _get_request_param(self, key: str) -> Any:
        return self._request.get_param(key)


class Tool(ThreadingHTTPServer):
    """The tool as a program of its own: `/login` and `/launch`."""

    configuration: ToolConfDict
    session: dict[str, Any]
    launched: Launched | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Tool

    def do_GET(self) -> None:
        request = self.request_of(dict(parse_qsl(urlsplit(self.path).query)))
        cookies = ToolCookies(request)
        login = Login(request, self.server.configuration, SessionService(request), cookies)
        url = login.redirect(f"{self.server.url}/launch")
        self.send_response(302)
        for name, value in cookies.set.items():
            self.send_header("Set-Cookie", f"{name}={value}; Path=/; HttpOnly")
        self.send_header("Location", url)
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        request = self.request_of(dict(parse_qsl(body)))
        launched = Launched(request, self.server.configuration, SessionService(request), ToolCookies(request))
        launched.validate()
        self.server.launched = launched
        self.send_response(200)
        self.end_headers()
        if launched.is_deep_link_launch():
            poll = DeepLinkResource().set_title("Poll of May").set_url(f"{self.server.url}/launch")
            poll.set_custom_params({"poll": "5"})
            self.wfile.write(launched.get_deep_link().output_response_form([poll]).encode())
        else:
            self.wfile.write(b"opened")

    def request_of(self, parameters: dict[str, str]) -> ToolRequest:
        cookies = {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()}
        return ToolRequest(parameters, cookies, self.server.session)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def running_tool() -> Iterator[Tool]:
    """A tool that waits for launches; it is configured once the platform knows it."""
    tool = Tool(("127.0.0.1", 0), Handler)
    tool.session = {}
    thread = threading.Thread(target=tool.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield tool
    finally:
        tool.shutdown()
        thread.join()
        tool.server_close()
