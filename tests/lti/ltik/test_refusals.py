"""Without a good ltik and a good key of the same tool there is nothing to be had."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey

from lti.core import ltik_token
from lti.ltik import authentication
from lti.models import Deployment, Launch, PlatformKey, Tool, ToolApiKey
from roster import secrets
from roster.models import ApiKey, User
from tests.client import ask
from tests.lti.ltik.ltik_api import LTIK_MEMBERSHIPS, key_of, refusal, request_with_ltik, v1, v2
from tests.lti.tools import access_token, deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

NO_LTIK, NO_KEY = (401, "NO_LTIK_OR_IDTOKEN_FOUND"), (401, "NO_API_KEY_FOUND")
BAD_LTIK, BAD_KEY = (401, "INVALID_LTIK"), (401, "INVALID_API_KEY")

PATHS = [LTIK_MEMBERSHIPS, "/api/idtoken"]
both_paths = pytest.mark.parametrize("path", PATHS)


def sent(authorization: str, path: str = LTIK_MEMBERSHIPS) -> tuple[int, str]:
    return refusal(ask(None, path, headers={"Authorization": authorization}))


def forged(launch: Launch, *, key: Any = None, alg: str = "HS256", **changes: Any) -> str:
    """An ltik of a launch, not as this server makes it."""
    good = jwt.decode(
        ltik_token.mint(launch, on=timezone.now()), OctKey.import_key(secrets.derived_keys(ltik_token.PURPOSE)[0])
    ).claims
    signing = key or OctKey.import_key(secrets.derived_keys(ltik_token.PURPOSE)[0])
    return jwt.encode({"alg": alg, "typ": "JWT"}, {**good, **changes}, signing, algorithms=[alg])


def test_the_shape_of_a_refusal() -> None:
    answer = ask(None, LTIK_MEMBERSHIPS, headers={"Authorization": "LTIK-AUTH-V2 "})

    assert answer.body == {
        "status": 401,
        "error": "Unauthorized",
        "details": {
            "message": "NO_LTIK_OR_IDTOKEN_FOUND",
            "description": "This request shows no ltik. Send “Authorization: LTIK-AUTH-V2 API_KEY:LTIK”.",
        },
    }
    assert answer.headers["WWW-Authenticate"] == 'LTIK-AUTH-V2 realm="lti"'


@both_paths
@pytest.mark.parametrize(
    "form", ["LTIK-AUTH-V1", "LTIK-AUTH-V1 Additional=Bearer {key}", "LTIK-AUTH-V1 Token=, Additional=Bearer {key}"]
)
def test_where_there_is_no_ltik(form: str, path: str, key: str) -> None:
    assert sent(form.format(key=key), path) == NO_LTIK


@both_paths
@pytest.mark.parametrize("form", ["LTIK-AUTH-V2", "LTIK-AUTH-V2 {key}", "LTIK-AUTH-V2 {key}:"])
def test_where_there_is_none_in_the_other_form(form: str, path: str, key: str) -> None:
    assert sent(form.format(key=key), path) == NO_LTIK


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": ""}])
def test_an_idtoken_is_for_ltiks_only(headers: dict[str, str]) -> None:
    assert refusal(ask(None, "/api/idtoken", headers=headers)) == NO_LTIK


@both_paths
@pytest.mark.parametrize(
    "form",
    ["LTIK-AUTH-V1 Token={ltik}", "LTIK-AUTH-V1 Token={ltik}, Additional=Basic {key}", "LTIK-AUTH-V2 :{ltik}"],
)
def test_where_there_is_no_key(form: str, path: str, token: str, key: str) -> None:
    assert sent(form.format(ltik=token, key=key), path) == NO_KEY


@both_paths
@pytest.mark.parametrize("form", [v1, v2])
@pytest.mark.parametrize("bad", ["x", "cr_unknown_secret", "é", "cr_\x7f_x"])
def test_a_key_that_is_none(form: Any, path: str, token: str, bad: str) -> None:
    assert sent(form(token, bad), path) == BAD_KEY


@both_paths
@pytest.mark.parametrize("form", [v1, v2])
@pytest.mark.parametrize("bad", ["x", "a.b.c", "e30.e30.", "é", "....", "null"])
def test_an_ltik_that_is_none(form: Any, path: str, key: str, bad: str) -> None:
    assert sent(form(bad, key), path) == BAD_LTIK


@both_paths
def test_a_key_of_the_roster_api_opens_nothing(sample: SampleData, path: str, token: str) -> None:
    for other in (sample.public_key, sample.campus_key, sample.staff_key):
        assert sent(v2(token, other), path) == BAD_KEY


@both_paths
def test_an_access_token_opens_nothing(poll: Tool, path: str, token: str) -> None:
    assert sent(v2(token, access_token(poll)), path) == BAD_KEY


@both_paths
def test_a_key_that_is_revoked_or_has_expired_opens_nothing(path: str, token: str, key: str) -> None:
    for field in ("revoked_at", "expires_at"):
        ApiKey.objects.filter(lti_tool__isnull=False).update(**{field: timezone.now() - dt.timedelta(minutes=1)})
        assert sent(v2(token, key), path) == BAD_KEY
        ApiKey.objects.filter(lti_tool__isnull=False).update(**{field: None})
    assert request_with_ltik(token, key, path).status == 200


@both_paths
def test_two_credentials_are_one_too_many(path: str, token: str, key: str) -> None:
    headers = {"Authorization": v2(token, key), "X-Engage-Api-Key": key}

    assert refusal(ask(None, path, headers=headers)) == BAD_KEY


def test_a_key_from_elsewhere_than_its_networks_opens_nothing(token: str, key: str) -> None:
    ApiKey.objects.filter(lti_tool__isnull=False).update(networks=["192.0.2.0/24"])

    assert sent(v2(token, key)) == BAD_KEY


@both_paths
@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_a_tool_that_is_not_active_gets_nothing(poll: Tool, path: str, token: str, key: str, status: str) -> None:
    Tool.objects.update(status=status)

    assert sent(v2(token, key), path) == BAD_KEY


@both_paths
def test_an_ltik_is_good_for_eight_hours(path: str, launch: Launch, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    minted = timezone.now().replace(microsecond=0)
    token = ltik_token.mint(launch, on=minted)
    answers = []
    for seconds in (8 * 3600 - 1, 8 * 3600):
        now = minted + dt.timedelta(seconds=seconds)
        monkeypatch.setattr(authentication, "clock", lambda now=now: now)
        answers.append(request_with_ltik(token, key, path))

    assert answers[0].status == 200
    assert refusal(answers[1]) == BAD_LTIK


@both_paths
def test_a_revoked_launch_opens_nothing(path: str, launch: Launch, token: str, key: str) -> None:
    launch.revoke(on=timezone.now())

    assert sent(v2(token, key), path) == BAD_LTIK


@both_paths
@pytest.mark.parametrize("status", ["inactive", "unregistered"])
def test_a_launch_of_somebody_inactive_opens_nothing(
    sample: SampleData, path: str, token: str, key: str, status: str
) -> None:
    User.objects.filter(pk=sample.amara.pk).update(status=status)

    assert sent(v2(token, key), path) == BAD_LTIK


@both_paths
@pytest.mark.parametrize("change", [{"is_campus_wide": False}, {"is_active": False}])
def test_a_deployment_that_was_withdrawn_opens_nothing(
    path: str, deployment: Deployment, token: str, key: str, change: dict[str, bool]
) -> None:
    deploy(deployment.tool)  # another one that covers the organization is not the launch's
    Deployment.objects.filter(pk=deployment.pk).update(**change)

    assert sent(v2(token, key), path) == BAD_LTIK


@both_paths
def test_an_organization_that_was_hidden_is_not_opened(sample: SampleData, path: str, token: str, key: str) -> None:
    sample.chess_club.directory_visibility = "hidden"
    sample.chess_club.save()

    assert sent(v2(token, key), path) == BAD_LTIK


@both_paths
def test_an_ltik_of_another_server_opens_nothing(path: str, launch: Launch, key: str, settings: Any) -> None:
    settings.SITE_URL = "https://elsewhere.example.edu"
    token = ltik_token.mint(launch, on=timezone.now())
    settings.SITE_URL = "https://testserver"

    assert sent(v2(token, key), path) == BAD_LTIK


def test_an_ltik_that_another_key_signed_opens_nothing(launch: Launch, key: str) -> None:
    other = OctKey.import_key(secrets.derived_keys("lti.another")[0])
    by_platform = forged(launch, key=PlatformKey.signing().private_key, alg="RS256")

    assert sent(v2(forged(launch, key=other), key)) == BAD_LTIK
    assert sent(v2(by_platform, key)) == BAD_LTIK
    assert request_with_ltik(forged(launch), key).status == 200  # the near miss


def test_an_unsigned_ltik_opens_nothing(token: str, key: str) -> None:
    _, claims, signature = token.split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"

    assert sent(v2(f"{none}.{claims}.", key)) == BAD_LTIK
    assert sent(v2(f"{none}.{claims}.{signature}", key)) == BAD_LTIK


def test_an_ltik_outlives_a_change_of_secret_key_with_a_fallback(token: str, key: str, settings: Any) -> None:
    fresh = "another-secret-of-this-installation-0123456789-0123456789"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = fresh, [settings.SECRET_KEY]
    assert request_with_ltik(token, key).status == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert sent(v2(token, key)) == BAD_KEY


@both_paths
def test_requests_count_toward_the_rate_of_the_key(poll: Tool, path: str, token: str) -> None:
    hurried = key_of(poll, rate=2)

    answers = [request_with_ltik(token, hurried, path) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert refusal(answers[2]) == (429, "TOO_MANY_REQUESTS")
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60


def test_a_bad_ltik_counts_too(poll: Tool) -> None:
    hurried = key_of(poll, rate=1)

    assert [request_with_ltik("x", hurried).status for _ in range(2)] == [401, 429]


def test_a_key_of_another_tool_opens_nothing(token: str) -> None:
    other = make_tool("Forum")
    deploy(other)

    assert sent(v2(token, key_of(other))) == BAD_LTIK


def test_a_key_that_was_taken_from_its_tool_opens_nothing(token: str, key: str) -> None:
    ToolApiKey.objects.all().delete()

    assert sent(v2(token, key)) == BAD_KEY


def test_no_answer_repeats_the_ltik_or_the_key(token: str, key: str) -> None:
    text = Client().get(LTIK_MEMBERSHIPS, headers={"Authorization": v2(token + "x", key)}).content.decode()

    assert token not in text
    assert key not in text
