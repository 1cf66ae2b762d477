"""Positions and their LIS roles."""

import pytest

from lti import roles
from organizations.models import PositionTemplate
from tests.lti.tools import CHAIR, MANAGER, MEMBER, OFFICER, TREASURER

MENTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"


@pytest.mark.parametrize(
    "name, expected",
    [
        ("President", [OFFICER, CHAIR]),
        ("PRÉSIDENT", [OFFICER, CHAIR]),
        ("Vice President", [OFFICER, "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Vice-Chair"]),
        ("Vice-President", [OFFICER, "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Vice-Chair"]),
        ("Secretary", [OFFICER, "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Secretary"]),
        ("Treasurer", [OFFICER, TREASURER]),
        ("Communications", [OFFICER, "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Communications"]),
        ("Advisor", [MENTOR, "http://purl.imsglobal.org/vocab/lis/v2/membership/Mentor#Advisor"]),
        ("Manager", [MANAGER]),
        ("Member", [MEMBER]),
        ("Lighthouse Keeper", [MEMBER]),
    ],
)
def test_a_template_without_roles_has_those_of_its_name(name: str, expected: list[str]) -> None:
    assert roles.roles_of(PositionTemplate(name=name)) == expected


def test_a_template_with_roles_has_those_and_no_others() -> None:
    person = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Alumni"

    assert roles.roles_of(PositionTemplate(name="President", lti_roles=[person])) == [person]


def test_the_principal_stands_before_each_sub_role_once() -> None:
    assert roles.with_principals([CHAIR, TREASURER, MEMBER]) == [OFFICER, CHAIR, TREASURER, MEMBER]


@pytest.mark.parametrize("role", [OFFICER, "urn:lti:role:ims/lis/Learner", f"{roles.SUB}Officer", f"{roles.SUB}#Chair"])
def test_what_is_no_sub_role_has_no_principal(role: str) -> None:
    assert roles.principal_of(role) is None


@pytest.mark.parametrize(
    "name, added",
    [("President", "Instructor"), ("Manager", "Instructor"), ("Advisor", "Instructor"), ("Member", "Learner")],
)
def test_the_roles_of_a_course_are_added_where_that_is_wanted(name: str, added: str) -> None:
    template = PositionTemplate(name=name)

    assert roles.roles_of(template, adds_course_roles=True) == [
        *roles.roles_of(template),
        f"http://purl.imsglobal.org/vocab/lis/v2/membership#{added}",
    ]


def test_every_default_is_a_role_of_the_vocabulary() -> None:
    officers = {"Chair", "Communications", "Secretary", "Treasurer", "Vice-Chair"}
    vocabulary = {"Officer", "Manager", "Member", "Mentor#Advisor", *(f"Officer#{name}" for name in officers)}

    assert set(roles.DEFAULTS.values()) == vocabulary
