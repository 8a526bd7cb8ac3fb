"""Replacement CPR numbers for invented people: 60 is added to the day, so no real person can be meant (D5.5)."""

import datetime as dt

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def passes_modulus_11(number: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) % 11 == 0


class Issuer:
    """Hands out numbers, each once: valid by modulus 11 (D1.8, test persons), the last digit even for a woman."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = set(taken)

    def issue(self, born: dt.date, *, female: bool, start: int) -> str:
        """Return a free number for someone born on `born`; the search in the day's series begins at `start`."""
        head = f"{born.day + 60:02d}{born.month:02d}{born.year % 100:02d}"
        sevenths, odd = _seventh_digits(born.year), 0 if female else 1
        series = len(sevenths) * 500
        for offset in range(series):
            seventh, rest = divmod((start + offset) % series, 500)
            number = f"{head}{sevenths[seventh]}{2 * rest + odd:03d}"
            if number not in self._taken and passes_modulus_11(number):
                self._taken.add(number)
                return number
        raise ValueError("the day's series is used up")


def _seventh_digits(year: int) -> str:
    """Return the seventh digits that, with the two digits of the year, mean this century (D5.5)."""
    return "0123" if year < 2000 else "456789" if year <= 2036 else "5678"
