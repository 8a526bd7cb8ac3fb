"""Import series that nobody renews (D1.8): a mail after eleven months, the end after twelve.

Any delivery that is loaded renews its series, the same bytes again too, and so does a confirmation on its page.
"""

import datetime as dt
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts import audit
from unilogin_portal.lib import mail

from ..access import administrators_mail
from ..models import ImportRun, ImportSeries, Membership, RunState
from . import journal, snapshot
from .apply import Place, apply
from .outcome import Outcome
from .parser import COPENHAGEN
from .plan import plan
from .reading import Reading
from .reasons import Reason
from .report import Counts

log = structlog.get_logger("unilogin.import")

ENDS_AFTER = dt.timedelta(days=365)
WARNED_AFTER = dt.timedelta(days=335)
# However old the series: nobody's tie ends sooner after the mail.
NOTICE = dt.timedelta(days=28)

_NOBODY = Reading(
    persons=0,
    groups={},
    named_groups=frozenset(),
    rows=[],
    digests=[],
    same=[],
    kept=[],
    people={},
    seals={},
    issues=[],
)


class Looked(NamedTuple):
    """How many series were warned and ended."""

    warned: int = 0
    ended: int = 0


def end_old_series(now: dt.datetime) -> Looked:
    """Warn those who answer for a series that is about to end, and end those whose time is over. Safe to run twice."""
    old = list(_not_renewed_since(now - WARNED_AFTER).values_list("pk", flat=True))
    looked = [_look_after_one(pk, now) for pk in old]
    return Looked(sum(one.warned for one in looked), sum(one.ended for one in looked))


def _not_renewed_since(moment: dt.datetime) -> QuerySet[ImportSeries]:
    """Return the series to look at. One whose deliveries are held back is not among them: somebody has to answer."""
    runs = ImportRun.objects.filter(series=OuterRef("pk"))
    return ImportSeries.objects.filter(
        Q(confirmed_at=None) | Q(confirmed_at__lt=moment),
        ~Exists(runs.filter(state=RunState.UNCHANGED, started_at__gte=moment)),
        ~Exists(runs.filter(state__in=[RunState.AWAITING_APPROVAL, RunState.RECEIVED])),
        ended_at=None,
        last_loaded_at__lt=moment,
    ).order_by("pk")


def _look_after_one(pk: int, now: dt.datetime) -> Looked:
    try:
        return _look_after(pk, now)
    except Exception as error:  # one series must not keep the others waiting
        log.error("series_not_looked_after", series=pk, error=type(error).__name__)
        return Looked()


@transaction.atomic
def _look_after(pk: int, now: dt.datetime) -> Looked:
    # Lock, and ask again: a delivery may have come since.
    series = ImportSeries.objects.select_for_update(of=("self",)).select_related("institution").get(pk=pk)
    if not _not_renewed_since(now - WARNED_AFTER).filter(pk=pk).exists():
        return Looked()
    renewed_at = _renewed_at(series)
    if series.warned_at is None or series.warned_at <= renewed_at:
        _warn(series, renewed_at, now)
        return Looked(warned=1)
    if now < max(renewed_at + ENDS_AFTER, series.warned_at + NOTICE):
        return Looked()
    _end(series, now)
    return Looked(ended=1)


def _renewed_at(series: ImportSeries) -> dt.datetime:
    unchanged = ImportRun.objects.filter(series=series, state=RunState.UNCHANGED).first()
    moments = (series.last_loaded_at, series.confirmed_at, unchanged.started_at if unchanged else None)
    return max(moment for moment in moments if moment)


def _warn(series: ImportSeries, renewed_at: dt.datetime, now: dt.datetime) -> None:
    series.warned_at = now
    series.save(update_fields=["warned_at"])
    context = {
        "renewed_at": renewed_at,
        "ends_at": max(renewed_at + ENDS_AFTER, now + NOTICE),
        "people": _people(series),
        "url": settings.ORIGIN + reverse("useradmin:confirm_series", args=[series.pk]),
    }
    _write(series, "series_ending", context)
    number = series.institution.number
    audit.record("import.series_warned", series, by=None, institution=number, people=context["people"])
    log.warning("series_warned", institution=number, source=series.source)


def _end(series: ImportSeries, now: dt.datetime) -> None:
    """End all that the series holds, as a delivery without anybody would; it can be taken back like one."""
    institution, people = series.institution, _people(series)
    master = (institution.number, series.source)
    held = snapshot.of_series(institution, series.source)
    outcome = Outcome(_NOBODY, held, plan(_NOBODY, held, wanted={}, ties={}, references={}, master=master))
    counts = Counts.of(_NOBODY, outcome.plan).as_dict()
    run = ImportRun.objects.create(
        series=series,
        institution_number=institution.number,
        source=series.source,
        state=RunState.LOADED,
        reason=Reason.NOT_RENEWED,
        started_at=now,
        ended_at=now,
        counts=counts,
    )
    # Before their ties end: the leaders are among those who lose theirs.
    _write(series, "series_ended", {"people": people, "url": settings.ORIGIN + reverse("useradmin:run", args=[run.pk])})
    back = journal.before(outcome, series, master)
    place = Place(institution, series.source, now, now.astimezone(COPENHAGEN).date())
    journal.keep(back, apply(outcome.plan, held, {}, place), run)
    # Whatever comes next is taken, be it the last delivery once more: it brings the series back.
    series.ended_at, series.last_sha256, series.last_source_time = now, "", None
    series.save(update_fields=["ended_at", "last_sha256", "last_source_time"])
    audit.record("import.series_ended", run, by=None, institution=institution.number, counts=counts)
    log.warning("series_ended", institution=institution.number, source=series.source)


def _people(series: ImportSeries) -> int:
    """Return how many people are tied to the institution by this series."""
    return Membership.objects.current().filter(institution=series.institution_id, source=series.source).count()


def _write(series: ImportSeries, template: str, context: dict[str, object]) -> None:
    """Write to those who answer for the institution, and to the operator; not about a series that holds nobody."""
    if not context["people"]:
        return
    context |= {"institution": series.institution.name, "source": series.source}
    for address in (*administrators_mail(series.institution), settings.OPERATOR_EMAIL):
        mail.send_on_commit(template, address, context)
