"""Deployments of tools."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from lti.models.tool import Tool
from lti.querysets import DeploymentQuerySet
from organizations.models import Organization
from roster.models import TimeStamped
from roster.privacy import Grant, Level


def new_deployment_id() -> str:
    return str(uuid.uuid4())


class Deployment(TimeStamped):
    """Where a tool is used: on the whole campus or in some organizations. For the tool no others exist."""

    tool = models.ForeignKey(
        Tool,
        related_name="deployments",
        on_delete=models.CASCADE,  # a part of the tool
    )
    deployment_id = models.CharField(
        "deployment id", max_length=64, unique=True, default=new_deployment_id, editable=False
    )
    is_active = models.BooleanField("active", default=True)
    is_campus_wide = models.BooleanField(
        "campus-wide", default=False, help_text="Covers every organization that the tool's audience may see."
    )
    organizations = models.ManyToManyField(
        Organization,
        blank=True,
        related_name="lti_deployments",
        help_text="The organizations it covers, if it is not campus-wide.",
    )
    tells_bare_members = models.BooleanField(
        "discloses members off the roster",
        default=False,
        help_text="Consent to disclose members whose privacy flag is off, with a user id and roles only; "
        "never confidential people or members of hidden organizations.",
    )
    adds_course_roles = models.BooleanField(
        default=False,
        help_text="Add Instructor to officers, managers and mentors, and Learner to the rest, for tools that know no "
        "other roles. Instructor is a privilege in most tools.",
    )

    named_after = ("tool",)
    objects = DeploymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(deployment_id=""),
                name="lti_deployment_has_an_id",
                violation_error_message="A deployment needs an id.",
            ),
        ]

    def __str__(self) -> str:
        where = "campus-wide" if self.is_campus_wide else "in some organizations"
        return f"{self.tool.name}, {where}"

    @property
    def grants(self) -> Grant:
        """What it grants a program to read."""
        return self.tool.grants.joined(Grant(Level.PUBLIC, reads_bare_members=self.tells_bare_members))

    def cover(self, organizations: Any) -> None:
        """Cover these organizations too. This counts as a change of the deployment, for differences."""
        self.organizations.add(*organizations)
        self.save(update_fields=["is_active"])
