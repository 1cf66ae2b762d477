"""What a process remembers of lists between requests: totals, keys of short ones, the places of pages far down.

Nothing remembered is ever stale: each request that would use it asks first whether anything changed since
(`roster/changes.py`), and after a change one request pays for finding out anew.
"""

from array import array
from bisect import bisect_right, insort
from collections.abc import Callable, Hashable
from functools import cached_property

from roster import changes
from roster.api.fast.recent import Recent
from roster.api.listing import Place

FAR = 500
"""From this ordinal on the places of pages are remembered; before it, rows are skipped."""

LOST = 20_000
"""So many rows after the last known place a map of the list is made."""

APART = 400
"""Remembered places lie at least so many rows apart, which bounds what a walk over millions of rows leaves behind."""


class Facts:
    """What is known of one list since the moment of a horizon."""

    def __init__(self, horizon: int, plan: object) -> None:
        self.horizon = horizon
        self.plan = plan  # held, so that its id is nobody else's meanwhile
        self.total: int | None = None
        self.ordinals: list[int] = []
        self.places: dict[int, Place] = {}
        self.is_mapped = False


_facts: Recent[Facts] = Recent(2_000)
_keys: "Recent[tuple[Facts, array[int] | None]]" = Recent(30)
"""The keys of all rows of short lists: some hundred kilobytes each."""


def forget() -> None:
    """Remember nothing, as a process does when it starts."""
    _facts.clear()
    _keys.clear()


class Remembered:
    """What one request may use, and add to, of what is remembered of its list.

    `moment` is that of the request where it is known; else the database is asked for it, once and only if needed.
    """

    def __init__(self, key: Hashable, plan: object, moment: changes.Moment | None) -> None:
        self.key = key
        self.plan = plan
        self.moment = moment

    @cached_property
    def facts(self) -> Facts:
        """What still holds of this list."""
        moment = self.moment or changes.moment()
        try:
            known = _facts[self.key]
        except KeyError:
            known = None
        if known is None or not moment.still_holds(known.horizon):
            known = _facts[self.key] = Facts(moment.horizon, self.plan)
        return known

    def total(self, count: Callable[[], int]) -> int:
        """The number of rows, counted unless it is remembered."""
        if self.facts.total is None:
            self.facts.total = count()
        return self.facts.total

    def keys(self, find: "Callable[[], array[int] | None]") -> "array[int] | None":
        """The keys of all rows in order, found unless they are remembered; None of a list with too many."""
        try:
            known, keys = _keys[self.key]
        except KeyError:
            known, keys = None, None
        if known is not self.facts:
            keys = find()
            _keys[self.key] = self.facts, keys
        return keys

    def nearest(self, start: int, make_map: Callable[[], list[tuple[int, Place]]]) -> tuple[int, Place | None]:
        """The last known ordinal that is not after `start`, with the place of the row before it.

        Where none is near, a map of the list is made first.
        """
        if start < FAR:
            return 0, None
        known = self._known(start)
        if start - known > LOST and not self.facts.is_mapped:
            self.facts.is_mapped = True
            for ordinal, place in make_map():
                if ordinal not in self.facts.places:
                    self.facts.places[ordinal] = place
                    insort(self.facts.ordinals, ordinal)
            known = self._known(start)
        return known, self.facts.places.get(known)

    def _known(self, start: int) -> int:
        index = bisect_right(self.facts.ordinals, start)
        return self.facts.ordinals[index - 1] if index else 0

    def learn(self, ordinal: int, before: Place) -> None:
        """Remember the place of the row before an ordinal."""
        if ordinal < FAR:
            return
        facts = self.facts
        index = bisect_right(facts.ordinals, ordinal)
        is_apart = index == 0 or ordinal - facts.ordinals[index - 1] >= APART
        if is_apart and (index == len(facts.ordinals) or facts.ordinals[index] - ordinal >= APART):
            facts.places[ordinal] = before
            insort(facts.ordinals, ordinal)
