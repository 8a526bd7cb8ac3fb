"""A campaign's moments as people say them: "mandag den 23. november kl. 12", "om 3 timer"."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from unilogin_portal.lib import dates

_WEEK = dt.timedelta(days=6)
_HOUR, _DAY = 60, 24 * 60


def due_text(moment: dt.datetime) -> str:
    """Return "mandag den 23. november kl. 12"."""
    day = dates.date_text(moment, moment)
    return gettext("%(weekday)s %(day)s at %(clock)s") % {**_parts(moment), "day": day}


def near_text(moment: dt.datetime, now: dt.datetime) -> str:
    """Return "mandag kl. 12"; with the date, where it is further away than a week."""
    if abs(moment - now) > _WEEK:
        return due_text(moment)
    return gettext("%(weekday)s at %(clock)s") % _parts(moment)


def away_text(moment: dt.datetime, now: dt.datetime) -> str:
    """Return how far away it is: "om 3 timer", "for 2 dage siden"."""
    minutes = int(abs(moment - now).total_seconds() // 60)
    if minutes < _HOUR:
        length = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    elif minutes < 2 * _DAY:
        hours = minutes // _HOUR
        length = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    else:
        length = ngettext("%(count)d day", "%(count)d days", minutes // _DAY) % {"count": minutes // _DAY}
    return (gettext("in %(length)s") if moment > now else gettext("%(length)s ago")) % {"length": length}


def _parts(moment: dt.datetime) -> dict[str, str]:
    here = timezone.localtime(moment)
    whole = get_language() == "da" and here.minute == 0
    clock = date_format(here, "G" if whole else dates.FORMATS.get(get_language() or "da", dates.FORMATS["en"])["clock"])
    weekday = date_format(here, "l")
    return {"weekday": weekday.lower() if get_language() == "da" else weekday, "clock": clock}
