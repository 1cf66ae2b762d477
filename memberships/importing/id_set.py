"""Sets of ids that take little memory."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import lt


class IdSet:
    """A set of ids with one bit for each, in blocks. A Python set of two million ids would need 200 MB."""

    BLOCK = 1 << 16

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.blocks: dict[int, bytearray] = {}
        self.last = 0
        """The largest id."""
        self.runs: list[tuple[int, int]] = []
        """First and last id of ranges without gaps, in order; these ids are not stored as bits."""
        for number in numbers:
            self.add(number)

    def __contains__(self, number: int) -> bool:
        if number > self.last:
            return False
        block = self.blocks.get(number // self.BLOCK)
        if block is not None and block[number % self.BLOCK // 8] & 1 << number % 8:
            return True
        index = bisect_right(self.runs, (number, self.last)) - 1
        return index >= 0 and self.runs[index][0] <= number <= self.runs[index][1]

    def add(self, number: int) -> None:
        block = self.blocks.get(number // self.BLOCK)
        if block is None:
            block = self.blocks[number // self.BLOCK] = bytearray(self.BLOCK // 8)
        block[number % self.BLOCK // 8] |= 1 << number % 8
        self.last = max(self.last, number)

    def add_new(self, numbers: Sequence[int]) -> int | None:
        """Add ids up to the first that is in the set already. Returns its index, or None if all were new."""
        if numbers[0] > self.last and all(map(lt, numbers, numbers[1:])):
            self._add_larger(numbers)
            return None
        for index, number in enumerate(numbers):
            if number in self:
                return index
            self.add(number)
        return None

    def _add_larger(self, numbers: Sequence[int]) -> None:
        """Add ids in increasing order, all larger than those in the set."""
        first, last = numbers[0], numbers[-1]
        if last - first >= len(numbers):
            for number in numbers:
                self.add(number)
        elif self.runs and self.runs[-1][1] == first - 1:
            self.runs[-1] = (self.runs[-1][0], last)
        else:
            self.runs.append((first, last))
        self.last = last
