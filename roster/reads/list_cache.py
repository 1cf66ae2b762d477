"""The cache of lists in a process between requests: totals, keys of short lists, keyset checkpoints.

Cached values are never stale: before it uses them, each request checks whether the roster has changed since they were
read (`roster/history/change_tracking.py`). After a change they are read again.
"""

from array import array
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import partial

from roster.reads import count_limit
from roster.reads.item_list import KeysetPosition
from roster.reads.lru_cache import LRUCache
from roster.reads.snapshot import Snapshot

MIN_CHECKPOINT = 500
"""The first row number with a checkpoint; pages before it skip rows with OFFSET."""

MAX_SKIPPED_ROWS = 20_000
"""If the nearest checkpoint is further away, checkpoints of the whole list are read; in a sparse list, a tenth."""

MAX_CHECKPOINTED_LISTS = 100
"""Number of lists whose checkpoints are kept: some hundred kilobytes each at most."""

Checkpoints = tuple[list[tuple[int, KeysetPosition]], int]
"""Row numbers spread over a list, each with the keyset position of the row before it, and the number of all rows."""

MIN_CHECKPOINT_DISTANCE = 400
"""Minimum number of rows between two stored checkpoints, which limits the memory for a list of millions of rows."""


class CacheEntry:
    """The cached values of one list at one snapshot.

    The snapshot of an entry never changes. A request adds values to the entry that it got at its start, even if another
    request has replaced it with a newer one meanwhile; then the values are not used again.
    """

    def __init__(self, snapshot: Snapshot, plan: object) -> None:
        self.snapshot = snapshot
        self.plan = plan  # a reference, so that its id, which is part of the key, is not reused
        self.total: int | None = None
        self.ordinals: list[int] = []
        self.keysets: dict[int, KeysetPosition] = {}
        self.has_checkpoints = False


_entries: LRUCache[CacheEntry] = LRUCache(2_000)
_keys: "LRUCache[tuple[CacheEntry, array[int] | None]]" = LRUCache(30)
"""The keys of all rows of short lists: some hundred kilobytes each."""


_long_lists: LRUCache[int] = LRUCache(2_000)
"""Lists that had too many keys, and for how many further changes of the roster their keys are not selected again.

This affects only the way of reading: for a list that has become short meanwhile, the result is the same, but slower.
"""

SKIPPED_SEARCHES = 50
"""Number of changes for which the keys of a long list are not selected again."""

_checkpointed: deque[CacheEntry] = deque()


def clear() -> None:
    """Empty all caches, as in a new process."""
    _checkpointed.clear()
    _entries.clear()
    _keys.clear()
    _long_lists.clear()


class ListCache:
    """The access of one request to the cache entry of its list.

    `snapshot` must be read before the request reads the list.
    """

    def __init__(self, key: Hashable, plan: object, snapshot: Snapshot) -> None:
        self.key = key
        self.entry = self._entry(snapshot, plan)

    def _entry(self, snapshot: Snapshot, plan: object) -> CacheEntry:
        """The cached entry of this list if it is still valid at that snapshot, or an empty one."""
        try:
            known = _entries[self.key]
        except KeyError:
            known = None
        if known is None or not known.snapshot.is_unchanged_at(snapshot):
            known = CacheEntry(snapshot, plan)
            if snapshot.is_cacheable:
                _entries[self.key] = known
        return known

    def total(self, count: Callable[[], int], is_costly: bool = False) -> int:
        """The number of rows, counted unless it is cached. A costly count is limited (`count_limit`)."""
        if self.entry.total is None:
            known = partial(getattr, self.entry, "total")
            self.entry.total = count_limit.coalesce(self.key, known, count) if is_costly else count()
        return self.entry.total

    def keys(self, find: "Callable[[], array[int] | None]") -> "array[int] | None":
        """The keys of all rows in order, from the cache or from `find`; None if the list is too long."""
        try:
            entry, keys = _keys[self.key]
        except KeyError:
            entry, keys = None, None
        if entry is not self.entry:
            keys = self._found(find)
            _keys[self.key] = self.entry, keys
        return keys

    def _found(self, find: "Callable[[], array[int] | None]") -> "array[int] | None":
        """The keys from `find`; None, without calling it, if the list had too many keys a few changes ago."""
        try:
            unsearched = _long_lists[self.key]
        except KeyError:
            unsearched = 0
        if unsearched:
            _long_lists[self.key] = unsearched - 1
            return None
        keys = find()
        if keys is None:
            _long_lists[self.key] = SKIPPED_SEARCHES
        return keys

    def nearest_checkpoint(
        self,
        start: int,
        find_checkpoints: "Callable[[], Checkpoints] | None",
        *,
        is_costly: bool = False,
        is_sparse: bool = False,
    ) -> tuple[int, KeysetPosition | None]:
        """The last checkpoint at or before `start`: its row number, and the keyset position of the row before it.

        If none is near, the checkpoints of the whole list are read first, which also gives the total. That is limited
        like a costly count. A list is sparse if it contains only a small part of the scanned rows.
        """
        if start < MIN_CHECKPOINT:
            return 0, None
        known = self._last_checkpoint_before(start)
        if (
            find_checkpoints
            and start - known > (MAX_SKIPPED_ROWS // 10 if is_sparse else MAX_SKIPPED_ROWS)
            and not self.entry.has_checkpoints
        ):
            make = partial(self._store_checkpoints, find_checkpoints)
            if is_costly:
                count_limit.coalesce(self.key, lambda: self.entry.has_checkpoints or None, make)
            else:
                make()
            known = self._last_checkpoint_before(start)
        return known, self.entry.keysets.get(known)

    def _store_checkpoints(self, find_checkpoints: "Callable[[], Checkpoints]") -> bool:
        """Store the checkpoints of a list, and delete the oldest ones if there are many."""
        keysets, self.entry.total = find_checkpoints()
        known = {**dict(keysets), **self.entry.keysets}
        self.entry.keysets, self.entry.ordinals = known, sorted(known)
        self.entry.has_checkpoints = True
        _checkpointed.append(self.entry)
        if len(_checkpointed) > MAX_CHECKPOINTED_LISTS:
            with suppress(IndexError):  # another thread has removed it
                oldest = _checkpointed.popleft()
                oldest.keysets, oldest.ordinals, oldest.has_checkpoints = {}, [], False
        return True

    def _last_checkpoint_before(self, start: int) -> int:
        ordinals = self.entry.ordinals
        index = bisect_right(ordinals, start)
        return ordinals[index - 1] if index else 0

    def add_checkpoint(self, ordinal: int, before: KeysetPosition) -> None:
        """Store the keyset position of the row before a row number."""
        if ordinal < MIN_CHECKPOINT:
            return
        entry = self.entry
        index = bisect_right(entry.ordinals, ordinal)
        is_apart = index == 0 or ordinal - entry.ordinals[index - 1] >= MIN_CHECKPOINT_DISTANCE
        if is_apart and (index == len(entry.ordinals) or entry.ordinals[index] - ordinal >= MIN_CHECKPOINT_DISTANCE):
            entry.keysets[ordinal] = before
            insort(entry.ordinals, ordinal)
