"""User names: four letters of the name and four digits, such as `mett4821` (D3.1)."""

import re
import secrets
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

PATTERN = re.compile(r"[a-z]{4}[0-9]{4}")

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
# Letters that spell something a child should not be called by; such a beginning is passed over.
_AVOIDED = frozenset(
    {
        "dumm",
        "fede",
        "fuck",
        "idio",
        "kuss",
        "luder",
        "lort",
        "nazi",
        "pisk",
        "piss",
        "pora",
        "roev",
        "sexe",
        "shit",
        "taber",
        "tisse",
    }
)


def is_username(text: str) -> bool:
    """Whether `text` has the form of a user name."""
    return PATTERN.fullmatch(text) is not None


def spelled(text: str) -> str:
    """Return the letters a-z that `text` gives: Danish letters spelled out, accents dropped, the rest left out."""
    lowered = text.lower().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if c in string.ascii_lowercase)


@lru_cache(maxsize=4096)
def letters_of(name: str) -> str:
    """The same for a name, remembered: an import asks for a few thousand names very often. Never for a password."""
    return spelled(name)


def beginnings(first_name: str, family_name: str) -> Iterator[str]:
    """Yield the four-letter beginnings to try for a name, the most natural first."""
    first, family = letters_of(first_name), letters_of(family_name)
    tried: set[str] = set()
    for length in (4, 3, 2, 1):
        beginning = (first[:length] + family)[:4]
        if len(beginning) == 4 and beginning not in _AVOIDED and beginning not in tried:
            tried.add(beginning)
            yield beginning


def any_digits() -> str:
    return f"{secrets.randbelow(10_000):04d}"


def digits_of(share: int, shares: int) -> Callable[[], str]:
    """Return what draws digits from one of `shares` parts, which have none in common. `shares` divides 10,000."""
    return lambda: f"{secrets.randbelow(10_000 // shares) * shares + share:04d}"


def candidates(first_name: str, family_name: str, digits: Callable[[], str] = any_digits) -> Iterator[str]:
    """Yield user names to try, without end: those that remind of the name first, then random letters."""
    for beginning in beginnings(first_name, family_name):
        for _ in range(2):
            yield beginning + digits()
    while True:
        beginning = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(4))
        if beginning not in _AVOIDED:
            yield beginning + digits()


def draw(
    names: Sequence[tuple[str, str]],
    taken: Callable[[Iterable[str]], set[str]],
    digits: Callable[[], str] = any_digits,
) -> list[str]:
    """Return one free user name for each (first name, family name), all different.

    `taken` says which of the user names handed to it are in use; it is asked a few times for all, never once a person.
    The names are free when this returns; the database's unique constraint has the last word.
    """
    streams = [candidates(first, family, digits) for first, family in names]
    chosen: dict[int, str] = {}
    offered: set[str] = set()
    open_places = list(range(len(names)))
    # Where few names are taken the first offer is free; where many are, more are asked for at once.
    width = 1
    while open_places:
        offers = {place: _offer(streams[place], width, offered) for place in open_places}
        width = 4
        unavailable = taken(name for offer in offers.values() for name in offer)
        for place, offer in offers.items():
            free = next((name for name in offer if name not in unavailable), None)
            if free is not None:
                chosen[place] = free
        open_places = [place for place in open_places if place not in chosen]
    return [chosen[place] for place in range(len(names))]


def _offer(stream: Iterator[str], width: int, offered: set[str]) -> list[str]:
    """Return the next `width` names that were offered to nobody else."""
    offer: list[str] = []
    while len(offer) < width:
        name = next(stream)
        if name not in offered:
            offered.add(name)
            offer.append(name)
    return offer
