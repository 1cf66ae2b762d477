"""Every request that the routes of LTI answer. Each is prepared, and then asked."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from django.urls import get_resolver
from django.utils import timezone

from lti.claims import CUSTOM, PLATFORM_CONFIGURATION, TOOL_CONFIGURATION
from lti.models import Invitation
from lti.tool.linked_organizations import signed_link
from tests.client import Answer, new_client
from tests.lti import deep_links
from tests.lti.assertions import ask_token, assertion
from tests.lti.dimensions.tool_data import PASSWORD, ToolData
from tests.lti.launches import asked_by, claims, click, posted
from tests.lti.ltik.ltik_api import request_with_ltik, request_with_service_key
from tests.lti.tool import choosing
from tests.lti.tool.launching import launch_claims, login, post, sent_to, signed
from tests.lti.tool.lms import Asked, Lms, Reply
from tests.lti.tools import ask, links, path_of
from tests.schema import test_routes
from tests.wire.routes import patterns

REGISTRATION = {
    "application_type": "web",
    "response_types": ["id_token"],
    "grant_types": ["implicit", "client_credentials"],
    "initiate_login_uri": "https://poll.example.org/login",
    "redirect_uris": ["https://poll.example.org/launch"],
    "client_name": "Poll",
    "jwks_uri": "https://poll.example.org/keys",
    "token_endpoint_auth_method": "private_key_jwt",
    TOOL_CONFIGURATION: {"domain": "poll.example.org", "target_link_uri": "https://poll.example.org/open"},
}
"""What an invited tool says of itself."""


Asking = Callable[[], Any]
"""A request that is ready to be sent."""


def get(path: str) -> Callable[[ToolData], Asking]:
    return lambda data: partial(new_client().get, path)


def of_roster(**parameters: Any) -> Callable[[ToolData], Asking]:
    return lambda data: partial(ask, data.token, path_of(data.organization), **parameters)


def of_resource_link(data: ToolData) -> Asking:
    return partial(ask, data.token, path_of(data.organization), rlid=str(data.link.uuid))


def since(**parameters: Any) -> Callable[[ToolData], Asking]:
    """The differences since the club began."""
    query = "".join(f"&{name}={value}" for name, value in parameters.items())
    return lambda data: partial(ask, data.token, data.since + query)


def nothing_since(data: ToolData) -> Asking:
    """A page of the differences since the tool was told of everybody."""
    url = links(ask(data.token, path_of(data.organization), limit=500))["differences"]
    return partial(ask, data.token, f"{url}&limit=1")


def by_ltik(**parameters: Any) -> Callable[[ToolData], Asking]:
    return lambda data: partial(request_with_ltik, data.ltik, data.key, **parameters)


def in_the_course(**parameters: Any) -> Callable[[ToolData], Asking]:
    return lambda data: partial(request_with_ltik, data.course_ltik, data.key, **parameters)


def by_service_key(name: str) -> Callable[[ToolData], Asking]:
    return lambda data: partial(request_with_service_key, getattr(data, name), data.key, limit=500)


def token(data: ToolData) -> Asking:
    return partial(ask_token, assertion(data.tool))


def registration(data: ToolData) -> Asking:
    _, text = Invitation.create("Poll", on=timezone.now())
    headers = {"Authorization": f"Bearer {text}"}
    body = orjson.dumps(REGISTRATION)
    return partial(new_client().post, "/lti/register", body, content_type="application/json", headers=headers)


def page_of_tools(data: ToolData) -> Asking:
    return partial(data.browser.get, f"/lti/organizations/{data.organization.pk}/")


def button(data: ToolData) -> Asking:
    form = {"deployment": data.deployment.deployment_id}
    return partial(data.browser.post, f"/lti/organizations/{data.organization.pk}/launch", form)


def id_token(data: ToolData) -> Asking:
    return partial(
        data.browser.get, "/lti/authorize", asked_by(click(data.browser, data.organization, data.deployment))
    )


def id_token_by_post(data: ToolData) -> Asking:
    return partial(new_client().post, "/lti/authorize", {"client_id": data.tool.client_id})


def login_of_course(data: ToolData) -> Asking:
    return partial(login, new_client(), data.lms)


def login_in_frame(data: ToolData) -> Asking:
    browser = new_client()
    location = login(browser, data.lms, headers={"Sec-Fetch-Dest": "iframe"})["Location"]
    return partial(browser.get, location)


def launch_of_course(data: ToolData) -> Asking:
    browser = new_client()
    asked = sent_to(login(browser, data.lms))
    return partial(post, browser, signed(launch_claims(data.lms, asked)), asked["state"])


def deep_linking_of_course(data: ToolData) -> Asking:
    browser = new_client()
    asked = sent_to(login(browser, data.lms))
    return partial(post, browser, signed(launch_claims(data.lms, asked, **choosing.asks())), asked["state"])


def link_to_organization(data: ToolData) -> Asking:
    browser = new_client()
    asked = sent_to(login(browser, data.lms))
    custom = {CUSTOM: {"organization_id": str(data.organization.pk)}}
    return partial(post, browser, signed(launch_claims(data.lms, asked, **custom)), asked["state"])


def choice(**form: str) -> Callable[[ToolData], Asking]:
    return lambda data: partial(choosing.press, deep_linking_of_course(data)(), **form)


def choice_of_organization(data: ToolData) -> Asking:
    return choice(organization=str(data.organization.pk))(data)


def linked_organization(data: ToolData) -> Asking:
    return partial(new_client().get, "/lti/course/organization", {"link": signed_link(data.organization)})


def page_of_tools_for_staff(data: ToolData) -> Asking:
    return partial(data.staff_browser.get, f"/lti/organizations/{data.organization.pk}/")


def button_of_deep_linking(data: ToolData) -> Asking:
    form = {"deployment": data.deployment.deployment_id}
    return partial(data.staff_browser.post, f"/lti/organizations/{data.organization.pk}/deep-linking", form)


def request_for_content(data: ToolData) -> Asking:
    hints = deep_links.begin(data.staff_browser, data.organization, data.deployment)
    redirect = {"redirect_uri": "https://poll.example.org/launch"}
    return partial(data.staff_browser.get, "/lti/authorize", asked_by(hints, **redirect))


def returned_content(data: ToolData) -> Asking:
    request = claims(posted(request_for_content(data)())[1])
    items = [deep_links.POLL_ITEM, {"type": "html"}]
    return partial(deep_links.send, deep_links.signed(deep_links.answer_to(request, *items)))


def offered(lms: Lms) -> dict[str, str]:
    """What a learning platform opens the page of registrations with; each time it gives another client id."""
    path = "/.well-known/openid-configuration"
    paths = {"authorization": "/auth", "token": "/token", "registration": "/register"}
    urls = {f"{name}_endpoint": lms.url + path for name, path in paths.items()}
    product = {PLATFORM_CONFIGURATION: {"product_family_code": "moodle"}}
    lms.replies[path] = Reply({"issuer": lms.url, "jwks_uri": f"{lms.url}/keys", **urls, **product})
    lms.replies["/register"] = registered
    return {"openid_configuration": lms.url + path, "registration_token": "token-9"}


def registered(asked: Asked) -> Reply:
    return Reply({"client_id": uuid.uuid4().hex, TOOL_CONFIGURATION: {"deployment_id": "7"}}, 201)


def page_of_registration(data: ToolData) -> Asking:
    return partial(data.staff_browser.get, "/lti/course/register", offered(data.lms))


def confirmation(data: ToolData) -> Asking:
    form = {**offered(data.lms), "tool": str(data.tool.pk)}
    return partial(data.staff_browser.post, "/lti/course/register", form)


def sign_in(data: ToolData) -> Asking:
    return partial(new_client().post, "/lti/sign-in", {"username": data.person.username, "password": PASSWORD})


def who_launched(ltik: str, **parameters: Any) -> Callable[[ToolData], Asking]:
    return lambda data: partial(request_with_ltik, getattr(data, ltik), data.key, "/api/idtoken", **parameters)


def launch_by_portal(data: ToolData) -> Asking:
    body = orjson.dumps({"userId": data.person.pk, "organizationId": data.organization.pk})
    headers = {"Authorization": f"Bearer {data.key}"}
    return partial(new_client().post, "/api/launches", body, content_type="application/json", headers=headers)


def launch_of_link_by_portal(data: ToolData) -> Asking:
    asked = {
        "userId": data.person.pk,
        "organizationId": data.organization.pk,
        "resourceLinkId": str(data.link.uuid),
    }
    headers = {"Authorization": f"Bearer {data.key}"}
    body = orjson.dumps(asked)
    return partial(new_client().post, "/api/launches", body, content_type="application/json", headers=headers)


QUESTIONS: dict[str, dict[str, Callable[[ToolData], Asking]]] = {
    "/.well-known/openid-configuration": {"": get("/.well-known/openid-configuration")},
    "/lti/token": {"": token},
    "/lti/jwks": {"": get("/lti/jwks")},
    "/lti/authorize": {"": id_token, "by POST": id_token_by_post, "for content": request_for_content},
    "/lti/register": {"": registration},
    "/lti/contexts/<uuid:context_id>/memberships": {
        "whole": of_roster(limit=500),
        "a page": of_roster(limit=1),
        "of a role": of_roster(limit=500, role="Member"),
        "of a resource link": of_resource_link,
        "differences": since(limit=500),
        "a page of differences": since(limit=1),
        "a page of no differences": nothing_since,
    },
    "/lti/organizations/<int:organization_id>/": {"": page_of_tools, "for staff": page_of_tools_for_staff},
    "/lti/organizations/<int:organization_id>/deep-linking": {"": button_of_deep_linking},
    "/lti/deep-linking/return": {"": returned_content},
    "/lti/organizations/<int:organization_id>/launch": {"": button},
    "/lti/course/login": {"": login_of_course},
    "/lti/course/login/continue": {"": login_in_frame},
    "/lti/course/launch": {
        "": launch_of_course,
        "for a choice": deep_linking_of_course,
        "of an organization": link_to_organization,
    },
    "/lti/course/deep-linking": {"a search": choice(search="a"), "a choice": choice_of_organization},
    "/lti/course/organization": {"": linked_organization},
    "/lti/course/register": {"": page_of_registration, "confirmed": confirmation},
    "/lti/sign-in": {"": get("/lti/sign-in"), "with a password": sign_in},
    "/api/idtoken": {
        "": who_launched("ltik"),
        "of a course": who_launched("course_ltik"),
        "raw": who_launched("ltik", raw="true"),
        "raw, of a course": who_launched("course_ltik", raw="true"),
    },
    "/api/launches": {"": launch_by_portal, "of a resource link": launch_of_link_by_portal},
    "/api/memberships": {
        "by ltik": by_ltik(limit=500),
        "by ltik, of a role": by_ltik(limit=500, role="Member"),
        "by ltik, of a resource link": by_ltik(resourceLinkId="true"),
        "by ltik, differences": lambda data: partial(request_with_ltik, data.ltik, data.key, url=data.since),
        "by ltik, of a course": in_the_course(),
        "by ltik, of a role in a course": in_the_course(role="Learner"),
        "by service key": by_service_key("service_key"),
        "by service key, of a course": by_service_key("course_service_key"),
    },
}
"""By the path of a route, what is asked there."""


def routes() -> set[str]:
    """The routes of LTI, as the URL configuration has them; and the one that is the roster's too."""
    paths = {path.rstrip("/") if path.startswith("/api/") else path for path, _ in patterns(get_resolver())}
    ours = {path for path in paths if path.startswith(("/lti/", "/.well-known/"))}
    return ours | set(test_routes.OF_LTI) | {"/api/memberships"}


def status_of(answer: Any) -> int:
    return answer.status if isinstance(answer, Answer) else answer.status_code
