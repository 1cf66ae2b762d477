"""npm's ltijs, unmodified, reads rosters of a running site."""

from typing import Any

import pytest

from lti.models import Context, Deployment, ResourceLink
from memberships.models import Membership
from organizations.models import Organization
from roster.models import User
from tests.lti.clients.ltijs_tool import Ltijs, Refused
from tests.lti.clients.rosters import expected, ids
from tests.lti.many_members import join
from tests.lti.tools import CHAIR, MEMBER, OFFICER, deploy, make_tool
from tests.sample_data import SampleData, membership, position
from tests.serving import Site


@pytest.fixture
def deployed(people: SampleData, ltijs: Ltijs) -> Deployment:
    """The tool, told all, used on the whole campus."""
    return ltijs.deployed()


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 1001])
def test_it_reads_everybody_while_rows_come_and_go(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, singer: Any, size: int
) -> None:
    people = join(singer, size)
    joined: list[User] = []
    pages = []

    def come_and_go(page: int) -> None:
        pages.append(page)
        joined.extend(join(singer, 1, first=10_000 + page))
        Membership.objects.filter(user=people[100 * (page - 1)]).delete()  # told of on this page

    listed = ids(ltijs.members(site.url, deployed, choir, between=come_and_go, pages=False)["members"])

    assert listed[:size] == expected(deployed, people)
    assert len(listed) == len(set(listed))
    assert set(listed[size:]) <= set(expected(deployed, joined))
    assert pages == list(range(1, len(pages) + 1))
    assert len(pages) == (max(len(listed), 1) - 1) // 100


@pytest.mark.both_databases
def test_a_walk_ends_with_what_the_database_has(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 250)

    def go(page: int) -> None:
        if page == 1:
            Membership.objects.filter(user__in=people[150:160]).delete()  # not told of yet

    listed = ids(ltijs.members(site.url, deployed, choir, between=go, pages=False)["members"])

    assert listed == expected(deployed, people[:150] + people[160:])


def test_it_reads_the_container(site: Site, ltijs: Ltijs, deployed: Deployment, people: SampleData) -> None:
    context = Context.objects.of(people.student_government)

    answer = ltijs.members(site.url, deployed, people.student_government, limit=1)

    assert (answer["id"], answer["context"]) == (
        f"{site.url}/lti/contexts/{context.uuid}/memberships",
        {"id": str(context.uuid), "label": "SG", "title": "Student Government"},
    )
    assert answer["members"] == [
        {
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
    ]


@pytest.mark.parametrize("role", [OFFICER, "Officer", "officer", CHAIR, "Officer#Chair"])
def test_it_filters_by_role_across_pages(
    site: Site, ltijs: Ltijs, deployed: Deployment, people: SampleData, choir: Organization, singer: Any, role: str
) -> None:
    crowd = join(singer, 30)
    conductor = position(choir, "Conductor", people.president_kind)
    for person in crowd[::2]:
        membership(person, conductor, "2024-09-01")

    members = ltijs.members(site.url, deployed, choir, role=role, limit=4, pages=False)["members"]

    assert ids(members) == expected(deployed, crowd[::2])
    assert {tuple(member["roles"]) for member in members} == {(OFFICER, CHAIR, MEMBER)}


def test_it_finds_nobody_with_a_role_that_there_is_not(
    site: Site, ltijs: Ltijs, deployed: Deployment, people: SampleData
) -> None:
    assert ltijs.members(site.url, deployed, people.student_government, role="Learner")["members"] == []


def test_it_reads_page_after_page_of_a_limit(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 5)

    first = ltijs.members(site.url, deployed, choir, limit=2)
    second = ltijs.members(site.url, deployed, choir, url=first["next"])
    third = ltijs.members(site.url, deployed, choir, url=second["next"])

    assert [ids(page["members"]) for page in (first, second, third)] == [
        expected(deployed, people[:2]),
        expected(deployed, people[2:4]),
        expected(deployed, people[4:]),
    ]
    assert "next" not in third


def test_it_reads_as_many_pages_as_it_wants(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 7)

    answer = ltijs.members(site.url, deployed, choir, limit=2, pages=2)
    rest = ltijs.members(site.url, deployed, choir, url=answer["next"], pages=False)

    assert ids(answer["members"]) == expected(deployed, people[:4])
    assert ids(rest["members"]) == expected(deployed, people[4:])


def test_it_reads_the_differences(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 3)
    url = ltijs.members(site.url, deployed, choir)["differences"]
    Membership.objects.filter(user=people[1]).delete()
    Membership.objects.filter(user=people[2]).update(shown_on_campus=False)
    (newcomer,) = join(singer, 1, first=50)

    answer = ltijs.members(site.url, deployed, choir, url=url)

    statuses = {row["user_id"]: row["status"] for row in answer["members"]}
    assert [statuses[user_id] for user_id in expected(deployed, [*people[1:], newcomer])] == [
        *("Deleted", "Deleted", "Active")
    ]
    assert answer["differences"] != url


def test_it_reads_a_resource_link(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, singer: Any
) -> None:
    people = join(singer, 101)
    link = ResourceLink.objects.create(
        deployment=deployed, context=Context.objects.of(choir), custom={"who": "$Person.name.family"}
    )

    members = ltijs.members(site.url, deployed, choir, link, resourceLinkId=True, pages=False)["members"]

    assert ids(members) == expected(deployed, people)
    customs = [member["message"][0]["https://purl.imsglobal.org/spec/lti/claim/custom"] for member in members]
    assert customs == [{"who": person.last_name} for person in people]


def test_a_resource_link_of_another_tool_is_denied(
    site: Site, ltijs: Ltijs, deployed: Deployment, choir: Organization, people: SampleData
) -> None:
    other = ResourceLink.objects.create(deployment=deploy(make_tool("Forum")), context=Context.objects.of(choir))

    with pytest.raises(Refused) as refused:
        ltijs.members(site.url, deployed, choir, other, resourceLinkId=True)

    assert refused.value.status == 403


def test_it_is_shown_when_an_organization_is_closed_to_it(
    site: Site, ltijs: Ltijs, people: SampleData, choir: Organization
) -> None:
    deployment = ltijs.deployed(people.chess_club)

    with pytest.raises(Refused) as refused:
        ltijs.members(site.url, deployment, choir)

    assert refused.value.status == 404
