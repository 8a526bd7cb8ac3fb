"""Chance that falls the same way every time: the demo country is the same on every machine."""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

# Another number is another country: chosen so that nobody has the CPR number of a person in the sample deliveries.
EDITION = 7


class Dice:
    """A seeded source. Only `Random.random()` is used: Python promises its sequence from version to version."""

    def __init__(self, *key: object) -> None:
        seed = hashlib.sha256("|".join(map(str, (EDITION, *key))).encode()).digest()
        self._random = random.Random(seed)  # noqa: S311  nothing secret is drawn here

    def chance(self, share: float) -> bool:
        """Return True in `share` (0 to 1) of all cases."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.between(0, len(choices) - 1)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return [item for _, item in sorted(((self._random.random(), n), item) for n, item in enumerate(items))]
