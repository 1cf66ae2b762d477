"""People of an organization in the order of their ids, by statements whose size and cost do not grow with positions.

A membership knows its position only, and most positions of a large organization may have no members. So the held
positions are found by a loose index scan: from a position of the organization to the next position that has a
membership, from there to the next one of the organization, and so on. Each step is one index look-up.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from memberships.models import Membership
from organizations.models import Organization, Position, PositionTemplate
from roster.models import User

_MEMBERSHIP, _POSITION = Membership._meta.db_table, Position._meta.db_table


def _next_positions(at_least: str) -> str:
    """The next position that has a membership, and the organization's next one from there on."""
    taken = f"(SELECT MIN(position_id) FROM {_MEMBERSHIP} WHERE position_id >= {at_least})"  # noqa: S608 (our own names)
    own = f"(SELECT MIN(id) FROM {_POSITION} WHERE organization_id = %s AND id >= {taken})"  # noqa: S608 (the same)
    return f"SELECT {taken}, {own}"


_FIRST = _next_positions(f"(SELECT MIN(id) FROM {_POSITION} WHERE organization_id = %s)")  # noqa: S608 (the same)
_NEXT = _next_positions("CASE WHEN walk.taken = walk.own THEN walk.own + 1 ELSE walk.own END")
_WALK = f"walk (taken, own) AS ({_FIRST} UNION ALL {_NEXT} FROM walk WHERE walk.own IS NOT NULL)"
"""Positions `taken` and `own` of each step; where they are equal, it is one of the organization's that is held."""

_PARAMETERS = 4
"""How many parameters of the walk are the organization's id."""


def held_templates(organization: Organization) -> list[PositionTemplate]:
    """The templates of the positions that somebody holds or held."""
    table = PositionTemplate._meta.db_table
    statement = f"""
        WITH RECURSIVE {_WALK}
        SELECT * FROM {table} WHERE id IN (
            SELECT template_id FROM walk JOIN {_POSITION} ON id = walk.own WHERE walk.taken = walk.own
        )
    """  # noqa: S608 (the same)
    return list(PositionTemplate.objects.raw(statement, [organization.pk] * _PARAMETERS))


def first_people(organization: Organization, memberships: QuerySet[Any], *, after: int, limit: int) -> list[int]:
    """The first `limit` people after the id `after` who have one of these memberships in an organization, in order.

    At most `limit` people of each held position are read, in index order.
    """
    walk = [organization.pk] * _PARAMETERS
    if connection.vendor == "postgresql":
        people = _after(memberships.extra(where=[f"{_MEMBERSHIP}.position_id = walk.own"]), "%s", [after])  # noqa: S610 (our own names)
        text, values = people.distinct()[:limit].query.sql_with_params()
        statement = f"""
            WITH RECURSIVE {_WALK}
            SELECT DISTINCT held.user_id FROM walk CROSS JOIN LATERAL ({text}) AS held
            WHERE walk.taken = walk.own ORDER BY held.user_id LIMIT %s
        """  # noqa: S608 (SQL that Django compiled)
        parameters = [*walk, *values, limit]
    else:  # SQLite has no LATERAL: the people of each position are read one by one
        people = _after(memberships.extra(where=[f"{_MEMBERSHIP}.position_id = held.position_id"]), "held.user_id", [])  # noqa: S610 (the same)
        text, values = people[:1].query.sql_with_params()
        statement = f"""
            WITH RECURSIVE {_WALK}, held (position_id, user_id, number) AS (
                SELECT walk.own, %s, 0 FROM walk WHERE walk.taken = walk.own
                UNION ALL
                SELECT held.position_id, ({text}), held.number + 1 FROM held
                WHERE held.user_id IS NOT NULL AND held.number < %s
            )
            SELECT DISTINCT user_id FROM held WHERE user_id IS NOT NULL AND number > 0 ORDER BY user_id LIMIT %s
        """  # noqa: S608 (the same)
        parameters = [*walk, after, *values, limit, limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [user_id for (user_id,) in cursor.fetchall()]


def _after(memberships: QuerySet[Any], bound: str, values: list[Any]) -> QuerySet[Any]:
    """The people of these memberships after a bound, in order.

    Where `User` is joined, its id gets the bound too: PostgreSQL does not derive it, and may otherwise read everybody
    up to the bound for the join.
    """
    joined = memberships.query.alias_refcount.get(User._meta.db_table)
    columns = [f'"{_MEMBERSHIP}"."user_id"', *([f'"{User._meta.db_table}"."id"'] if joined else [])]
    bounded = memberships.extra(where=[f"{column} > {bound}" for column in columns], params=values * len(columns))  # noqa: S610 (our own names)
    return bounded.order_by("user_id").values("user_id")
