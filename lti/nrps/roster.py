"""An organization's members as one tool may know them on one day: each person once, with all roles merged.

People come in pages by key, so that insertions between pages neither repeat nor lose anyone. A person who is on the
roster that the tool's audience sees is told of with the fields of its disclosure level. One who is not, and whose
membership is current, is told of with a user id and roles, where the deployment consents to that.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from lti import roles
from lti.models import Context, Deployment, Disclosed, Tool
from lti.nrps.people import first_people, held_templates
from lti.querysets import DisclosedQuerySet
from memberships.models import Membership
from memberships.querysets import MembershipQuerySet
from organizations.models import Organization, Position, PositionTemplate
from roster import privacy

MemberRow = dict[str, Any]


@dataclass(frozen=True)
class Roster:
    """The members of a context as a tool sees them by one of its deployments on the day `on`."""

    tool: Tool
    deployment: Deployment
    context: Context
    on: dt.date

    @property
    def organization(self) -> Organization:
        return self.context.organization

    # Which memberships the tool is told of

    @property
    def seen(self) -> MembershipQuerySet:
        """Memberships on the roster that the tool's audience sees, current ones and those to come."""
        return Membership.objects.visible_to(self.tool.reads).not_past(on=self.on)

    @property
    def pseudonymous(self) -> MembershipQuerySet:
        """Current memberships off that roster, of which the deployment consents to tell that there is somebody."""
        if not self.deployment.tells_bare_members:
            return Membership.objects.none()
        return Membership.objects.filter(privacy.pseudonymous_membership_rows(self.tool.reads)).current(on=self.on)

    @property
    def told(self) -> MembershipQuerySet:
        return self.seen | self.pseudonymous

    def of_same_person(self, memberships: MembershipQuerySet) -> QuerySet[Any]:
        """Those of `memberships` that are in this organization and of the person of an outer query's membership."""
        return memberships.filter(user=OuterRef("user"), position__organization=self.organization)

    def with_disclosed_roles(self) -> MembershipQuerySet:
        """Memberships whose roles the tool is told: a role to come or off the roster is no role beside better ones."""
        current = self.seen.current(on=self.on)
        to_come = self.seen.upcoming(on=self.on).filter(~Exists(self.of_same_person(current)))
        return current | to_come | self.pseudonymous.filter(~Exists(self.of_same_person(self.seen)))

    # People, page by page

    def roles_of(self, position: Position) -> list[str]:
        return self.roles_of_kind(position.template)

    def roles_of_kind(self, template: PositionTemplate) -> list[str]:
        return roles.roles_of(template, adds_course_roles=self.deployment.adds_course_roles)

    def people(self, *, after: int, limit: int, role: str | None = None) -> list[int]:
        """Ids of the next `limit` people after the id `after`, in order; only those with a role, as `roles.asked`."""
        if role is None:
            return first_people(self.organization, self.told, after=after, limit=limit)
        kinds = [
            kind for kind in held_templates(self.organization) if roles.matches_role(self.roles_of_kind(kind), role)
        ]
        if not kinds:
            return []
        with_role = self.with_disclosed_roles().filter(position__template__in=kinds)
        return first_people(self.organization, with_role, after=after, limit=limit)

    # What a person's row says

    def rows(self, people: list[int]) -> dict[int, MemberRow]:
        """The rows of those people whom the tool is told of, by the person's id."""
        memberships = self.told.filter(user__in=people, position__organization=self.organization)
        held: dict[int, list[Membership]] = {user_id: [] for user_id in people}
        for membership in memberships.select_related("user", "position__template"):
            held[membership.user_id].append(membership)
        return {user_id: self.row(list_) for user_id, list_ in held.items() if list_}

    def row(self, memberships: list[Membership]) -> MemberRow:
        """One person's row from all memberships of which the tool is told; there is at least one."""
        user = memberships[0].user
        flag = privacy.roster_flag(self.tool.reads)
        seen = [membership for membership in memberships if getattr(membership, flag)]
        current = [membership for membership in seen or memberships if membership.is_current(on=self.on)]
        positions = {membership.position_id: membership.position for membership in current or seen}
        in_order = sorted(positions.values(), key=lambda position: (position.order_key, position.pk))
        values = {
            "status": "Active" if current else "Inactive",
            "name": user.full_name,
            "picture": user.picture_url,
            "given_name": user.known_as,
            "family_name": user.last_name,
            "middle_name": user.middle_name,
            "email": user.campus_email,
            "user_id": self.tool.subject_of(user.pk),
            "lis_person_sourcedid": user.sis_id,
            "roles": roles.merged(self.roles_of(position) for position in in_order),
        }
        told = self.tool.member_fields if seen else privacy.PSEUDONYMOUS_FIELDS
        if not current:
            told |= {"status"}  # without it a tool would take somebody to come for a member
        return {name: value for name, value in values.items() if name in told and value}

    def row_of(self, user_id: int) -> MemberRow | None:
        """The row of one person; None when the tool may not know of them here."""
        return self.rows([user_id]).get(user_id)

    @property
    def disclosed(self) -> DisclosedQuerySet:
        """Whom the tool has been told of here."""
        return Disclosed.objects.of(self.tool, self.context)


def deleted_row(tool: Tool, user_id: int) -> MemberRow:
    """The row of somebody who is gone, in a differences answer: nothing more is told of them."""
    return {"status": "Deleted", "user_id": tool.subject_of(user_id), "roles": []}
