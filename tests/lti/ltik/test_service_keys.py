"""A service key reads the roster of a launch without a person, until it is revoked."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti.core import ltik_token, service_key_token, signed_token
from lti.ltik import authentication
from lti.models import Context, Deployment, Launch, ServiceKey, Tool
from roster.models import ApiKey, User
from tests.client import ask
from tests.lti.ltik.ltik_api import (
    LTIK_MEMBERSHIPS,
    key_of,
    launch_of,
    ltik_of,
    refusal,
    request_with_ltik,
    request_with_service_key,
    service,
    service_key_of,
    v2,
)
from tests.lti.many_members import join
from tests.lti.tools import deploy, ids, make_tool, path_of, user_ids
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

NO_SERVICE_KEY, BAD_SERVICE_KEY = (401, "NO_SERVICE_KEY_FOUND"), (401, "INVALID_SERVICE_KEY")
NO_KEY, BAD_KEY = (401, "NO_API_KEY_FOUND"), (401, "INVALID_API_KEY")


@pytest.fixture
def service_key(launch: Launch) -> str:
    return service_key_of(launch)


def key_in_idtoken(launch: Launch, key: str) -> str | None:
    """The service key that `/api/idtoken` tells to a new ltik of a launch."""
    found: str | None = request_with_ltik(ltik_of(launch), key, "/api/idtoken").body["services"].get("serviceKey")
    return found


def test_it_reads_what_the_ltik_reads(launch: Launch, token: str, key: str) -> None:
    answer = request_with_service_key(str(key_in_idtoken(launch, key)), key)

    expected = request_with_ltik(token, key)
    assert answer.status == 200
    without_links = [{**found.body, "differences": None} for found in (answer, expected)]
    assert without_links[0] == without_links[1]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize("form", ["service-auth-v1 {key}:{text}", "SERVICE-AUTH-V1  {key} : {text} "])
@pytest.mark.parametrize("path", ["/api/memberships/", "/API/Memberships", "/engage/api/memberships"])
def test_every_spelling_is_good(form: str, path: str, service_key: str, key: str) -> None:
    headers = {"Authorization": form.format(key=key, text=service_key)}

    assert Client().get(path, headers=headers).status_code == 200


def test_a_roster_of_1001_is_complete_with_a_limit_of_1000(
    sample: SampleData, poll: Tool, service_key: str, key: str
) -> None:
    people = join(sample.chess_member, 999)
    answer = request_with_service_key(service_key, key, limit=1000)
    found = user_ids(answer)
    while "next" in answer.body:
        answer = request_with_service_key(service_key, key, url=answer.body["next"])
        found += user_ids(answer)

    assert found == ids(poll, sample.amara, sample.farid, *people)


def test_it_takes_a_role_and_the_differences(sample: SampleData, poll: Tool, service_key: str, key: str) -> None:
    assert request_with_service_key(service_key, key, role="Officer").body["members"] == []
    url = request_with_service_key(service_key, key).body["differences"]
    sample.farid_chess.shown_on_campus = False
    sample.farid_chess.save()

    gone = {"status": "Deleted", "user_id": poll.subject_of(sample.farid.pk), "roles": []}
    assert request_with_service_key(service_key, key, url=url).body["members"] == [gone]


def test_it_has_no_resource_link(service_key: str, key: str) -> None:
    answer = request_with_service_key(service_key, key, resourceLinkId="true")

    assert refusal(answer) == (400, "INVALID_PARAMETERS")


def test_it_tells_of_nobody_who_launched(service_key: str, key: str) -> None:
    answer = request_with_service_key(service_key, key, "/api/idtoken")

    assert refusal(answer) == (401, "NO_LTIK_OR_IDTOKEN_FOUND")


# Which launches share one


def test_every_launch_from_an_organization_tells_the_same_one(
    sample: SampleData, launch: Launch, deployment: Deployment, key: str
) -> None:
    other = launch_of(sample.farid, sample.chess_club, deployment)

    assert key_in_idtoken(launch, key) == key_in_idtoken(launch, key) == key_in_idtoken(other, key)
    assert ServiceKey.objects.count() == 1


def test_there_is_one_for_each_organization_and_each_deployment(
    sample: SampleData, poll: Tool, launch: Launch, deployment: Deployment, key: str
) -> None:
    elsewhere = launch_of(sample.amara, sample.student_government, deployment)
    deployed_again = launch_of(sample.amara, sample.chess_club, deploy(poll))

    assert len({key_in_idtoken(one, key) for one in (launch, elsewhere, deployed_again)}) == 3


def test_it_reads_its_own_organization_only(
    sample: SampleData, deployment: Deployment, service_key: str, key: str
) -> None:
    other = service_key_of(launch_of(sample.amara, sample.student_government, deployment))
    url = request_with_service_key(other, key, limit=1).body["next"]

    assert refusal(request_with_service_key(service_key, key, url=url)) == (400, "INVALID_PARAMETERS")
    assert request_with_service_key(other, key).body["id"] == f"https://testserver{path_of(sample.student_government)}"


# How long it is good


def test_it_outlives_the_ltik_and_the_person(
    sample: SampleData, launch: Launch, service_key: str, token: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + dt.timedelta(seconds=ltik_token.LTIK_LIFETIME)
    monkeypatch.setattr(authentication, "clock", lambda: later)
    User.objects.filter(pk=sample.amara.pk).update(status="inactive")

    assert refusal(request_with_ltik(token, key)) == (401, "INVALID_LTIK")
    assert request_with_service_key(service_key, key).status == 200


def test_revoking_a_launch_does_not_end_it(launch: Launch, service_key: str, key: str) -> None:
    launch.revoke(on=timezone.now())

    assert request_with_service_key(service_key, key).status == 200


def test_a_revoked_one_opens_nothing_and_a_later_launch_tells_another(
    sample: SampleData, deployment: Deployment, launch: Launch, service_key: str, key: str
) -> None:
    ServiceKey.objects.get().revoke(on=timezone.now())
    assert refusal(request_with_service_key(service_key, key)) == BAD_SERVICE_KEY
    assert key_in_idtoken(launch, key) is None

    fresh = key_in_idtoken(launch_of(sample.farid, sample.chess_club, deployment), key)

    assert fresh
    assert fresh != service_key
    assert request_with_service_key(fresh, key).status == 200
    assert refusal(request_with_service_key(service_key, key)) == BAD_SERVICE_KEY
    assert key_in_idtoken(launch, key) is None  # it began before the revocation


def test_revoking_it_again_changes_nothing(launch: Launch, service_key: str) -> None:
    row = ServiceKey.objects.get()
    first = timezone.now()
    row.revoke(on=first)
    row.revoke(on=first + dt.timedelta(hours=1))

    assert ServiceKey.objects.get().revoked_at == first


@pytest.mark.parametrize("change", [{"is_campus_wide": False}, {"is_active": False}])
def test_a_deployment_that_was_withdrawn_opens_nothing(
    deployment: Deployment, service_key: str, key: str, change: dict[str, bool]
) -> None:
    deploy(deployment.tool)  # another one that covers the organization is not the key's
    Deployment.objects.filter(pk=deployment.pk).update(**change)

    assert refusal(request_with_service_key(service_key, key)) == BAD_SERVICE_KEY


def test_an_organization_that_was_hidden_is_not_opened(sample: SampleData, service_key: str, key: str) -> None:
    sample.chess_club.directory_visibility = "hidden"
    sample.chess_club.save()

    assert refusal(request_with_service_key(service_key, key)) == BAD_SERVICE_KEY


@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_a_tool_that_is_not_active_gets_nothing(service_key: str, key: str, status: str) -> None:
    Tool.objects.update(status=status)

    assert refusal(request_with_service_key(service_key, key)) == BAD_KEY


def test_it_tells_what_the_tool_may_read_now(sample: SampleData, poll: Tool, service_key: str, key: str) -> None:
    Tool.objects.update(disclosure="none")

    members = request_with_service_key(service_key, key).body["members"]

    assert [list(row) for row in members] == [["user_id", "roles"], ["user_id", "roles"]]


# What opens nothing


def test_the_shape_of_a_refusal() -> None:
    answer = ask(None, LTIK_MEMBERSHIPS, headers={"Authorization": "SERVICE-AUTH-V1 "})

    assert answer.body == {
        "status": 401,
        "error": "Unauthorized",
        "details": {
            "message": "NO_SERVICE_KEY_FOUND",
            "description": "This request shows no service key. Send “Authorization: SERVICE-AUTH-V1 "
            "API_KEY:SERVICE_KEY”.",
        },
    }
    assert answer.headers["WWW-Authenticate"] == 'SERVICE-AUTH-V1 realm="lti"'


@pytest.mark.parametrize("form", ["SERVICE-AUTH-V1", "SERVICE-AUTH-V1 {key}", "SERVICE-AUTH-V1 {key}:"])
def test_where_there_is_no_service_key(form: str, key: str) -> None:
    headers = {"Authorization": form.format(key=key)}

    assert refusal(ask(None, LTIK_MEMBERSHIPS, headers=headers)) == NO_SERVICE_KEY


def test_where_there_is_no_key(service_key: str) -> None:
    assert refusal(request_with_service_key(service_key, "")) == NO_KEY


@pytest.mark.parametrize("bad", ["x", "a.b.c", "e30.e30.", "é", "....", "null", "\x7f"])
def test_a_service_key_that_is_none(bad: str, key: str) -> None:
    assert refusal(request_with_service_key(bad, key)) == BAD_SERVICE_KEY


def test_a_key_that_is_none(sample: SampleData, service_key: str) -> None:
    for bad in ("x", "cr_unknown_secret", sample.staff_key):
        assert refusal(request_with_service_key(service_key, bad)) == BAD_KEY


def test_a_key_of_another_tool_opens_nothing(service_key: str) -> None:
    other = make_tool("Forum")
    deploy(other)

    assert refusal(request_with_service_key(service_key, key_of(other))) == BAD_SERVICE_KEY


def test_a_revoked_api_key_opens_nothing(service_key: str, key: str) -> None:
    ApiKey.objects.filter(lti_tool__isnull=False).update(revoked_at=timezone.now() - dt.timedelta(minutes=1))

    assert refusal(request_with_service_key(service_key, key)) == BAD_KEY


def test_an_ltik_is_no_service_key_and_a_service_key_no_ltik(token: str, service_key: str, key: str) -> None:
    assert refusal(request_with_service_key(token, key)) == BAD_SERVICE_KEY
    assert refusal(request_with_ltik(service_key, key)) == (401, "INVALID_LTIK")


def test_its_row_alone_is_no_credential(service_key: str, key: str, settings: Any) -> None:
    row = ServiceKey.objects.get()
    settings.SECRET_KEY, good = "another-secret-of-this-installation-0123456789-0123456789", settings.SECRET_KEY
    forged = service_key_token.mint(row)
    settings.SECRET_KEY = good

    assert forged != service_key
    for text in (forged, str(row.uuid), row.uuid.hex):
        assert refusal(request_with_service_key(text, key)) == BAD_SERVICE_KEY


def test_nothing_of_its_text_is_stored(service_key: str) -> None:
    *_, signature = service_key.split(".")

    assert signature not in str(list(ServiceKey.objects.values()))
    assert signature not in str(list(Context.objects.values()))


def test_it_outlives_a_change_of_secret_key_with_a_fallback(service_key: str, poll: Tool, settings: Any) -> None:
    fresh = "another-secret-of-this-installation-0123456789-0123456789"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = fresh, [settings.SECRET_KEY]
    key = key_of(poll)
    assert request_with_service_key(service_key, key).status == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert refusal(request_with_service_key(service_key, key)) == BAD_SERVICE_KEY


def test_one_of_another_server_opens_nothing(launch: Launch, key: str, settings: Any) -> None:
    row = ServiceKey.of_launch(launch)
    assert row
    settings.SITE_URL = "https://elsewhere.example.edu"
    elsewhere = service_key_token.mint(row)
    settings.SITE_URL = "https://testserver"

    assert refusal(request_with_service_key(elsewhere, key)) == BAD_SERVICE_KEY


def test_one_of_another_purpose_opens_nothing(service_key: str, key: str) -> None:
    row = ServiceKey.objects.get()
    forged = signed_token.sign("lti.another", {"jti": str(row.uuid), "iat": 1})

    assert refusal(request_with_service_key(forged, key)) == BAD_SERVICE_KEY


def test_requests_count_toward_the_rate_of_the_key(poll: Tool, service_key: str) -> None:
    hurried = key_of(poll, rate=1)

    assert [request_with_service_key(service_key, hurried).status for _ in range(2)] == [200, 429]


def test_two_credentials_are_one_too_many(service_key: str, key: str) -> None:
    headers = {"Authorization": service(service_key, key), "X-Engage-Api-Key": key}

    assert refusal(ask(None, LTIK_MEMBERSHIPS, headers=headers)) == BAD_KEY


def test_no_answer_repeats_it(service_key: str, key: str) -> None:
    shown = Client().get(LTIK_MEMBERSHIPS, headers={"Authorization": service(service_key + "x", key)}).content.decode()

    assert service_key not in shown
    assert key not in shown


def test_the_ltik_scheme_is_as_before(token: str, key: str) -> None:
    assert ask(None, LTIK_MEMBERSHIPS, headers={"Authorization": v2(token, key)}).status == 200
