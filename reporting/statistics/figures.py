"""Figures: what the answers of a week add up to, for the country and each municipality, made anew where some have come.

The latest sent version of each report counts, unless the published rule leaves it out. What is small is hidden at once,
for the whole table of a week: what may be shown of one page depends on all others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from unilogin_portal.lib import bulk

from ..models import AnswerLine, Campaign, Figure, ReportVersion
from ..models.answer import DAYS
from ..models.figure import WHOLE_WEEK
from ..questions import RespondentKind
from . import suppression
from .groups import ALL_PUPILS, BY_LINE, PUPIL_LINES

# The places of a table beside the codes of municipalities: all of them, and where none is known.
COUNTRY = "country"
NOWHERE = ""
_PLACE = "version__report__municipality"

Cell = tuple[str, str, int]


@dataclass
class Tally:
    total: int = 0
    absent: int = 0
    reports: int = 0


def current(campaigns: Iterable[Campaign]) -> list[Campaign]:
    """Return the campaigns with figures of all that was sent until now."""
    found = list(campaigns)
    for campaign in found:
        if campaign.figures_revision != campaign.revision:
            refresh(campaign)
    return found


def bring_up_to_date() -> int:
    """Make the figures of every campaign that something was sent to since; return how many. Then no reader waits."""
    stale = Q(figures_revision=None) | ~Q(figures_revision=F("revision"))
    return len(current(Campaign.objects.asked().filter(stale)))


@transaction.atomic
def refresh(campaign: Campaign) -> None:
    """Make the figures of a campaign anew, if anything was sent since they were made."""
    # Whoever sends an answer raises the revision under the same lock, so none is missed.
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.figures_revision != locked.revision:
        tallies = _tallies(locked)
        hidden = _hidden(tallies)
        locked.figures.all().delete()
        columns = ("line", "municipality_id", "day", "total", "absent", "reports", "hidden")
        bulk.insert(Figure, columns, _rows(tallies, hidden), always={"campaign_id": locked.pk})
        locked.figures_revision = locked.revision
        locked.save(update_fields=["figures_revision"])
    campaign.revision, campaign.figures_revision = locked.revision, locked.figures_revision


def sent() -> QuerySet[ReportVersion]:
    """Return of each report what was sent last."""
    later = ReportVersion.objects.filter(
        report=OuterRef("report"), number__gt=OuterRef("number"), sent_at__isnull=False
    )
    return ReportVersion.objects.filter(~Exists(later), sent_at__isnull=False)


def counting() -> QuerySet[ReportVersion]:
    """Return the versions that count: what was sent last, if it is plausible."""
    return sent().filter(implausible="")


def _tallies(campaign: Campaign) -> dict[Cell, Tally]:
    """Add up the answers by line, place and day."""
    days = campaign.of.open_days
    tallies: dict[Cell, Tally] = {}
    if days:
        for row in _sums(campaign, days):
            line, place = row["line"], row[_PLACE] or NOWHERE
            for day in (*days, WHOLE_WEEK):
                added = Tally(row[f"total_{day}"] or 0, row[f"absent_{day}"] or 0, row[f"reports_{day}"])
                _add(tallies, (line, place, day), added)
                if line in PUPIL_LINES:
                    _add(tallies, (ALL_PUPILS, place, day), Tally(added.total, added.absent))
        for row in _schools(campaign, days):
            for day in (*days, WHOLE_WEEK):
                _add(tallies, (ALL_PUPILS, row[_PLACE] or NOWHERE, day), Tally(reports=row[f"reports_{day}"]))
    return {cell: tally for cell, tally in tallies.items() if tally.total}


def _add(tallies: dict[Cell, Tally], cell: Cell, added: Tally) -> None:
    """Add to a place and to the country."""
    line, place, day = cell
    for at in (place, COUNTRY):
        tally = tallies.setdefault((line, at, day), Tally())
        tally.total += added.total
        tally.absent += added.absent
        tally.reports += added.reports


def _sums(campaign: Campaign, days: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Return the sums of each line and municipality: one query. A number counts where its total is written, too."""
    sums: dict[str, Sum | Count] = {}
    for day in days:
        sums[f"total_{day}"] = Sum("total", filter=_written([day]))
        sums[f"absent_{day}"] = Sum(DAYS[day])
        sums[f"reports_{day}"] = Count(DAYS[day])
    sums[f"reports_{WHOLE_WEEK}"] = Count("pk", filter=_written(days))
    rows = _lines(campaign).values("line", _PLACE).annotate(**sums).order_by()
    return (_with_week(row, days) for row in rows)


