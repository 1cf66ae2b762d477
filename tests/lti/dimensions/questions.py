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
from tests.lti.dimensions.tool_data import PASSWORD, ToolClub
from tests.lti.launches import asked_by, claims, click, posted
from tests.lti.ltik.ltik_api import request_with_ltik, request_with_service_key
from tests.lti.tool import choosing
from tests.lti.tool.launching import login, post, said, sent_to, signed
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


def get(path: str) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(new_client().get, path)


def of_roster(**parameters: Any) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(ask, club.token, path_of(club.organization), **parameters)


def of_resource_link(club: ToolClub) -> Asking:
    return partial(ask, club.token, path_of(club.organization), rlid=str(club.link.uuid))


def since(**parameters: Any) -> Callable[[ToolClub], Asking]:
    """The differences since the club began."""
    query = "".join(f"&{name}={value}" for name, value in parameters.items())
    return lambda club: partial(ask, club.token, club.since + query)


def nothing_since(club: ToolClub) -> Asking:
    """A page of the differences since the tool was told of everybody."""
    url = links(ask(club.token, path_of(club.organization), limit=500))["differences"]
    return partial(ask, club.token, f"{url}&limit=1")


def by_ltik(**parameters: Any) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(request_with_ltik, club.ltik, club.key, **parameters)


def in_the_course(**parameters: Any) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(request_with_ltik, club.course_ltik, club.key, **parameters)


def by_service_key(name: str) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(request_with_service_key, getattr(club, name), club.key, limit=500)


def token(club: ToolClub) -> Asking:
    return partial(ask_token, assertion(club.tool))


def registration(club: ToolClub) -> Asking:
    _, text = Invitation.create("Poll", on=timezone.now())
    headers = {"Authorization": f"Bearer {text}"}
    body = orjson.dumps(REGISTRATION)
    return partial(new_client().post, "/lti/register", body, content_type="application/json", headers=headers)


def page_of_tools(club: ToolClub) -> Asking:
    return partial(club.browser.get, f"/lti/organizations/{club.organization.pk}/")


def button(club: ToolClub) -> Asking:
    form = {"deployment": club.deployment.deployment_id}
    return partial(club.browser.post, f"/lti/organizations/{club.organization.pk}/launch", form)


def id_token(club: ToolClub) -> Asking:
    return partial(
        club.browser.get, "/lti/authorize", asked_by(click(club.browser, club.organization, club.deployment))
    )


def id_token_by_post(club: ToolClub) -> Asking:
    return partial(new_client().post, "/lti/authorize", {"client_id": club.tool.client_id})


def login_of_course(club: ToolClub) -> Asking:
    return partial(login, new_client(), club.lms)


def login_in_frame(club: ToolClub) -> Asking:
    browser = new_client()
    location = login(browser, club.lms, headers={"Sec-Fetch-Dest": "iframe"})["Location"]
    return partial(browser.get, location)


def launch_of_course(club: ToolClub) -> Asking:
    browser = new_client()
    asked = sent_to(login(browser, club.lms))
    return partial(post, browser, signed(said(club.lms, asked)), asked["state"])


def deep_linking_of_course(club: ToolClub) -> Asking:
    browser = new_client()
    asked = sent_to(login(browser, club.lms))
    return partial(post, browser, signed(said(club.lms, asked, **choosing.asks())), asked["state"])


def link_to_organization(club: ToolClub) -> Asking:
    browser = new_client()
    asked = sent_to(login(browser, club.lms))
    custom = {CUSTOM: {"organization_id": str(club.organization.pk)}}
    return partial(post, browser, signed(said(club.lms, asked, **custom)), asked["state"])


def choice(**form: str) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(choosing.press, deep_linking_of_course(club)(), **form)


def choice_of_organization(club: ToolClub) -> Asking:
    return choice(organization=str(club.organization.pk))(club)


def linked_organization(club: ToolClub) -> Asking:
    return partial(new_client().get, "/lti/course/organization", {"link": signed_link(club.organization)})


def page_of_tools_for_staff(club: ToolClub) -> Asking:
    return partial(club.staff_browser.get, f"/lti/organizations/{club.organization.pk}/")


def button_of_deep_linking(club: ToolClub) -> Asking:
    form = {"deployment": club.deployment.deployment_id}
    return partial(club.staff_browser.post, f"/lti/organizations/{club.organization.pk}/deep-linking", form)


def request_for_content(club: ToolClub) -> Asking:
    hints = deep_links.begin(club.staff_browser, club.organization, club.deployment)
    redirect = {"redirect_uri": "https://poll.example.org/launch"}
    return partial(club.staff_browser.get, "/lti/authorize", asked_by(hints, **redirect))


def returned_content(club: ToolClub) -> Asking:
    request = claims(posted(request_for_content(club)())[1])
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


def page_of_registration(club: ToolClub) -> Asking:
    return partial(club.staff_browser.get, "/lti/course/register", offered(club.lms))


def confirmation(club: ToolClub) -> Asking:
    form = {**offered(club.lms), "tool": str(club.tool.pk)}
    return partial(club.staff_browser.post, "/lti/course/register", form)


def sign_in(club: ToolClub) -> Asking:
    return partial(new_client().post, "/lti/sign-in", {"username": club.person.username, "password": PASSWORD})


def who_launched(ltik: str, **parameters: Any) -> Callable[[ToolClub], Asking]:
    return lambda club: partial(request_with_ltik, getattr(club, ltik), club.key, "/api/idtoken", **parameters)


def launch_by_portal(club: ToolClub) -> Asking:
    body = orjson.dumps({"userId": club.person.pk, "organizationId": club.organization.pk})
    headers = {"Authorization": f"Bearer {club.key}"}
    return partial(new_client().post, "/api/launches", body, content_type="application/json", headers=headers)


def launch_of_link_by_portal(club: ToolClub) -> Asking:
    asked = {
        "userId": club.person.pk,
        "organizationId": club.organization.pk,
        "resourceLinkId": str(club.link.uuid),
    }
    headers = {"Authorization": f"Bearer {club.key}"}
    body = orjson.dumps(asked)
    return partial(new_client().post, "/api/launches", body, content_type="application/json", headers=headers)


QUESTIONS: dict[str, dict[str, Callable[[ToolClub], Asking]]] = {
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
        "by ltik, differences": lambda club: partial(request_with_ltik, club.ltik, club.key, url=club.since),
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
