from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LRUCache(Generic[Value]):
    """A thread-safe cache of the `size` most recently used values."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def __getitem__(self, key: Hashable) -> Value:
        value = self._values[key]
        with suppress(KeyError):  # another thread may have removed it
            self._values.move_to_end(key)
        return value

    def __setitem__(self, key: Hashable, value: Value) -> None:
        self._values[key] = value
        while len(self._values) > self.size:
            with suppress(KeyError):
                self._values.popitem(last=False)

    def clear(self) -> None:
        self._values.clear()
