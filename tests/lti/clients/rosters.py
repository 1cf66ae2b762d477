"""Rosters as clients tell them, and as they are to be."""

from typing import Any

from lti.models import Deployment
from roster.models import User


def ids(members: list[Any]) -> list[str]:
    return [member["user_id"] for member in members]


def expected(deployment: Deployment, people: list[User]) -> list[str]:
    """The ids by which a deployment's tool is to be told of these people."""
    return [deployment.tool.subject_of(person.pk) for person in people]