def _with_week(row: dict[str, Any], days: Sequence[int]) -> dict[str, Any]:
    for name in ("total", "absent"):
        row[f"{name}_{WHOLE_WEEK}"] = sum(row[f"{name}_{day}"] or 0 for day in days)
    return row


def _schools(campaign: Campaign, days: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Return how many schools stand behind the figures of all pupils: one query."""
    report = F("version__report")
    counts = {f"reports_{day}": Count(report, distinct=True, filter=_written([day])) for day in days}
    counts[f"reports_{WHOLE_WEEK}"] = Count(report, distinct=True, filter=_written(days))
    yield from _lines(campaign).filter(line__in=PUPIL_LINES).values(_PLACE).annotate(**counts).order_by()


def _written(days: Sequence[int]) -> Q:
    found = Q()
    for day in days:
        found |= Q(**{f"{DAYS[day]}__isnull": False})
    return found


def _lines(campaign: Campaign) -> QuerySet[AnswerLine]:
    versions = counting().filter(report__campaign=campaign)
    return AnswerLine.objects.filter(version__in=versions, line__in=[*BY_LINE], total__gt=0)


def _hidden(tallies: Mapping[Cell, Tally]) -> set[Cell]:
    """Return the cells that are not shown. Pupils are one table with their years as an axis, other lines one each.

    Whoever answered knows what is their own, so on the axis of places each hidden cell has two others to hide behind.
    """
    tables: dict[str, dict[suppression.Key, suppression.Count]] = {}
    for (line, place, day), tally in tallies.items():
        name = ALL_PUPILS if line in PUPIL_LINES else line
        tables.setdefault(name, {})[line, place, day] = suppression.Count(
            tally.total, tally.absent, of_few_answers=_is_of_few_answers(line, place, tally)
        )
    found: set[Cell] = set()
    for name, counts in tables.items():
        nowhere = {key for key in counts if key[1] == NOWHERE}
        if name == ALL_PUPILS:
            wholes = (ALL_PUPILS, COUNTRY, WHOLE_WEEK)
            found |= suppression.hidden(counts, wholes, nowhere, known_axis=1)  # type: ignore[arg-type]
        else:
            flat = {key[1:]: count for key, count in counts.items()}
            hidden = suppression.hidden(flat, (COUNTRY, WHOLE_WEEK), {key[1:] for key in nowhere}, known_axis=0)
            found |= {(name, *key) for key in hidden}  # type: ignore[misc]
    return found


def _is_of_few_answers(line: str, place: str, tally: Tally) -> bool:
    """Whether the schools of a municipality that answered are so few that one would know the others' numbers."""
    is_of_schools = BY_LINE[line].kind == RespondentKind.SCHOOL
    return is_of_schools and place != COUNTRY and tally.reports < suppression.LEAST_ANSWERS


def _rows(tallies: Mapping[Cell, Tally], hidden: set[Cell]) -> Iterator[tuple[object, ...]]:
    for cell, tally in tallies.items():
        line, place, day = cell
        if place != NOWHERE:
            municipality = None if place == COUNTRY else place
            yield line, municipality, day, tally.total, tally.absent, tally.reports, cell in hidden
