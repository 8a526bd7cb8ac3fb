"""What is hidden in a table of small numbers, so that nobody can work it out: pure.

A table has axes (lines, places, days), each with a whole that is the sum of its parts. A count under five is hidden,
and so are others, so that it does not follow from the sums that are shown. Whoever sees the table knows the sums, and
that no count is below nought. So each hidden cell lies in a *block*: two places on every axis, all of it hidden, in
which one sick person more or less can be moved about without any sum changing that is shown. What can be either of two
numbers is known to nobody. So it is where a count is told by so few that each of them would know the others'.

Who has answered knows their own numbers, too. On the axis of places a cell may therefore have two such blocks, each
with another place: whoever knows the numbers of one of these is left with the other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import inf

LEAST = 5
# So few answers, at least, are behind a figure of several respondents.
LEAST_ANSWERS = 3
# How many partners on an axis are tried for a block: those that are hidden already, or the smallest.
_TRIED = 4

# A cell by its place on each axis, such as ("level_3", "0265", 0).
Key = tuple[object, ...]


@dataclass(frozen=True)
class Count:
    total: int
    absent: int
    of_few_answers: bool = False

    @property
    def is_small(self) -> bool:
        return self.absent < LEAST or self.of_few_answers


def hidden(
    counts: Mapping[Key, Count],
    wholes: Sequence[object],
    unpublished: Collection[Key] = (),
    *,
    known_axis: int | None = None,
) -> set[Key]:
    """Return the cells to hide. `wholes` names the whole on each axis; every whole is the sum of its parts.

    `unpublished` are cells that are never shown, and need no protection of their own. `known_axis` is the axis on which
    a reader may know the numbers of one part.
    """
    table = _Table(counts, tuple(wholes), set(unpublished), known_axis)
    for key in sorted(_small(counts, unpublished), key=lambda key: -_wholes_in(key, wholes)):
        while not table.is_protected(key) and table.protect(key):
            pass
    return table.hidden.difference(unpublished)


def _small(counts: Mapping[Key, Count], unpublished: Collection[Key]) -> Iterator[Key]:
    return (key for key, count in counts.items() if count.is_small and key not in unpublished)


def _wholes_in(key: Key, wholes: Sequence[object]) -> int:
    return sum(at == whole for at, whole in zip(key, wholes, strict=True))


@dataclass
class _Table:
    counts: Mapping[Key, Count]
    wholes: Key
    hidden: set[Key]
    known_axis: int | None
    # By cell, the parts that it shares a block with on the known axis.
    protected: dict[Key, set[object]] = field(default_factory=dict)
    lines: list[dict[Key, list[object]]] = field(init=False)

    def __post_init__(self) -> None:
        self.hidden.update(_small(self.counts, self.hidden))
        self.lines = [{} for _ in self.wholes]
        for key in self.counts:
            for axis, line in enumerate(self.lines):
                line.setdefault(key[:axis] + key[axis + 1 :], []).append(key[axis])

    def is_protected(self, key: Key) -> bool:
        """Whether it has a block; or two, where somebody may know all that is in one. The whole nobody knows."""
        beside = self.protected.get(key, set())
        if self.known_axis is None:
            return bool(beside)
        return len(beside) > 1 or self.wholes[self.known_axis] in beside

    def protect(self, key: Key) -> bool:
        """Hide the block of this cell that takes least away. Return whether there was one."""
        certain = self._certain_partner(key)
        if certain is None:
            return False
        best, least = self._block(key, certain), inf
        for partner in product(*(self._partners(key, axis) for axis in range(len(key)))):
            block = self._block(key, partner)
            cost = self._cost(block)
            if cost < least and self._can_move(block):
                best, least = block, cost
            if not least:
                break
        self.hidden.update(best)
        self._note(best)
        return True

    def _note(self, block: Collection[Key]) -> None:
        axis = self.known_axis or 0
        both = {key[axis] for key in block}
        for key in block:
            self.protected.setdefault(key, set()).update(both - {key[axis]})

    def _is_new(self, key: Key, axis: int, at: object) -> bool:
        return axis != self.known_axis or at not in self.protected.get(key, ())

    def _block(self, key: Key, partner: Key) -> dict[Key, int]:
        """Return the cells of a block, and whether each moves with the first (1) or against it (-1)."""
        pairs = []
        for at, other, whole in zip(key, partner, self.wholes, strict=True):
            # A part and its whole move together, two parts against each other.
            pairs.append(((at, 1), (other, 1 if whole in (at, other) else -1)))
        block = {}
        for corner in product(*pairs):
            sign = 1
            for _at, one in corner:
                sign *= one
            block[tuple(at for at, _one in corner)] = sign
        return block

    def _cost(self, block: Mapping[Key, int]) -> float:
        """Return what would be lost: one for each number newly hidden, and its size. `inf` where there is no number."""
        cost = 0
        for key in block:
            if key not in self.hidden:
                if key not in self.counts:
                    return inf
                cost += 1 + self.counts[key].absent
        return cost

    def _can_move(self, block: Mapping[Key, int]) -> bool:
        """Whether all of the block could be otherwise, without a count below nought or above its total."""
        return any(
            all(0 <= self.counts[key].absent + step * sign <= self.counts[key].total for key, sign in block.items())
            for step in (1, -1)
        )

    def _partners(self, key: Key, axis: int) -> list[object]:
        """Return the likeliest partners on an axis: those hidden already first, but nought last, then the smallest."""

        def rank(at: object) -> tuple[bool, bool, int]:
            beside = (*key[:axis], at, *key[axis + 1 :])
            absent = self.counts[beside].absent
            return beside not in self.hidden, not absent, absent

        others = [
            at
            for at in self.lines[axis][key[:axis] + key[axis + 1 :]]
            if at != key[axis] and self._is_new(key, axis, at)
        ]
        others.sort(key=rank)
        chosen = others[:_TRIED]
        if self.wholes[axis] in others[_TRIED:]:
            chosen.append(self.wholes[axis])
        return chosen

    def _certain_partner(self, key: Key) -> Key | None:
        """Return a partner that there always is: on each axis the whole, or of a whole a part. All of it can grow.

        None only where a whole has no more parts.
        """
        under = list(key)
        for axis, whole in enumerate(self.wholes):
            if key[axis] == whole:
                line = self.lines[axis][(*under[:axis], *under[axis + 1 :])]
                parts = [at for at in line if at != whole and self._is_new(key, axis, at)]
                if not parts:
                    return None
                under[axis] = parts[0]
        return tuple(under[axis] if key[axis] == whole else whole for axis, whole in enumerate(self.wholes))
