"""Dates as people say them."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """Return the date in Denmark now."""
    return timezone.localdate()


def age_on(birth: dt.date, day: dt.date) -> int:
    """Return the age in whole years on `day`; who is born on 29 February grows older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
