"""The numbers of institutions, companies and persons: which are well formed, and what a CPR number says. Pure."""

import datetime as dt
import re

_INSTITUTION = re.compile(r"[A-Z0-9]{6}")
_G_NUMBER = re.compile(r"G[0-9]{5}")
_CVR = re.compile(r"[0-9]{8}")
_P_NUMBER = re.compile(r"[0-9]{10}")
_CPR = re.compile(r"[0-9]{10}")
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# What is added to the day of a replacement number, so that it cannot be taken for a real one (D5.5).
_REPLACEMENT_DAY = 60


def is_institution_number(text: str) -> bool:
    """Whether `text` has the form of an institution number: six capitals or digits (D5.1)."""
    return _INSTITUTION.fullmatch(text) is not None


def is_g_number(text: str) -> bool:
    """Whether `text` has the form of a day-care unit's number, such as G12345 (D5.1)."""
    return _G_NUMBER.fullmatch(text) is not None


def is_cvr(text: str) -> bool:
    """Whether `text` is a CVR number: eight digits whose weighted sum is divisible by 11 (D5.5)."""
    return _CVR.fullmatch(text) is not None and _weighted_sum(text, _CVR_WEIGHTS) % 11 == 0


def is_p_number(text: str) -> bool:
    """Whether `text` has the form of a P-number: ten digits. It has no check digit that can be relied on (D5.5)."""
    return _P_NUMBER.fullmatch(text) is not None


def cpr_birth_date(cpr: str) -> dt.date | None:
    """Return the day of birth that a CPR number or a replacement number tells, or None where it is no such number.

    Ten digits, no hyphen. Modulus 11 is not asked for: since 2007 numbers without it are given out (D5.5).
    """
    if not _CPR.fullmatch(cpr):
        return None
    day, month, year = int(cpr[:2]), int(cpr[2:4]), int(cpr[4:6])
    if day > _REPLACEMENT_DAY:
        day -= _REPLACEMENT_DAY
    try:
        return dt.date(_century(int(cpr[6]), year) + year, month, day)
    except ValueError:
        return None


def is_cpr(text: str) -> bool:
    """Whether `text` is a CPR number or a replacement number: ten digits that begin with a real day."""
    return cpr_birth_date(text) is not None


def is_replacement_cpr(cpr: str) -> bool:
    """Whether a CPR number is a replacement number (day + 60)."""
    return is_cpr(cpr) and int(cpr[:2]) > _REPLACEMENT_DAY


def passes_modulus_11(cpr: str) -> bool:
    """Whether a CPR number has the old check digit. One that has not is worth a second look, and valid."""
    return _weighted_sum(cpr, _CPR_WEIGHTS) % 11 == 0


def _century(seventh: int, year: int) -> int:
    """Return the century's first year, by the seventh digit and the two of the year (the table in D5.5)."""
    if seventh <= 3:
        return 1900
    if seventh in {4, 9}:
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def _weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
