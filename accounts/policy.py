"""From class level to password: a table and the pure functions that read it (D3.2).

A *band* is the stretch of school life that shares one rule. The import works out a pupil's band from the level and
writes it on the account; everybody who is not a pupil is in the last band.
"""

import enum
import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import pictures, usernames, wordlist


class Band(TextChoices):
    FIRST_YEARS = "first", _("0th to 3rd form")
    MIDDLE_YEARS = "middle", _("4th to 6th form")
    ADULT = "adult", _("7th form and up, and adults")


class Form(enum.Enum):
    """What a secret of the band is made of."""

    PICTURES = "pictures"
    WORDS = "words"
    WORDS_AND_DIGITS = "words_and_digits"


@dataclass(frozen=True)
class Policy:
    """What a secret must look like.

    Lengths are in characters (or pictures), the lifetime in days; None means "until the next band".
    """

    form: Form
    self_chosen: bool
    minimum: int
    maximum: int
    needs_upper: bool = False
    needs_lower: bool = False
    needs_digit: bool = False
    lifetime_days: int | None = None


POLICIES: dict[Band, Policy] = {
    Band.FIRST_YEARS: Policy(Form.PICTURES, self_chosen=False, minimum=pictures.CHOSEN, maximum=pictures.CHOSEN),
    Band.MIDDLE_YEARS: Policy(Form.WORDS, self_chosen=True, minimum=8, maximum=24),
    Band.ADULT: Policy(
        Form.WORDS_AND_DIGITS,
        self_chosen=True,
        minimum=8,
        maximum=24,
        needs_upper=True,
        needs_lower=True,
        needs_digit=True,
        lifetime_days=365,
    ),
}

# Kindergarten children (DT) have no password of their own yet; should they get one, it is pictures.
BAND_OF_LEVEL: dict[str, Band] = {
    **dict.fromkeys(("DT", "0", "1", "2", "3"), Band.FIRST_YEARS),
    **dict.fromkeys(("4", "5", "6"), Band.MIDDLE_YEARS),
    **dict.fromkeys(("7", "8", "9", "10", "U1", "U2", "U3", "U4", "VU", "Andet"), Band.ADULT),
}


def policy_of(band: str) -> Policy:
    """Return the rule of a band, by its value as accounts keep it."""
    return POLICIES[Band(band)]


def band_of(level: str) -> Band:
    """Return the band of a pupil's level (D1.6 Trin); a level that is not in the table counts as the last band."""
    return BAND_OF_LEVEL.get(level, Band.ADULT)


class Violation(TextChoices):
    """What is wrong with a password somebody made, in words for that person."""

    TOO_SHORT = "too_short", _("The password must have at least 8 characters")
    TOO_LONG = "too_long", _("The password can have at most 24 characters")
    NO_UPPER = "no_upper", _("The password needs an upper case letter")
    NO_LOWER = "no_lower", _("The password needs a lower case letter")
    NO_DIGIT = "no_digit", _("The password needs a digit")
    BAD_CHARACTER = "bad_character", _("Use only the letters a to z, digits and common symbols, not æ, ø or å")
    OWN_NAME = "own_name", _("The password must not contain your name or user name")
    SEASON = "season", _("The password must not contain a season")
    COMMON = "common", _("This password is among the first that people guess")
    REUSED = "reused", _("This is one of your last five passwords")


# What must not be in the password, as one line of the list that the page shows.
BLOCKED_CONTENT = frozenset({Violation.OWN_NAME, Violation.SEASON, Violation.COMMON, Violation.REUSED})

SHORTEST_NAME = 3


def violations(secret: str, policy: Policy, names: Iterable[str]) -> list[Violation]:
    """Return what breaks the rule of D3.2, in the order of the page's list; nothing means it may be used.

    `names` are the person's names and user name; parts of at least three letters count. Whether it is one of the
    last five is not known here: hashes tell that.
    """
    if len(secret) > policy.maximum:
        return [Violation.TOO_LONG]
    rules = {
        Violation.TOO_SHORT: len(secret) < policy.minimum,
        Violation.NO_UPPER: policy.needs_upper and not any("A" <= c <= "Z" for c in secret),
        Violation.NO_LOWER: policy.needs_lower and not any("a" <= c <= "z" for c in secret),
        Violation.NO_DIGIT: policy.needs_digit and not any(c in string.digits for c in secret),
        Violation.BAD_CHARACTER: any(not " " <= c <= "~" for c in secret),
        Violation.OWN_NAME: _contains_name(secret, names),
        Violation.SEASON: wordlist.names_a_season(secret),
        Violation.COMMON: wordlist.is_common(secret),
    }
    return [violation for violation, broken in rules.items() if broken]


@dataclass(frozen=True)
class ChecklistLine:
    """One line of the rules on the page; `kept` is None before anything was written."""

    text: str
    kept: bool | None


def checklist(policy: Policy, broken: Iterable[Violation] | None) -> list[ChecklistLine]:
    """Return the page's list of rules, judged by what is `broken` (None: not judged yet)."""
    lines: dict[str, frozenset[Violation]] = {
        gettext("%(minimum)s to %(maximum)s characters")
        % {"minimum": policy.minimum, "maximum": policy.maximum}: frozenset({Violation.TOO_SHORT, Violation.TOO_LONG})
    }
    if policy.needs_upper and policy.needs_lower:
        lines[gettext("Upper and lower case letters")] = frozenset({Violation.NO_UPPER, Violation.NO_LOWER})
    if policy.needs_digit:
        lines[gettext("At least one digit")] = frozenset({Violation.NO_DIGIT})
    lines[gettext("Not your name, a season, a common password or one of your last five")] = BLOCKED_CONTENT
    lines[gettext("No æ, ø, å or letters with accents")] = frozenset({Violation.BAD_CHARACTER})
    wrong = None if broken is None else set(broken)
    return [ChecklistLine(text, None if wrong is None else wrong.isdisjoint(rules)) for text, rules in lines.items()]


def assigned_secret(policy: Policy) -> str:
    """Draw a secret as the system gives it: `LampeSkov47`, `lampeskov` in the middle years, or four pictures (D3.2)."""
    if policy.form is Form.PICTURES:
        return pictures.secret_of(pictures.draw())
    if policy.form is Form.WORDS_AND_DIGITS:
        words = wordlist.draw_words(2, maximum=policy.maximum - 2)
        return "".join(word.capitalize() for word in words) + f"{secrets.randbelow(100):02d}"
    while True:
        word = "".join(wordlist.draw_words(2, maximum=policy.maximum))
        if len(word) >= policy.minimum:
            return word


def _contains_name(secret: str, names: Iterable[str]) -> bool:
    folded = usernames.spelled(secret)
    parts = {usernames.letters_of(part) for name in names for part in re.split(r"[\s-]+", name)}
    return any(len(part) >= SHORTEST_NAME and part in folded for part in parts)
