"""What is asked of tools, deployments and the rest, in words."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

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
        """Active ones of active tools."""
        return self.filter(is_active=True, tool__status="active")

    def covering(self, organization: "Organization | int") -> Self:
        """Those that are used in an organization. One that names it comes before one of the whole campus."""
        covered = Q(is_campus_wide=True) | Q(organizations=organization)
        return self.filter(covered).order_by("is_campus_wide", "id").distinct()


class ContextQuerySet(models.QuerySet[Any]):
    def of(self, organization: "Organization") -> Any:
        """The context of an organization, created on first use."""
        return self.get_or_create(organization=organization)[0]


class DisclosedQuerySet(models.QuerySet[Any]):
    def of(self, tool: models.Model, context: models.Model) -> Self:
        """The members of a context that a tool has been told of."""
        return self.filter(tool=tool, context=context)

    def record_launch(self, tool: models.Model, context: models.Model, user_id: int) -> None:
        """Remember that a tool is told of a member by a launch. Nothing is written where it has been before."""
        if not self.of(tool, context).filter(user=user_id).exists():
            self.bulk_create([self.model(tool=tool, context=context, user_id=user_id)], ignore_conflicts=True)

    def record(
        self, tool: models.Model, context: models.Model, digests: dict[int, str], *, walk: int, at: dt.datetime
    ) -> None:
        """Remember what a tool is told of people, by digests of their rows, all of which are new or changed."""
        rows = [
            self.model(tool=tool, context=context, user_id=pk, digest=digest, changed_at=at, changed_in=walk)
            for pk, digest in sorted(digests.items())  # in one order, so that two walks never wait for each other
        ]
        if rows:
            self.bulk_create(
                rows,
                update_conflicts=True,
                update_fields=["digest", "changed_at", "changed_in"],
                unique_fields=["tool", "context", "user"],
            )

    def changed_since(self, instant: dt.datetime, *, walk: int) -> Self:
        """Those whose row was found to be another since an instant, by any walk but the one that began with it."""
        return self.filter(changed_at__gte=instant).exclude(changed_in=walk)


class PlatformKeyQuerySet(models.QuerySet[Any]):
    def published(self, *, on: dt.datetime) -> Self:
        """Keys that tools can read at the instant `on`, newest first: the one that signs and those retired lately."""
        lately = Q(retired_at__gt=on - PUBLISHED_AFTER_RETIRING)
        return self.filter(Q(signs=True) | lately).order_by("-created_at", "-id")


class AccessTokenQuerySet(models.QuerySet[Any]):
    def with_tool(self) -> Self:
        return self.select_related("tool")


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self, *, on: dt.datetime) -> Self:
        """Those that may still be used at the instant `on`."""
        return self.filter(used_at=None, expires_at__gt=on)


class LaunchQuerySet(TimeStampedQuerySet):
    def waiting(self, *, on: dt.datetime) -> Self:
        """Those whose tool may still ask for the id_token at the instant `on`."""
        return self.filter(completed_at=None, revoked_at=None, created_at__gt=on - TIME_TO_ANSWER)

    def with_parts(self) -> Self:
        """Join all that an id_token speaks of."""
        return self.select_related("user", "resource_link__deployment__tool", "resource_link__context__organization")


class LearningPlatformQuerySet(TimeStampedQuerySet):
    def active(self) -> Self:
        return self.filter(status=self.model.Status.ACTIVE)


class PlatformDeploymentQuerySet(TimeStampedQuerySet):
    def in_force(self) -> Self:
        """Active ones of active learning platforms."""
        return self.filter(status="active", platform__status="active")


class CourseQuerySet(TimeStampedQuerySet):
    def with_parts(self) -> Self:
        """Join all that it takes to read a course's roster."""
        return self.select_related("deployment__platform")

    def in_force(self) -> Self:
        """Courses of active deployments of active learning platforms."""
        return self.filter(deployment__status="active", deployment__platform__status="active")


class CourseLaunchQuerySet(TimeStampedQuerySet):
    def with_parts(self) -> Self:
        """Join all that it takes to read the roster of a launch's course."""
        return self.select_related("course__deployment__platform__tool")

    def in_force(self) -> Self:
        """Launches that nobody revoked, from active deployments of active learning platforms."""
        active = {"course__deployment__status": "active", "course__deployment__platform__status": "active"}
        return self.filter(revoked_at=None, **active)

    def forget_people(self, *, before: dt.datetime) -> int:
        """Keep of launches before an instant no name of who it was. The number of launches."""
        return self.filter(person__isnull=False, created_at__lt=before).update(person=None)


class CourseLinkQuerySet(TimeStampedQuerySet):
    def in_force(self) -> Self:
        """Active ones, of organizations that are not retired."""
        return self.filter(is_active=True).exclude(organization__status="inactive")

    def with_parts(self) -> Self:
        """Join all that it takes to sync."""
        return self.select_related("organization", "course__deployment__platform")

    def in_order(self) -> Self:
        """By folded organization name, then id."""
        return self.order_by("organization__name_folded", "organization_id")

    def locked(self) -> Self:
        """Held until the transaction ends, so that two syncs of one organization wait for each other."""
        return self.select_for_update(of=("self",))


class CourseRoleQuerySet(models.QuerySet[Any]):
    def in_order(self) -> Self:
        """In the order in which they decide."""
        return self.order_by("rank", "id")


class CourseSyncQuerySet(models.QuerySet[Any]):
    def done_since(self, instant: dt.datetime) -> Self:
        """Runs that wrote what they read later than at this instant."""
        return self.filter(outcome="done", begun_at__gt=instant)

    def forget(self, *, before: dt.datetime) -> int:
        """Remove runs that began before an instant. The number removed."""
        return self.filter(begun_at__lt=before).delete()[0]
