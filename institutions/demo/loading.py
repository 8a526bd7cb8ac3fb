"""Bringing the demo country into the database, through the commands that production uses."""

import datetime as dt
import shutil
from contextlib import suppress
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from ..models import ImportSeries, Institution
from . import cast_ties, deliveries, mishaps
from .people import country
from .places import DAY_CARE_REGISTER, INSTITUTION_REGISTER, SHAPES, places
from .years import school_year

AN_HOUR_LATER = dt.timedelta(hours=1)
HOUR = 1  # of the nightly delivery: an hour that no change to summer time skips or repeats


def load_registers(folder: Path) -> bool:
    """Load the two extracts unless every institution with people is known. Return whether anything was done.

    Whoever holds the whole registers keeps them: an extract of a few would look like the closing of all others.
    """
    if Institution.objects.filter(number__in=SHAPES).count() == len(SHAPES):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for register in (INSTITUTION_REGISTER, DAY_CARE_REGISTER):
        path = shutil.copy(register, folder)
        call_command("import_register", register.stem, str(path), stdout=StringIO())
    return True


def load_people(folder: Path, now: dt.datetime) -> int:
    """Load what has not been delivered yet; return the number of deliveries.

    An institution without any gets two nights, so that there is something that ended; one whose last is older than
    tonight's gets the second night again, as its system would send it.
    """
    tonight = _latest_night(now)
    held = _last_deliveries()
    new = {number for number in SHAPES if number not in held}
    due = {number for number in SHAPES if number in new or held[number] < tonight}
    if not due:
        return 0
    year = school_year(tonight.date())
    inhabitants = country()
    for night, at, numbers in ((1, tonight - dt.timedelta(days=1), new), (2, tonight, due)):
        wanted = [institution for institution in inhabitants if institution.place.number in numbers]
        if wanted:
            deliveries.write(
                mishaps.with_faults(wanted), _emptied(folder / f"night{night}"), night=night, at=at, year=year
            )
            call_command("import_users", str(folder / f"night{night}"), json=True, stdout=StringIO())
    if cast_ties.SCHOOL in due:
        _send_a_cut_extract(folder / "cut", at=tonight + AN_HOUR_LATER, year=year)
    return len(new) + len(due)


def _send_a_cut_extract(into: Path, *, at: dt.datetime, year: int) -> None:
    """Let the cast's school deliver once more, half of it: the import holds it back, and its leader decides."""
    deliveries.write(mishaps.cut_off(country()), _emptied(into), night=2, at=at, year=year)
    with suppress(SystemExit):  # that is how the command says that something was not loaded
        call_command("import_users", str(into), json=True, stdout=StringIO())


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _latest_night(now: dt.datetime) -> dt.datetime:
    """Return the last delivery hour that has passed, in local time."""
    local = timezone.localtime(now)
    tonight = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight <= local else tonight - dt.timedelta(days=1)


def _last_deliveries() -> dict[str, dt.datetime]:
    """Return the time of the last delivery by institution, for those that the demo country's systems delivered."""
    series = ImportSeries.objects.filter(
        institution__number__in=SHAPES,
        source__in={place.source for place in places()},
        last_source_time__isnull=False,
    )
    return {number: at for number, at in series.values_list("institution__number", "last_source_time") if at}
