"""Picture passwords: which pictures there are, and how four of them in order become a secret (D3.2).

The secret is hashed like any password. Its text begins with a character that no field takes, so that nobody can write
it where a password is asked for.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHOSEN = 4
PREFIX = "\0pictures "
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True)
class Picture:
    """One drawing of the sprite `img/pictures.svg`, with the word that stands under it."""

    id: str
    name: str | Promise


PICTURES: tuple[Picture, ...] = (
    Picture("sun", _("Sun")),
    Picture("moon", _("Moon")),
    Picture("house", _("House")),
    Picture("car", _("Car")),
    Picture("boat", _("Boat")),
    Picture("fish", _("Fish")),
    Picture("cat", _("Cat")),
    Picture("tree", _("Tree")),
    Picture("apple", _("Apple")),
    Picture("ice-cream", _("Ice cream")),
    Picture("umbrella", _("Umbrella")),
    Picture("boot", _("Boot")),
    Picture("key", _("Key")),
    Picture("pencil", _("Pencil")),
    Picture("present", _("Present")),
    Picture("crown", _("Crown")),
)
BY_ID = {picture.id: picture for picture in PICTURES}
IDS: tuple[str, ...] = tuple(BY_ID)
_PLACES = {str(place): place for place in range(1, len(IDS) + 1)}


def draw() -> tuple[str, ...]:
    """Draw four different pictures in order, every choice equally likely."""
    return tuple(_CHANCE.sample(IDS, CHOSEN))


def secret_of(ids: Sequence[str]) -> str:
    """Return four pictures in order as the text that is hashed. Raises `ValueError` for anything else."""
    if len(ids) != CHOSEN or not set(ids) <= BY_ID.keys():
        raise ValueError("a secret is four of the pictures")
    return PREFIX + " ".join(ids)


def pictures_of(secret: str) -> tuple[Picture, ...]:
    """Return the pictures of a secret that was just drawn, to be shown this once. Raises `ValueError`."""
    ids = secret.removeprefix(PREFIX).split(" ")
    if secret_of(ids) != secret:
        raise ValueError("not a secret of pictures")
    return tuple(BY_ID[one] for one in ids)


def shuffled() -> tuple[str, ...]:
    """Return all sixteen in an order of chance: where a finger was must not tell which picture it chose."""
    return tuple(_CHANCE.sample(IDS, len(IDS)))


def places(text: str) -> tuple[int, ...]:
    """Return the places on a display that a browser sent as `3 6 1 16`; none when any of it is no place."""
    words = text.split()[:CHOSEN]
    return tuple(_PLACES[word] for word in words) if set(words) <= _PLACES.keys() else ()


def at(order: Sequence[str], chosen: Iterable[int]) -> tuple[str, ...]:
    """Return the pictures at these places of a display, the first place being 1."""
    return tuple(order[place - 1] for place in chosen)
