"""Picture passwords: which pictures there are, and how four of them in order become a secret (D3.2).

The secret is hashed like any password. Its text begins with a character that no field takes, so that nobody can write
it where a password is asked for.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CHOSEN = 4
PREFIX = "\0pictures "
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True)
class Picture:
    """One drawing of the sprite `img/pictures.svg`, with the word that stands under it."""

    id: str
    name: str | Promise
    does: str | Promise = ""  # a clause to remember it by: "First {the sun shines}."


PICTURES: tuple[Picture, ...] = (
    Picture("sun", _("Sun"), _("the sun shines")),
    Picture("moon", _("Moon"), _("the moon looks down")),
    Picture("house", _("House"), _("the house opens its door")),
    Picture("car", _("Car"), _("the car honks")),
    Picture("boat", _("Boat"), _("the boat sails off")),
    Picture("fish", _("Fish"), _("the fish jumps")),
    Picture("cat", _("Cat"), _("the cat purrs")),
    Picture("tree", _("Tree"), _("the tree sways")),
    Picture("apple", _("Apple"), _("the apple rolls away")),
    Picture("ice-cream", _("Ice cream"), _("the ice cream melts")),
    Picture("umbrella", _("Umbrella"), _("the umbrella opens")),
    Picture("boot", _("Boot"), _("the boot goes for a walk")),
    Picture("key", _("Key"), _("the key turns")),
    Picture("pencil", _("Pencil"), _("the pencil draws")),
    Picture("present", _("Present"), _("the present is unwrapped")),
    Picture("crown", _("Crown"), _("the crown sparkles")),
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


def story_of(chosen: Sequence[Picture]) -> str:
    """Return four clauses in the order of the pictures: what happens one after the other is easy to remember."""
    one, two, three, four = (str(picture.does) for picture in chosen)
    return gettext("First %(one)s. Then %(two)s. After that %(three)s. And last of all %(four)s.") % {
        "one": one,
        "two": two,
        "three": three,
        "four": four,
    }


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
