"""How a report stands: its numbers, what is wrong or doubtful about them, and what was sent the weeks before."""

import hashlib
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from . import checks
from .checks import Finding
from .models import AnswerLine, Report, ReportVersion
from .models.answer import DAYS, FIELDS
from .numbers import Numbers
from .questions import LINES, Section
from .weeks import WEEKDAYS

# A number by its line and field, such as ("school_staff", "monday").
Cell = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """A report as its pages need it: the version that is written in or was sent last, its numbers, and last time's."""

    report: Report
    version: ReportVersion | None
    numbers: dict[str, Numbers]
    last: dict[str, int]
    confirmed: dict[tuple[str, str, str], str]

    @property
    def open_days(self) -> tuple[int, ...]:
        return self.report.campaign.of.open_days

    def findings(self, section: Section) -> list[Finding]:
        return list(checks.findings(section, self.numbers, last=self.last, open_days=self.open_days))

    def is_confirmed(self, finding: Finding) -> bool:
        return self.confirmed.get(finding.key) == finding.seen

    def unsettled(self, section: Section) -> list[Finding]:
        """Return errors, and doubts that nobody has confirmed."""
        return [finding for finding in self.findings(section) if finding.is_error or not self.is_confirmed(finding)]

    @property
    def digest(self) -> str:
        """Return a mark of all numbers and confirmations: *Afslut* sends what was looked through, or nothing."""
        lines = sorted((key, numbers.total, numbers.days) for key, numbers in self.numbers.items())
        return hashlib.sha256(repr((lines, sorted(self.confirmed.items()))).encode()).hexdigest()[:32]


def standing_of(report: Report) -> Standing:
    """Return how a report stands: four queries, however many lines it has."""
    version = report.versions.order_by("-number").first()
    return Standing(report, version, numbers_of(version), last_totals(report), confirmed_of(version))


def sent_standing_of(report: Report) -> Standing:
    """Return what was sent last, whatever has been written since."""
    version = report.versions.filter(sent_at__isnull=False).order_by("-number").first()
    return Standing(report, version, numbers_of(version), last_totals(report), confirmed_of(version))


def last_totals(report: Report) -> dict[str, int]:
    """Return the totals that the same respondent sent for the nearest earlier week."""
    earlier = earlier_totals(report, 1)
    return earlier[0] if earlier else {}


def earlier_totals(report: Report, weeks: int) -> list[dict[str, int]]:
    """Return the totals of the respondent's latest sent answers of earlier weeks, the newest first: two queries."""
    campaign = report.campaign
    same = {"institution" if report.is_school else "municipality": report.institution_id or report.municipality_id}
    earlier = Q(campaign__year__lt=campaign.year) | Q(campaign__year=campaign.year, campaign__week__lt=campaign.week)
    before = Report.objects.filter(earlier, kind=report.kind, finished_at__isnull=False, **same)
    newest = list(before.order_by("-campaign__year", "-campaign__week").values_list("pk", flat=True)[:weeks])
    # Of each the version that was sent last: a number that a correction has taken away is not what they had.
    later = ReportVersion.objects.filter(
        report=OuterRef("version__report"), number__gt=OuterRef("version__number"), sent_at__isnull=False
    )
    rows = AnswerLine.objects.filter(
        ~Exists(later), version__report__in=newest, version__sent_at__isnull=False, total__isnull=False
    ).values_list("version__report", "line", "total")
    totals: dict[int, dict[str, int]] = {pk: {} for pk in newest}
    for pk, line, total in rows:
        totals[pk][line] = total or 0
    return [totals[pk] for pk in newest]


def cells_of(version: ReportVersion | None) -> dict[Cell, int | None]:
    """Return every number of a version by its cell."""
    found: dict[Cell, int | None] = {}
    for key, numbers in numbers_of(version).items():
        found[key, "total"] = numbers.total
        found.update({(key, DAYS[day]): numbers.days[day] for day in range(WEEKDAYS)})
    return found


def numbers_of(version: ReportVersion | None) -> dict[str, Numbers]:
    rows = version.lines.values_list("line", *FIELDS) if version else ()
    return {line: Numbers(total, tuple(days)) for line, total, *days in rows if line in LINES}


def confirmed_of(version: ReportVersion | None) -> dict[tuple[str, str, str], str]:
    rows = version.confirmations.values_list("check_code", "line", "field", "seen") if version else ()
    return {(check, line, name): seen for check, line, name, seen in rows}
