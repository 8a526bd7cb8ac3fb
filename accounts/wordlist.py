"""Words that passwords are made of, and words that no password may be (D3.2).

`words_da.txt` is this portal's own list of plain Danish nouns and verbs that a child may read aloud and any keyboard
can type (a to z); `common_passwords.txt` its own list of what is guessed first. Both have one entry a line.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

_HERE = Path(__file__).parent


def _entries(name: str) -> Iterator[str]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


WORDS: tuple[str, ...] = tuple(_entries("words_da.txt"))
COMMON: frozenset[str] = frozenset(_entries("common_passwords.txt"))

_SEASONS_ANYWHERE = frozenset(
    {"forår", "foraar", "sommer", "efterår", "efteraar", "vinter", "summer", "autumn", "winter"}
)
# These begin ordinary words too (forarbejde, springvand), so they count only when they are all there is.
_SEASONS_ALONE = frozenset({"forar", "efterar", "spring", "fall"})
SEASONS: frozenset[str] = _SEASONS_ANYWHERE | _SEASONS_ALONE

# What two harmless words may spell where they meet.
# fmt: off
_UNWANTED_AT_SEAM = (
    "anal", "dum", "fed", "fis", "fuck", "gift", "grim", "gud", "hore", "idiot", "klam", "klit", "knep", "kusse", "lam",
    "lort", "luder", "mord", "nar", "nazi", "neger", "pik", "pis", "porn", "prut", "sex", "shit", "skid", "svin", "tis",
    "tyk", "vold",
)
# fmt: on

# A 1 stands for an i or an l: all three become one letter, in the lists as in what is compared with them.
_LEET = str.maketrans("0134578i", "oleastbl")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def draw_words(count: int, *, maximum: int, minimum: int = 0) -> tuple[str, ...]:
    """Draw `count` different words, every fitting choice equally likely, by a cryptographic source of chance.

    `minimum` and `maximum` bound the words' length together, in characters. Raises `ValueError` when no choice fits.
    """
    shortest, longest = min(map(len, WORDS)), max(map(len, WORDS))
    if count < 1 or minimum > maximum or count * shortest > maximum or count * longest < minimum:
        raise ValueError(f"no {count} words have {minimum} to {maximum} letters together")
    words = [word for word in WORDS if len(word) <= maximum - (count - 1) * shortest]
    while True:
        drawn = tuple(secrets.choice(words) for _ in range(count))
        if minimum <= sum(map(len, drawn)) <= maximum and _may_be_given(drawn):
            return drawn


def _may_be_given(drawn: Sequence[str]) -> bool:
    joined = "".join(drawn)
    distinct = len(set(drawn)) == len(drawn)
    spells = any(joined.count(bad) > sum(word.count(bad) for word in drawn) for bad in _UNWANTED_AT_SEAM)
    return distinct and not spells and not is_common(joined) and not names_a_season(joined)


def is_common(text: str) -> bool:
    """Whether `text`, without what is added around it, is a common password or a short one repeated.

    Case, punctuation and digits that stand for letters do not count: `P@ssw0rd-2027!` is `password`.
    """
    return any(core in _FOLDED_COMMON or _repeats(core) for core in _cores(text))


def names_a_season(text: str) -> bool:
    """Whether `text` holds a season's name in Danish or English (D3.2), digits for letters included."""
    folded = _fold(text)
    return any(season in folded for season in _FOLDED_SEASONS) or not _FOLDED_ALONE.isdisjoint(_cores(text))


def _fold(text: str) -> str:
    """Return `text` as letters only, as far as its digits and signs can be read as such."""
    return _plain(text).translate(_LEET)


def _plain(text: str) -> str:
    # @ and $ stand for letters, all other signs for nothing.
    composed = unicodedata.normalize("NFC", text).casefold().replace("@", "a").replace("$", "s")
    return _NOT_ALPHANUMERIC.sub("", composed)


def _cores(text: str) -> set[str]:
    """Return every reading of `text` with none, some or all of the digits at its ends taken as added."""
    plain = _plain(text)
    whole = len(plain.rstrip("0123456789")) or len(plain)
    ends = {plain[:length] for length in range(whole, len(plain) + 1)}
    ends |= {end.lstrip("0123456789") for end in ends}
    return {_fold(end) for end in ends if end}


def _repeats(core: str) -> bool:
    """Whether `core` is one to four characters, or a common word, over and over, to six characters at least."""
    if len(core) < 6:
        return False
    for size in range(1, len(core) // 2 + 1):
        unit = core[:size]
        if len(core) % size == 0 and unit * (len(core) // size) == core and (size <= 4 or unit in _FOLDED_COMMON):
            return True
    return False


_FOLDED_COMMON = frozenset(map(_fold, COMMON))
_FOLDED_SEASONS = frozenset(map(_fold, _SEASONS_ANYWHERE))
_FOLDED_ALONE = frozenset(map(_fold, _SEASONS_ALONE))
