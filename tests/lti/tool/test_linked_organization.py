"""A link in a course opens an organization: its public roster, in a frame without cookies."""

import datetime as dt
import re
import time
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from lti import claims
from lti.models import CourseLaunch, PlatformDeployment
from memberships.models import Membership
from organizations.models import Organization
from roster import days
from tests.client import new_client
from tests.lti.many_members import join
from tests.lti.tool.launching import assert_refused, launch
from tests.lti.tool.lms import LEARNER, Lms
from tests.sample_data import SampleData, organization, position

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def opened(browser: Client, lms: Lms, organization_id: Any) -> Any:
    """What this server answers to the launch of a link to an organization, by a student."""
    custom = {claims.CUSTOM: {"organization_id": organization_id}, claims.ROLES: [LEARNER]}
    return launch(browser, lms, **custom)


def page(response: Any, number: int = 1) -> Any:
    """The page that it redirects to, as a frame without cookies gets it."""
    assert response.status_code == 302, response.content.decode()
    return new_client().get(f"{response['Location']}&page={number}")


def people_on(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return re.findall("<li>(.*)</li>", answer.content.decode())


def test_it_shows_the_public_roster(
    browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData
) -> None:
    chess = sample.chess_club
    Membership.objects.filter(position__organization=chess).update(shown_on_public=False)
    mine = Membership.objects.filter(position__organization=chess, user=sample.amara)
    mine.update(shown_on_public=True)
    membership = mine.current(on=days.today()).select_related("position").get()

    answer = page(opened(browser, lms, str(chess.pk)))

    assert people_on(answer) == [f"Amara Okafor, {membership.position.name}"]
    assert f"<h1>{chess.name}</h1>" in answer.content.decode()
    assert f'href="/lti/organizations/{chess.pk}/"' in answer.content.decode()
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert CourseLaunch.objects.get().roles == [LEARNER]


def test_its_pages(browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData) -> None:
    choir = organization("Choir", "CHOIR")
    join(position(choir, "Singer", sample.member_kind), 101)
    Membership.objects.filter(position__organization=choir).update(shown_on_public=True)
    response = opened(browser, lms, str(choir.pk))

    pages = [people_on(page(response, number)) for number in (1, 2)]

    assert [len(people) for people in pages] == [100, 1]
    assert "page=2" in page(response).content.decode()


def test_an_organization_without_a_public_roster(
    browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData
) -> None:
    choir = organization("Choir", "CHOIR")

    assert "Nobody is on the public roster." in page(opened(browser, lms, str(choir.pk))).content.decode()


def test_those_who_left_are_not_shown(
    browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData
) -> None:
    choir = organization("Choir", "CHOIR")
    join(position(choir, "Singer", sample.member_kind), 3)
    Membership.objects.filter(position__organization=choir).update(
        shown_on_public=True, recorded_start=dt.date(2020, 1, 1), recorded_end=dt.date(2020, 2, 1)
    )

    assert people_on(page(opened(browser, lms, str(choir.pk)))) == []


@pytest.mark.parametrize("text", ["0", "x", "$Organization.id", 7, ["1"], "9" * 40])
def test_a_link_to_no_organization(browser: Client, lms: Lms, deployment: PlatformDeployment, text: Any) -> None:
    assert_refused(opened(browser, lms, text), 404, "is not in the campus roster any more, or not shown to the public")


def test_an_organization_that_was_hidden_later(
    browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData
) -> None:
    response = opened(browser, lms, str(sample.chess_club.pk))
    Organization.objects.filter(pk=sample.chess_club.pk).update(directory_visibility="hidden")

    assert page(response).status_code == 404
    assert opened(browser, lms, str(sample.chess_club.pk)).status_code == 404


@pytest.mark.parametrize("custom", [None, {}, {"organization_id": ""}, {"other": "7"}])
def test_a_link_that_names_none_opens_the_tool(
    browser: Client, lms: Lms, deployment: PlatformDeployment, custom: Any
) -> None:
    response = launch(browser, lms, **{claims.CUSTOM: custom})

    assert response["Location"].startswith("https://poll.example.org/launch?ltik=")


@pytest.mark.parametrize("text", ["", "x", "MQ:1:x"])
def test_nobody_opens_it_without_a_launch(text: str) -> None:
    assert_refused(Client().get("/lti/course/organization", {"link": text}), 400, "This page is too old.")


def test_the_page_can_be_turned_for_eight_hours(
    browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData
) -> None:
    response, now = opened(browser, lms, str(sample.chess_club.pk)), time.time()
    for hours, status in ((7.9, 200), (8.1, 400)):
        with mock.patch("django.core.signing.time.time", return_value=now + hours * 3600):
            assert page(response).status_code == status
