"""The members of an organization that may be disclosed to a tool on one day: each person once, with all roles merged.

Pages use keyset pagination, so that insertions between pages neither repeat nor skip anyone. Of a person on the roster
that the tool's audience sees, the fields of its disclosure level are disclosed. Others with a current membership are
pseudonymous members, with a user id and roles only, if the deployment consents.
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

    # Which memberships are disclosed to the tool

    @property
    def visible(self) -> MembershipQuerySet:
        """Memberships on the roster that the tool's audience sees, current ones and those to come."""
        return Membership.objects.visible_to(self.tool.reads).not_past(on=self.on)

    @property
    def pseudonymous(self) -> MembershipQuerySet:
        """Current memberships off that roster, which the deployment consents to disclose without names."""
        if not self.deployment.tells_bare_members:
            return Membership.objects.none()
        return Membership.objects.filter(privacy.pseudonymous_membership_rows(self.tool.reads)).current(on=self.on)

    @property
    def disclosable(self) -> MembershipQuerySet:
        return self.visible | self.pseudonymous

    def of_same_person(self, memberships: MembershipQuerySet) -> QuerySet[Any]:
        """Those of `memberships` that are in this organization and of the person of an outer query's membership."""
        return memberships.filter(user=OuterRef("user"), position__organization=self.organization)

    def with_disclosed_roles(self) -> MembershipQuerySet:
        """Memberships whose roles are disclosed: upcoming or pseudonymous ones only for people who have no others."""
        current = self.visible.current(on=self.on)
        to_come = self.visible.upcoming(on=self.on).filter(~Exists(self.of_same_person(current)))
        return current | to_come | self.pseudonymous.filter(~Exists(self.of_same_person(self.visible)))

    # People, page by page

    def roles_of(self, position: Position) -> list[str]:
        return self.roles_of_kind(position.template)

    def roles_of_kind(self, template: PositionTemplate) -> list[str]:
        return roles.roles_of(template, adds_course_roles=self.deployment.adds_course_roles)

    def people(self, *, after: int, limit: int, role: str | None = None) -> list[int]:
        """Ids of the next `limit` people after the id `after`, in order; only those with `role` (as `parse_role`)."""
        if role is None:
            return first_people(self.organization, self.disclosable, after=after, limit=limit)
        kinds = [
            kind for kind in held_templates(self.organization) if roles.matches_role(self.roles_of_kind(kind), role)
        ]
        if not kinds:
            return []
        with_role = self.with_disclosed_roles().filter(position__template__in=kinds)
        return first_people(self.organization, with_role, after=after, limit=limit)

    # The row of a person

    def rows(self, people: list[int]) -> dict[int, MemberRow]:
        """The rows of those people who may be disclosed to the tool, by the person's id."""
        memberships = self.disclosable.filter(user__in=people, position__organization=self.organization)
        held: dict[int, list[Membership]] = {user_id: [] for user_id in people}
        for membership in memberships.select_related("user", "position__template"):
            held[membership.user_id].append(membership)
        return {user_id: self.row(list_) for user_id, list_ in held.items() if list_}

    def row(self, memberships: list[Membership]) -> MemberRow:
        """One person's row from all their memberships that are disclosed, at least one."""
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
        disclosed = self.tool.member_fields if seen else privacy.PSEUDONYMOUS_FIELDS
        if not current:
            disclosed |= {"status"}  # without it a tool would take a future member for a present one
        return {name: value for name, value in values.items() if name in disclosed and value}

    def row_of(self, user_id: int) -> MemberRow | None:
        """The row of one person; None if they may not be disclosed to the tool here."""
        return self.rows([user_id]).get(user_id)

    @property
    def disclosed(self) -> DisclosedQuerySet:
        """The people of this context who have been disclosed to the tool."""
        return Disclosed.objects.of(self.tool, self.context)


def deleted_row(tool: Tool, user_id: int) -> MemberRow:
    """The row of a removed person in differences. It discloses nothing else."""
    return {"status": "Deleted", "user_id": tool.subject_of(user_id), "roles": []}
