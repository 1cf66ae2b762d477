"""Whatever the course says and whatever is held: a plan ends only what is its own, and a second one changes nothing."""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lti.sync.diff import CurrentMembership, DesiredMembers, RemovedMembership, SyncDiff, compute_diff
from lti.sync.matching import Account, Match

TODAY = dt.date(2025, 5, 2)
DAYS = [TODAY + dt.timedelta(days=days) for days in (-2, -1, 0, 1, 2)]
POSITIONS: dict[int, int | None] = {1: 10, 2: 20}

people = st.integers(1, 6)
places = st.dictionaries(people, st.sampled_from(sorted(POSITIONS)))


@st.composite
def memberships(draw: st.DrawFn) -> list[CurrentMembership]:
    """Memberships that are not over, some of them a sync's, at most one of those for a person in a position."""
    positions = draw(st.lists(st.tuples(people, st.sampled_from([10, 20, 30]), st.booleans()), max_size=12))
    rows = []
    for number, (user_id, position_id, is_open) in enumerate(positions):
        start = draw(st.sampled_from(DAYS))
        end = draw(st.sampled_from([None, *(day for day in DAYS if day >= max(start, TODAY))]))
        is_first = (user_id, position_id, True) not in positions[:number]
        rows.append(CurrentMembership(number, user_id, position_id, start, end, is_open and is_first))
    return rows


def carried_out(made: SyncDiff, held: list[CurrentMembership]) -> list[CurrentMembership]:
    """What is held once a plan is written."""
    ends, closes = {row.membership_id for row in made.ends}, {*made.closes}
    after = [
        row._replace(
            end=TODAY if row.membership_id in ends else row.end,
            is_open=row.is_open and row.membership_id not in ends | closes,
        )
        for row in held
    ]
    new = [
        CurrentMembership(1000 + number, place.user_id, POSITIONS[place.template_id] or 0, TODAY, None, True)
        for number, place in enumerate(made.new)
    ]
    return after + new


@settings(max_examples=300)
@given(places, st.sets(people), memberships(), st.sets(st.tuples(people, st.sampled_from([10, 20]))))
def test_any_plan_is_safe_and_final(
    wished: dict[int, int], retired: set[int], held: list[CurrentMembership], taken: set[tuple[int, int]]
) -> None:
    kept_by_syncs = {(row.user_id, row.position_id) for row in held if row.is_open}
    gone = [RemovedMembership(2000 + n, *key) for n, key in enumerate(sorted(taken - kept_by_syncs))]
    recognized = {str(pk): Match(Account(pk, "", "", "active"), "email") for pk in wished}
    desired = replace(
        DesiredMembers(template_ids=wished, retired=retired & wished.keys(), members=len(wished)), recognized=recognized
    )

    made = compute_diff(desired, POSITIONS, held, gone, on=TODAY)

    belongs = {(user_id, POSITIONS[template_id]) for user_id, template_id in wished.items()}
    assert all(row.is_open and (row.user_id, row.position_id) not in belongs for row in made.ends)
    assert len(made.ends) <= made.open
    assert not {place.user_id for place in made.new} & retired
    counted = len({place.user_id for place in (*made.new, *made.already_there, *made.left_out)}) + len(made.inactive)
    assert counted + len({row.user_id for row in made.kept}) == len(wished)

    still_gone = [row for row in gone if row.membership_id not in made.closes]
    again = compute_diff(desired, POSITIONS, carried_out(made, held), still_gone, on=TODAY)
    assert (again.new, again.ends, again.closes) == ([], [], [])
