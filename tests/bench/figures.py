"""`python -m tests.bench.figures`: a year of sick leave, a thousand asked each week, and its page of statistics.

Fills the database at DATABASE_URL and prints JSON: seconds of each request of the page, over the test client with all
of the portal's layers, of the bare query of its weeks, of the figures of one week, and of their bare query.
"""

import json
import random
import statistics as means
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from institutions.models import Institution, InstitutionKind, InstitutionLevel, Municipality, Ownership  # noqa: E402
from reporting.models import AnswerLine, Campaign, Figure, Report, ReportVersion  # noqa: E402
from reporting.models.answer import DAYS  # noqa: E402
from reporting.questions import RespondentKind, lines_for  # noqa: E402
from reporting.respondents import FREE_SCHOOL  # noqa: E402
from reporting.states import ReportState  # noqa: E402
from reporting.statistics import figures  # noqa: E402
from reporting.weeks import Week  # noqa: E402
from tests.officers import make_officer  # noqa: E402
from tests.statistics import week  # noqa: E402
from unilogin_portal.lib import bulk  # noqa: E402

WEEKS, MUNICIPALITIES, SCHOOLS = 52, 98, 902
LAST = Week(2026, 47)
CVR = "29189404"  # of the first municipality
TRIES = 15
PAGE = "/sygefravaer/statistik/"
# The rows that a page of 52 weeks cannot do without, as plainly as they can be asked for.
_ROWS = """
    SELECT campaign_id, municipality_id, total, absent, reports, hidden FROM reporting_figure
        WHERE line = %s AND day = 5 AND (municipality_id IS NULL OR municipality_id = %s) AND campaign_id = ANY(%s)"""
_SUMS = """
    SELECT l.line, r.municipality_id, sum(l.total), sum(l.monday), sum(l.tuesday), sum(l.wednesday), sum(l.thursday),
        sum(l.friday), count(*) FROM reporting_answerline l JOIN reporting_reportversion v ON v.id = l.version_id
        JOIN reporting_report r ON r.id = v.report_id WHERE r.campaign_id = %s AND v.sent_at IS NOT NULL
        GROUP BY l.line, r.municipality_id"""


def fill() -> None:
    """Let a hundred municipalities and nine hundred schools answer every week of a year."""
    municipalities = Municipality.objects.bulk_create(
        Municipality(code=f"9{number:03}", name=f"Målekommune {number}") for number in range(MUNICIPALITIES)
    )
    facts: dict[str, Any] = {"level": InstitutionLevel.SCHOOL, "kind": InstitutionKind.SCHOOL}
    schools = Institution.objects.bulk_create(
        Institution(
            number=f"Z{number:05}",
            name=f"Måleskolen {number}",
            type_code=FREE_SCHOOL,
            municipality=municipalities[number % MUNICIPALITIES],
            **facts,
        )
        for number in range(SCHOOLS)
    )
    Institution.objects.create(
        number="Z99999", name="Måleinstitution", cvr=CVR, ownership=Ownership.MUNICIPAL, municipality=municipalities[0],
        level=InstitutionLevel.UNIT, kind=InstitutionKind.DAY_CARE,
    )  # fmt: skip
    chance = random.Random(6)
    for back in range(WEEKS):
        of = LAST.shifted(-back)
        with transaction.atomic():
            _answer(week(of.number, of.year), municipalities, schools, chance)
    bulk.refresh_statistics(Report, ReportVersion, AnswerLine)


def _answer(
    campaign: Campaign, municipalities: list[Municipality], schools: list[Institution], chance: random.Random
) -> None:
    asked = len(municipalities) + len(schools)
    [reports, versions] = bulk.reserve_ids([(Report, asked), (ReportVersion, asked)])
    kinds = [RespondentKind.MUNICIPALITY] * len(municipalities) + [RespondentKind.SCHOOL] * len(schools)
    who: list[Any] = [*municipalities, *schools]
    places = [one.pk if isinstance(one, Municipality) else one.municipality_id for one in who]
    at = campaign.deadline_at
    bulk.insert(
        Report,
        ("id", "number", "kind", "municipality_id", "institution_id", "name"),
        (
            (pk, number, kind.value, place, one.pk if kind is RespondentKind.SCHOOL else None, one.name)
            for number, (pk, kind, place, one) in enumerate(zip(reports, kinds, places, who, strict=True), start=1)
        ),
        always={"campaign_id": campaign.pk, "state": ReportState.FINISHED, "finished_at": at},
    )
    bulk.insert(
        ReportVersion, ("id", "report_id"), zip(versions, reports, strict=True), always={"number": 1, "sent_at": at}
    )
    bulk.insert(AnswerLine, ("version_id", "line", "total", *DAYS), _lines(versions, kinds, chance))
    Campaign.objects.filter(pk=campaign.pk).update(revision=asked)


def _lines(versions: Any, kinds: list[RespondentKind], chance: random.Random) -> Iterator[tuple[object, ...]]:
    for version, kind in zip(versions, kinds, strict=True):
        for line in lines_for(kind.value, "9"):
            total = chance.randrange(8, 28) if kind is RespondentKind.SCHOOL else chance.randrange(400, 4000)
            rate = chance.uniform(0.02, 0.09)
            days = [min(total, abs(round(chance.gauss(total * rate, 1)))) for _ in DAYS] if line.has_days else []
            yield version, line.key, total, *(days or [None] * len(DAYS))


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def measure() -> dict[str, Any]:
    newest = list(Campaign.objects.all())
    first = [seconds(lambda campaign=campaign: figures.refresh(campaign)) for campaign in newest]  # type: ignore[misc]
    bulk.refresh_statistics(Figure)
    client = make_officer("Line Krogh", cvr=CVR).client()
    told: dict[str, Any] = {"refresh": means.median(first), "asked": newest[0].reports.count(), "weeks": len(newest)}
    told["bare_refresh"] = min(seconds(lambda: _rows(_SUMS, [newest[0].pk])) for _ in range(3))
    for name, group in (("staff", "personale-skoler"), ("pupils", "elever")):
        asked = {"tal": group, "uger": str(WEEKS)}
        assert client.get(PAGE, asked).status_code == 200
        told[name] = [seconds(lambda asked=asked: client.get(PAGE, asked)) for _ in range(TRIES)]  # type: ignore[misc]
    parameters = ["pupils", "9000", [campaign.pk for campaign in newest]]
    told["bare"] = min(seconds(lambda: _rows(_ROWS, parameters)) for _ in range(TRIES))
    told["files"] = {
        extension: seconds(lambda extension=extension: Client().get(f"/sygefravaer/aabne-data/elever.{extension}"))  # type: ignore[misc]
        for extension in ("csv", "xlsx", "json")
    }
    return told


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


if __name__ == "__main__":
    fill()
    print(json.dumps(measure()))
