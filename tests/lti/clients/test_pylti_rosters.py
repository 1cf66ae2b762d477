"""PyLTI1p3, unmodified, reads rosters of a running site."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from pylti1p3.exception import LtiServiceException

from lti.models import Context, Deployment, ResourceLink
from memberships.models import Membership
from organizations.models import Organization
from roster.models import User
from tests.lti.clients.pylti import names_and_roles
from tests.lti.clients.rosters import expected, ids
from tests.lti.many_members import join
from tests.lti.tools import CHAIR, MEMBER, OFFICER, deploy, make_tool
from tests.sample_data import SampleData, membership, position
from tests.serving import Site


def session_with(after_each_page: Callable[[int], None]) -> requests.Session:
    """A session of the library that does something after each page of a roster, and counts them."""
    session = requests.Session()
    pages = []

    def answered(response: requests.Response, *args: Any, **kwargs: Any) -> None:
        if "/memberships" in response.url:
            pages.append(response.url)
            after_each_page(len(pages))

    session.hooks["response"].append(answered)
    return session


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 1001])
def test_it_reads_everybody_while_rows_come_and_go(
    site: Site, deployed: Deployment, choir: Organization, singer: Any, size: int
) -> None:
    people = join(singer, size)
    joined: list[User] = []

    def come_and_go(page: int) -> None:
        joined.extend(join(singer, 1, first=10_000 + page))
        Membership.objects.filter(user=people[100 * (page - 1)]).delete()  # told of on this page

    service = names_and_roles(site.url, deployed, choir, session_with(come_and_go if size else lambda page: None))

    listed = ids(service.get_members())

    assert listed[:size] == expected(deployed, people)
    assert len(listed) == len(set(listed))
    assert set(listed[size:]) <= set(expected(deployed, joined))


@pytest.mark.both_databases
def test_a_walk_ends_with_what_the_database_has(
    site: Site, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 250)

    def go(page: int) -> None:
        if page == 1:
            Membership.objects.filter(user__in=people[150:160]).delete()  # not told of yet

    listed = ids(names_and_roles(site.url, deployed, choir, session_with(go)).get_members())

    assert listed == expected(deployed, people[:150] + people[160:])


def test_it_reads_the_context(site: Site, deployed: Deployment, choir: Organization) -> None:
    context = Context.objects.of(choir)

    assert names_and_roles(site.url, deployed, choir).get_context() == {
        "id": str(context.uuid),
        "label": "CHOIR",
        "title": "Choir",
    }


def test_it_reads_the_fields_of_a_member(site: Site, deployed: Deployment, people: SampleData) -> None:
    (row,) = [
        row
        for row in names_and_roles(site.url, deployed, people.student_government).get_members()
        if row["given_name"] == "Amara"
    ]

    assert row == {
        "status": "Active",
        "name": "Amara Okafor",
        "picture": "https://www.example.edu/pictures/amara.okafor.jpg",
        "given_name": "Amara",
        "family_name": "Okafor",
        "middle_name": "Ngozi",
        "email": "amara.okafor@example.edu",
        "user_id": deployed.tool.subject_of(people.amara.pk),
        "roles": [OFFICER, CHAIR],
    }


@pytest.mark.parametrize("role", [OFFICER, "Officer", "officer", CHAIR, "Officer#Chair"])
def test_it_filters_by_role_across_pages(
    site: Site, deployed: Deployment, people: SampleData, choir: Organization, singer: Any, role: str
) -> None:
    crowd = join(singer, 30)
    conductor = position(choir, "Conductor", people.president_kind)
    for person in crowd[::2]:
        membership(person, conductor, "2024-09-01")
    service = names_and_roles(site.url, deployed, choir)
    service._service_data["context_memberships_url"] += "?" + urlencode({"role": role, "limit": 4})

    members = service.get_members()

    assert ids(members) == expected(deployed, crowd[::2])
    assert {tuple(member["roles"]) for member in members} == {(OFFICER, CHAIR, MEMBER)}


def test_it_reads_page_after_page_of_a_limit(
    site: Site, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 5)
    service = names_and_roles(site.url, deployed, choir)

    first, url = service.get_members_page(f"{service._service_data['context_memberships_url']}?limit=2")
    second, url = service.get_members_page(url)
    third, end = service.get_members_page(url)

    assert [ids(page) for page in (first, second, third)] == [
        expected(deployed, people[:2]),
        expected(deployed, people[2:4]),
        expected(deployed, people[4:]),
    ]
    assert end is None


def test_it_reads_the_differences(site: Site, deployed: Deployment, choir: Organization, singer: Any) -> None:
    people = join(singer, 3)
    service = names_and_roles(site.url, deployed, choir)
    link = service.get_nrps_data()["headers"]["Link"]
    url = link.partition("<")[2].partition(">")[0]
    assert link.lower() == f'<{url}>; rel="differences"'
    Membership.objects.filter(user=people[1]).delete()
    (newcomer,) = join(singer, 1, first=50)

    statuses = {row["user_id"]: row["status"] for row in service.get_nrps_data(url.lower())["body"]["members"]}

    assert statuses[deployed.tool.subject_of(people[1].pk)] == "Deleted"
    assert statuses[deployed.tool.subject_of(newcomer.pk)] == "Active"


def test_it_reads_a_resource_link(site: Site, deployed: Deployment, choir: Organization, singer: Any) -> None:
    people = join(singer, 101)
    link = ResourceLink.objects.create(
        deployment=deployed, context=Context.objects.of(choir), custom={"who": "$Person.name.family"}
    )

    members = names_and_roles(site.url, deployed, choir).get_members(resource_link_id=str(link.uuid))

    assert ids(members) == expected(deployed, people)
    messages: list[Any] = [member["message"] for member in members]
    customs = [message[0]["https://purl.imsglobal.org/spec/lti/claim/custom"] for message in messages]
    assert customs == [{"who": person.last_name} for person in people]


def test_it_is_shown_when_an_organization_is_closed_to_it(site: Site, people: SampleData, choir: Organization) -> None:
    deployment = deploy(make_tool(), people.chess_club)

    with pytest.raises(LtiServiceException) as error:
        names_and_roles(site.url, deployment, choir).get_members()

    assert error.value.response.status_code == 404
