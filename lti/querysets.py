"""The querysets of lti: their methods name each condition once."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from roster.querysets import TimeStampedQuerySet

if TYPE_CHECKING:
    from organizations.models import Organization

PUBLISHED_AFTER_RETIRING = dt.timedelta(days=30)
"""How long tools can still read a platform key that no longer signs."""

TIME_TO_ANSWER = dt.timedelta(minutes=10)
"""How long a tool may take from the click on its button to its request for the id_token."""


class ToolQuerySet(TimeStampedQuerySet):
    def active(self) -> Self:
        return self.filter(status=self.model.Status.ACTIVE)


class ToolKeyQuerySet(models.QuerySet[Any]):
    def in_force(self, *, on: dt.datetime) -> Self:
        """Keys that are not retired at the instant `on`."""
        return self.filter(Q(retired_at=None) | Q(retired_at__gt=on))


class DeploymentQuerySet(TimeStampedQuerySet):
    def in_force(self) -> Self:
        """Active deployments of active tools."""
        return self.filter(is_active=True, tool__status="active")

    def covering(self, organization: "Organization | int") -> Self:
        """Deployments in an organization. One that names it comes before a campus-wide one."""
        covered = Q(is_campus_wide=True) | Q(organizations=organization)
        return self.filter(covered).order_by("is_campus_wide", "id").distinct()


class ContextQuerySet(models.QuerySet[Any]):
    def of(self, organization: "Organization") -> Any:
        """The context of an organization, created on first use."""
        return self.get_or_create(organization=organization)[0]


class DisclosedQuerySet(models.QuerySet[Any]):
    def of(self, tool: models.Model, context: models.Model) -> Self:
        """The members of a context who have been disclosed to a tool."""
        return self.filter(tool=tool, context=context)

    def record_launch(self, tool: models.Model, context: models.Model, user_id: int) -> None:
        """Store that a launch discloses a member to a tool, unless that is stored already."""
        if not self.of(tool, context).filter(user=user_id).exists():
            self.bulk_create([self.model(tool=tool, context=context, user_id=user_id)], ignore_conflicts=True)

    def record(
        self, tool: models.Model, context: models.Model, digests: dict[int, str], *, walk: int, at: dt.datetime
    ) -> None:
        """Store what is disclosed to a tool, by digests of rows, all of which are new or changed."""
        rows = [
            self.model(tool=tool, context=context, user_id=pk, digest=digest, changed_at=at, changed_in=walk)
            for pk, digest in sorted(digests.items())  # in one order, so that two walks cannot deadlock
        ]
        if rows:
            self.bulk_create(
                rows,
                update_conflicts=True,
                update_fields=["digest", "changed_at", "changed_in"],
                unique_fields=["tool", "context", "user"],
            )

    def changed_since(self, instant: dt.datetime, *, walk: int) -> Self:
        """Those whose row was found to differ since an instant, by any walk but the one that began with it."""
        return self.filter(changed_at__gte=instant).exclude(changed_in=walk)


class PlatformKeyQuerySet(models.QuerySet[Any]):
    def published(self, *, on: dt.datetime) -> Self:
        """Keys that are published at the instant `on`, newest first: the signing one and those retired lately."""
        lately = Q(retired_at__gt=on - PUBLISHED_AFTER_RETIRING)
        return self.filter(Q(signs=True) | lately).order_by("-created_at", "-id")


class AccessTokenQuerySet(models.QuerySet[Any]):
    def with_tool(self) -> Self:
        return self.select_related("tool")


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self, *, on: dt.datetime) -> Self:
        """Invitations that may still be used at the instant `on`."""
        return self.filter(used_at=None, expires_at__gt=on)


class LaunchQuerySet(TimeStampedQuerySet):
    def waiting(self, *, on: dt.datetime) -> Self:
        """Launches whose tool may still ask for the id_token at the instant `on`."""
        return self.filter(completed_at=None, revoked_at=None, created_at__gt=on - TIME_TO_ANSWER)

    def with_parts(self) -> Self:
        """Join what an id_token needs."""
        return self.select_related("user", "resource_link__deployment__tool", "resource_link__context__organization")


class LearningPlatformQuerySet(TimeStampedQuerySet):
    def active(self) -> Self:
        return self.filter(status=self.model.Status.ACTIVE)


class PlatformDeploymentQuerySet(TimeStampedQuerySet):
    def in_force(self) -> Self:
        """Active deployments of active learning platforms."""
        return self.filter(status="active", platform__status="active")


class CourseQuerySet(TimeStampedQuerySet):
    def with_parts(self) -> Self:
        """Join what reading the roster of a course needs."""
        return self.select_related("deployment__platform")

    def in_force(self) -> Self:
        """Courses of active deployments of active learning platforms."""
        return self.filter(deployment__status="active", deployment__platform__status="active")


class CourseLaunchQuerySet(TimeStampedQuerySet):
    def with_parts(self) -> Self:
        """Join what reading the roster of the launch's course needs."""
        return self.select_related("course__deployment__platform__tool")

    def in_force(self) -> Self:
        """Launches that are not revoked, from active deployments of active learning platforms."""
        active = {"course__deployment__status": "active", "course__deployment__platform__status": "active"}
        return self.filter(revoked_at=None, **active)

    def erase_people(self, *, before: dt.datetime) -> int:
        """Erase who launched, and what may tell of them, from launches before an instant. The number of launches."""
        old = self.filter(person__isnull=False, created_at__lt=before)
        return old.update(person=None, custom={}, return_url="")


class ServiceKeyQuerySet(TimeStampedQuerySet):
    def with_parts(self) -> Self:
        """Join what reading the roster needs."""
        return self.select_related(
            "tool", "deployment__tool", "context__organization", "course__deployment__platform__tool"
        )

    def in_force(self) -> Self:
        """Keys that are not revoked; those of courses only while their platform is active and opens the same tool."""
        active = {"course__deployment__status": "active", "course__deployment__platform__status": "active"}
        opens_tool = Q(course__deployment__platform__tool=F("tool"))
        return self.filter(Q(course=None) | (opens_tool & Q(**active)), revoked_at=None)


class CourseLinkQuerySet(TimeStampedQuerySet):
    def in_force(self) -> Self:
        """Active links of organizations that are not retired."""
        return self.filter(is_active=True).exclude(organization__status="inactive")

    def with_parts(self) -> Self:
        """Join what a sync needs."""
        return self.select_related("organization", "course__deployment__platform")

    def in_order(self) -> Self:
        """By search key of the organization's name, then id."""
        return self.order_by("organization__name_folded", "organization_id")

    def locked(self) -> Self:
        """Lock the rows until the transaction ends, so that syncs of one organization run one after the other."""
        return self.select_for_update(of=("self",))


class CourseRoleQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """By rank: of several roles of a person the first decides."""
        return self.order_by("rank", "id")


class CourseSyncQuerySet(models.QuerySet[Any]):
    def done_since(self, instant: dt.datetime) -> Self:
        """Runs that wrote what they read later than at this instant."""
        return self.filter(outcome="done", begun_at__gt=instant)

    def delete_before(self, instant: dt.datetime) -> int:
        """Delete runs that began before an instant. The number deleted."""
        return self.filter(begun_at__lt=instant).delete()[0]
