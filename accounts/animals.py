"""The twelve animals that tie a reset window to its pupil: the teacher shows one, the pupil finds it among nine.

They are no part of any password, and none of them is among the sixteen pictures of one.
"""

import random
import secrets
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from .pictures import Picture

SHOWN = 9
ANIMALS: tuple[Picture, ...] = (
    Picture("dog", _("Dog")),
    Picture("horse", _("Horse")),
    Picture("cow", _("Cow")),
    Picture("pig", _("Pig")),
    Picture("rabbit", _("Rabbit")),
    Picture("owl", _("Owl")),
    Picture("frog", _("Frog")),
    Picture("elephant", _("Elephant")),
    Picture("hedgehog", _("Hedgehog")),
    Picture("duck", _("Duck")),
    Picture("turtle", _("Turtle")),
    Picture("fox", _("Fox")),
)
BY_ID = {animal.id: animal for animal in ANIMALS}
IDS: tuple[str, ...] = tuple(BY_ID)
_CHANCE = secrets.SystemRandom()


def draw(taken: Iterable[str] = ()) -> str:
    """Draw an animal; one that is least often among `taken`, so that a teacher's open windows differ while they can."""
    times = Counter(taken)
    fewest = min(times[one] for one in IDS)
    return _CHANCE.choice([one for one in IDS if times[one] == fewest])


def nine_with(animal: str, chance: random.Random = _CHANCE) -> list[str]:
    """Return nine animals in an order of chance, `animal` among them."""
    others = chance.sample([one for one in IDS if one != animal], SHOWN - 1)
    return chance.sample([animal, *others], SHOWN)
