"""Figures as files: CSV for spreadsheets, xlsx and JSON, of the same rows with the same numbers hidden.

Columns and keys are part of the format that *Åbne data* describes, and so not translated.
"""

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from xlsxwriter import Workbook

from institutions.administration.table_files import harmless
from institutions.models import Municipality

from ..models import Campaign, Figure, Report
from ..models.figure import WHOLE_WEEK
from ..states import CampaignState
from .access import Place
from .figures import current
from .groups import Group
from .series import Point
from .suppression import LEAST

# Changed whenever the same figures would give another file.
_FORMAT = 2
_WEEKS = 53
_COUNTRY = "Hele landet"

Row = tuple[object, ...]

COLUMNS = (
    *("aar", "uge", "dag", "kommunekode", "kommune"),
    *("i_alt", "syge", "procent", "svar", "adspurgte", "skjult"),
)
OWN_COLUMNS = (
    "aar",
    "uge",
    "sted",
    "procent",
    "svar",
    "landet_procent",
    "landet_svar",
    "landet_adspurgte",
    "foreloebig",
)


@dataclass(frozen=True)
class Kind:
    content_type: str
    write: Callable[[str, Sequence[str], Iterable[Row]], bytes]


def published(year: int | None = None) -> list[Campaign]:
    """Return the weeks that are over, the newest first: those of a year, or the latest ones."""
    closed = Campaign.objects.filter(state=CampaignState.CLOSED)
    return current(closed.filter(year=year) if year else closed[:_WEEKS])


def years() -> list[int]:
    """Return the years of which there are weeks, the newest first."""
    closed = Campaign.objects.filter(state=CampaignState.CLOSED).order_by("-year")
    return list(closed.values_list("year", flat=True).distinct())


def version_of(campaigns: Sequence[Campaign]) -> str:
    """Return a mark of what a file of these weeks is made of."""
    names = list(Municipality.objects.order_by("pk").values_list("pk", "name"))
    made_of = (_FORMAT, [(campaign.pk, campaign.figures_revision) for campaign in campaigns], names)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]


def open_rows(group: Group, campaigns: Sequence[Campaign]) -> Iterator[Row]:
    """Yield a group's figures: a row for each week, each of its days, the country and each municipality.

    How many there are in all is not told where they are few on a day; nor is the week's, which would tell of the day.
    """
    names = dict(Municipality.objects.values_list("pk", "name"))
    asked = _asked(group, campaigns)
    weeks = {campaign.pk: campaign for campaign in campaigns}
    rows = Figure.objects.filter(line=group.line, campaign__in=weeks).order_by(
        "-campaign__year", "-campaign__week", "municipality", "day"
    )
    columns = ("campaign", "municipality", "day", "total", "absent", "reports", "hidden")
    few: set[tuple[int, str | None]] = set()  # the days of a week come before the week
    for key, code, day, total, absent, reports, hidden in rows.values_list(*columns):
        week = weeks[key].of
        numbers = (None, None) if hidden else (absent, round(100 * absent / total, 1))
        place = (code, names[code]) if code else (None, _COUNTRY)
        at = None if day == WHOLE_WEEK else day + 1
        if total < LEAST:
            few.add((key, code))
        in_all = None if total < LEAST or (at is None and (key, code) in few) else total
        yield week.year, week.number, at, *place, in_all, *numbers, reports, asked.get((key, code), 0), hidden


def own_rows(points: Sequence[Point], place: Place) -> Iterator[Row]:
    """Yield what the page of statistics shows, week by week."""
    for point in reversed(points):
        own, country = point.own, point.country
        yield (
            *(point.week.year, point.week.number, place.name or _COUNTRY),
            *((own.rate, own.reports) if own else (None, None)),
            *((country.rate, country.reports) if country else (None, None)),
            *(point.asked.country, point.is_preliminary),
        )


def _asked(group: Group, campaigns: Sequence[Campaign]) -> dict[tuple[int, str | None], int]:
    """Return how many were asked, by week and municipality; the country's under None."""
    reports = Report.objects.filter(kind=group.kind.value, campaign__in=campaigns).order_by()
    asked: dict[tuple[int, str | None], int] = {}
    for campaign, code, count in reports.values_list("campaign", "municipality").annotate(count=Count("pk")):
        for place in {code, None}:
            asked[campaign, place] = asked.get((campaign, place), 0) + count
    return asked


def as_csv(title: str, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return what Danish Excel opens: UTF-8 with its mark, semicolons, decimal commas, no formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    return harmless(value)


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    file = io.BytesIO()
    # A row at a time in memory, and texts that are never taken for formulas or addresses.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet("Tal")
        bold, decimal = book.add_format({"bold": True}), book.add_format({"num_format": "0.0"})
        sheet.set_column(0, len(columns) - 1, 14)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, bold)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, at, column, value, decimal)
        book.set_properties({"title": title})
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, value: object, decimal: Any) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, column, _cell(value))
    elif isinstance(value, float):
        sheet.write_number(row, column, value, decimal)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value))


def as_json(title: str, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    document = {
        "titel": title,
        "kilde": "Styrelsen for It og Læring, ugentlig indberetning af sygefravær",
        "vilkaar": "Frit brug. Nævn kilden.",
        "raekker": [dict(zip(columns, row, strict=True)) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


KINDS: dict[str, Kind] = {
    "csv": Kind("text/csv; charset=utf-8", as_csv),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": Kind("application/json", as_json),
}
