"""What STIL's pages show of a week: how many have answered, and the line of each respondent."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.models import Municipality
from unilogin_portal.lib.dates import when_text
from unilogin_portal.lib.status import Status, Tone

from . import mailing, moments, reports
from .models import Campaign, Report
from .questions import RespondentKind
from .states import UNANSWERED, CampaignState, MailState, ReportState

_ANSWERED = Q(state__in=(ReportState.FINISHED, ReportState.REOPENED))
_BEGUN = ~_ANSWERED & Q(begun_at__isnull=False)
_ONLY_OPENED = ~_ANSWERED & Q(begun_at=None, opened_at__isnull=False)
_NOT_OPENED = ~_ANSWERED & Q(begun_at=None, opened_at=None)
_MISSING = ~_ANSWERED
_ASKS = Q(state=ReportState.FINISHED, reopening_asked_at__isnull=False)


def _undelivered(now: dt.datetime) -> Q:
    uncertain = Q(mail=MailState.CLAIMED, mail_claimed_at__lte=now - mailing.UNCERTAIN_AFTER)
    return Q(mail__in=(MailState.BOUNCED, MailState.NO_ADDRESS)) | uncertain


FILTERS: dict[str, tuple[Promise, Q | None]] = {
    "": (gettext_lazy("All"), None),
    "mangler": (gettext_lazy("Have not answered"), _MISSING),
    "ikke-aabnet": (gettext_lazy("Have not opened"), _NOT_OPENED),
    "begyndt": (gettext_lazy("Have begun"), _BEGUN),
    "svaret": (gettext_lazy("Have answered"), _ANSWERED),
    "ikke-leveret": (gettext_lazy("Could not be delivered"), None),
    "genaabnet": (gettext_lazy("Open again"), Q(state=ReportState.REOPENED)),
    "vil-rette": (gettext_lazy("Ask to correct"), _ASKS),
}
KINDS: dict[str, Promise] = {
    "": gettext_lazy("All"),
    RespondentKind.MUNICIPALITY.value: gettext_lazy("Municipalities"),
    RespondentKind.SCHOOL.value: gettext_lazy("Schools"),
}
UNDELIVERED = "ikke-leveret"


@dataclass(frozen=True)
class Counts:
    """How a week's respondents stand. All but the last three add up to `asked`."""

    asked: int
    answered: int
    begun: int
    only_opened: int
    not_opened: int
    undelivered: int
    reopened: int
    asking: int


def counts_of(campaign: Campaign, now: dt.datetime) -> Counts:
    """Return the week's counts: one query."""
    return Counts(
        **campaign.reports.aggregate(
            asked=Count("pk"),
            answered=Count("pk", filter=_ANSWERED),
            begun=Count("pk", filter=_BEGUN),
            only_opened=Count("pk", filter=_ONLY_OPENED),
            not_opened=Count("pk", filter=_NOT_OPENED),
            undelivered=Count("pk", filter=_undelivered(now)),
            reopened=Count("pk", filter=Q(state=ReportState.REOPENED)),
            asking=Count("pk", filter=_ASKS),
        )
    )


@dataclass(frozen=True)
class Week:
    """A week in the list: how many were asked and have answered, and how many ask to correct."""

    campaign: Campaign
    asked: int
    answered: int
    asking: int


def weeks_of(campaigns: Sequence[Campaign]) -> list[Week]:
    """Return the lines of a list of weeks: one query, however many."""
    rows = (
        Report.objects.filter(campaign__in=[campaign.pk for campaign in campaigns])
        .order_by("campaign")
        .values("campaign")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=_ANSWERED), asking=Count("pk", filter=_ASKS))
    )
    counted = {row["campaign"]: (row["asked"], row["answered"], row["asking"]) for row in rows}
    return [Week(campaign, *counted.get(campaign.pk, (0, 0, 0))) for campaign in campaigns]


def without_address() -> int:
    """Return how many municipalities have no address to be written to."""
    return Municipality.objects.filter(sick_leave_address=None).count()


@dataclass(frozen=True)
class Choice:
    """Which respondents a list shows, as the page's address says it."""

    words: str = ""
    shown: str = ""
    kind: str = ""

    def of(self, campaign: Campaign, now: dt.datetime) -> QuerySet[Report]:
        rows = campaign.reports.select_related("institution")
        if self.shown == UNDELIVERED:
            rows = rows.filter(_undelivered(now))
        elif (condition := FILTERS[self.shown][1]) is not None:
            rows = rows.filter(condition)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.words:
            number = Q(institution__number__iexact=self.words) | Q(municipality=self.words)
            rows = rows.filter(Q(name__icontains=self.words) | number)
        return rows.order_by("kind", "name", "number")


@dataclass(frozen=True)
class Line:
    """A respondent in the list."""

    report: Report
    mail: Status
    under: str  # when it was answered, reminded or opened
    can_be_reminded: bool


def lines_of(campaign: Campaign, rows: Iterable[Report], now: dt.datetime) -> list[Line]:
    is_open = campaign.is_open(now)
    return [
        Line(report, mail_status(report, now), _under(report, now), is_open and can_be_reminded(report, now))
        for report in rows
    ]


def can_be_reminded(report: Report, now: dt.datetime) -> bool:
    """Whether `mailing.remindable` has it: also one whose mail may have gone, and is in nobody's hand."""
    perhaps = report.mail == MailState.CLAIMED and not reports.is_being_sent(report, now)
    reached = (report.mail == MailState.SENT or perhaps) and bool(report.email) and bool(report.token_hash)
    return reached and report.state in UNANSWERED


def mail_status(report: Report, now: dt.datetime) -> Status:
    """Return how far the mail has come; a claim that is old is of a worker that died at it."""
    if report.mail == MailState.CLAIMED:
        if reports.is_being_sent(report, now):
            return Status("wait", _("Being sent"))
        return Status("wait", _("Unknown whether the mail has gone"), "warning")
    tones: dict[str, Tone] = {MailState.SENT: "ok", MailState.BOUNCED: "bad", MailState.NO_ADDRESS: "bad"}
    return Status(tones.get(report.mail, "wait"), MailState(report.mail).label)


def _under(report: Report, now: dt.datetime) -> str:
    if report.state == ReportState.FINISHED and report.reopening_asked_at:
        return _("asks to correct")
    for text, moment in (
        (_("sent in %(when)s"), report.finished_at),
        (_("reminded %(when)s"), report.reminded_at),
        (_("opened %(when)s"), report.opened_at),
    ):
        if moment:
            when = when_text(moment, now)
            return text % {"when": when[0].lower() + when[1:]}
    return ""


def mark_of(*shown: object) -> str:
    """Return a mark of what a page shows, so that it is drawn anew only where something has changed."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def clock_of(campaign: Campaign, now: dt.datetime) -> str:
    """Return what comes next: "Fristen er mandag kl. 12, om 3 timer"."""
    if campaign.state == CampaignState.PLANNED:
        texts = [(_("The links go out %(when)s, %(away)s."), campaign.opens_at)]
    elif campaign.state == CampaignState.OPEN:
        texts = [
            (_("The deadline is %(when)s, %(away)s."), campaign.deadline_at),
            (_("The deadline is over. Answers are taken until %(when)s, %(away)s."), campaign.closes_at),
        ]
    else:
        return ""
    text, moment = next((one for one in texts if now < one[1]), texts[-1])
    return text % {"when": moments.near_text(moment, now), "away": moments.away_text(moment, now)}
