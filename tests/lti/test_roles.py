"""Positions and their LIS roles."""

import pytest
from django.core.exceptions import ValidationError

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


@pytest.mark.parametrize(
    "written, uri",
    [
        ("Learner", f"{roles.CONTEXT_ROLE_PREFIX}Learner"),
        (" learner ", f"{roles.CONTEXT_ROLE_PREFIX}Learner"),
        (f"{roles.CONTEXT_ROLE_PREFIX}CONTENTDEVELOPER", f"{roles.CONTEXT_ROLE_PREFIX}ContentDeveloper"),
        ("instructor#TeachingAssistant", f"{roles.SUB}Instructor#TeachingAssistant"),
        (f"{roles.SUB}Officer#Chair", f"{roles.SUB}Officer#Chair"),
    ],
)
def test_a_context_role_is_read_in_full_or_by_its_short_name(written: str, uri: str) -> None:
    assert roles.read_context_role(written) == uri


@pytest.mark.parametrize(
    "written",
    [
        *("", "Lerner", "Officer#", "#Chair", "Officer#Chair#Vice", "Officer#Vice Chair", "Officer#Cha\nir"),
        *("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student", roles.SYSTEM_USER_ROLE),
    ],
)
def test_what_is_no_context_role_is_refused_and_shown_which_there_are(written: str) -> None:
    with pytest.raises(ValidationError, match="is no context role of LIS: Administrator, ContentDeveloper, "):
        roles.read_context_role(written)


def test_a_role_too_long_to_filter_by_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 255 bytes"):
        roles.read_context_role(f"Officer#{'x' * 255}")
