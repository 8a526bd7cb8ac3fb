"""From class level to password: a table and the pure functions that read it (D3.2).

A *band* is the stretch of school life that shares one rule. The import works out a pupil's band from the level and
writes it on the account; everybody who is not a pupil is in the last band.
"""

import enum
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    """What a secret must look like. Lengths are characters, the lifetime is days and None means "until the next band"."""

    form: Form
    self_chosen: bool
    minimum: int
    maximum: int
    needs_upper: bool = False
    needs_lower: bool = False
    needs_digit: bool = False
    lifetime_days: int | None = None


POLICIES: dict[Band, Policy] = {
    Band.FIRST_YEARS: Policy(Form.PICTURES, self_chosen=False, minimum=4, maximum=4),
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
    **{level: Band.FIRST_YEARS for level in ("DT", "0", "1", "2", "3")},
    **{level: Band.MIDDLE_YEARS for level in ("4", "5", "6")},
    **{level: Band.ADULT for level in ("7", "8", "9", "10", "U1", "U2", "U3", "U4", "VU", "Andet")},
}


def band_of(level: str) -> Band:
    """Return the band of a pupil's level (D1.6 Trin); a level that is not in the table counts as the last band."""
    return BAND_OF_LEVEL.get(level, Band.ADULT)
