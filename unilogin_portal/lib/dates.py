"""Dates as people say them."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

# Django's own formats of a language are for forms; these are for reading. English is the second language's fallback.
FORMATS = {
    "da": {
        "day": "j. F Y",
        "day_this_year": "j. F",
        "clock": "G.i",
        "short": "j. N",
        "short_with_year": "j. N Y",
        "only_day": "j.",
    },
    "en": {
        "day": "j F Y",
        "day_this_year": "j F",
        "clock": "G:i",
        "short": "j M",
        "short_with_year": "j M Y",
        "only_day": "j",
    },
}


def today() -> dt.date:
    """Return the date in Denmark now."""
    return timezone.localdate()


def age_on(birth: dt.date, day: dt.date) -> int:
    """Return the age in whole years on `day`; who is born on 29 February grows older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _in_denmark(moment: dt.date) -> dt.date:
    """Return a moment on Denmark's clock; a date is what it is."""
    return timezone.localtime(moment) if isinstance(moment, dt.datetime) and timezone.is_aware(moment) else moment


def _formatted(moment: dt.date, name: str) -> str:
    formats = FORMATS.get(get_language() or "da", FORMATS["en"])
    return date_format(moment, formats[name])


def day_text(moment: dt.date) -> str:
    """Return "20. november 2026" or "20 November 2026"."""
    return _formatted(_in_denmark(moment), "day")


def span_text(first: dt.date, last: dt.date) -> str:
    """Return the days from one to another: "16. til 20. november 2026", "28. december 2026 til 1. januar 2027"."""
    beginning = "only_day" if (first.year, first.month) == (last.year, last.month) else "day_this_year"
    if first.year != last.year:
        beginning = "day"
    return gettext("%(first)s to %(last)s") % {"first": _formatted(first, beginning), "last": day_text(last)}


def clock_text(moment: dt.datetime) -> str:
    """Return "kl. 10.41" or "10:41"."""
    return gettext("%(clock)s") % {"clock": _formatted(_in_denmark(moment), "clock")}


def when_text(moment: dt.datetime, now: dt.datetime | None = None) -> str:
    """Return how a person would say the moment: "I dag kl. 7.52", "I går kl. 20.11", "19. nov. kl. 10.14"."""
    here, current = _in_denmark(moment), _in_denmark(now or timezone.now())
    clock = _formatted(here, "clock")
    days_ago = (dt.date(current.year, current.month, current.day) - dt.date(here.year, here.month, here.day)).days
    if days_ago == 0:
        return gettext("Today at %(clock)s") % {"clock": clock}
    if days_ago == 1:
        return gettext("Yesterday at %(clock)s") % {"clock": clock}
    day = _formatted(here, "short" if here.year == current.year else "short_with_year")
    return gettext("%(day)s at %(clock)s") % {"day": day, "clock": clock}


def date_text(moment: dt.date, now: dt.datetime | None = None) -> str:
    """Return "20. december", with the year if it is another."""
    here, current = _in_denmark(moment), _in_denmark(now or timezone.now())
    return _formatted(here, "day_this_year" if here.year == current.year else "day")


def short_text(moment: dt.date, now: dt.datetime | None = None) -> str:
    """Return the day as a narrow column has it: "3. nov.", with the year if it is another."""
    here, current = _in_denmark(moment), _in_denmark(now or timezone.now())
    return _formatted(here, "short" if here.year == current.year else "short_with_year")


def moment_text(moment: dt.datetime, now: dt.datetime | None = None) -> str:
    """Return the day and the clock as a heading has them: "21. november kl. 2.14"; with the year, if it is another."""
    here, current = _in_denmark(moment), _in_denmark(now or timezone.now())
    day = _formatted(here, "day_this_year" if here.year == current.year else "day")
    return gettext("%(day)s at %(clock)s") % {"day": day, "clock": _formatted(here, "clock")}


def tonight_text(moment: dt.datetime) -> str:
    """Return when in the coming night: "I nat kl. 2.00"."""
    return gettext("Tonight at %(clock)s") % {"clock": _formatted(_in_denmark(moment), "clock")}
