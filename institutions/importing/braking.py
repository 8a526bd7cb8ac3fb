"""Asking the brakes about one outcome: what they measure in the tables, and an institution's own limits."""

import datetime as dt

from django.db.models import Q

from ..models import Brake, BrakeLimit, ImportRun, ImportSeries, Membership, RunMode, RunState
from . import brakes
from .brakes import Measure, Stop
from .outcome import Outcome
from .parser import COPENHAGEN
from .rows import Header

# Many small steps are one large one: what has ended this long before the delivery counts with it.
_LOOKS_BACK = dt.timedelta(days=14)
# Fewer that end at once are an ordinary night, and cost no look back.
_LOOKS_BACK_FROM = 3


def find_stops(outcome: Outcome, series: ImportSeries | None, header: Header, mode: RunMode) -> tuple[Stop, ...]:
    """Return the brakes that this outcome does not pass, at this institution and at this time of its year."""
    if series is None:
        return ()
    day = header.source_time.astimezone(COPENHAGEN).date()
    measures = brakes.measure(outcome, mode)
    if not outcome.held.memberships:
        measures |= _beside_others(outcome, series)
    elif brakes.is_out_of_turn(series.school_year, header.school_year, day):
        measures[Brake.SCHOOL_YEAR] = Measure(1, 1)
    if series.hold_next:
        measures[Brake.UNDONE] = Measure(1, 1)
    if len(outcome.plan.leaves) >= _LOOKS_BACK_FROM:
        measures |= _drained(outcome, series, day)
    # Nothing measured, nothing to ask for: an ordinary night costs no query here.
    if not brakes.stops(measures, mode, dict.fromkeys(brakes.WITH_SHARE, 0)):
        return ()
    own = BrakeLimit.objects.filter(institution=series.institution_id).values_list("brake", "share")
    return brakes.stops(measures, mode, {Brake(brake): share for brake, share in own})


def _beside_others(outcome: Outcome, series: ImportSeries) -> dict[Brake, Measure]:
    """Measure the first delivery of a system at an institution where others have delivered people before."""
    members = Membership.objects.current().filter(institution=series.institution_id).count()
    if not members:
        return {}
    return {
        Brake.JOINING: Measure(len(outcome.plan.joins), members),
        Brake.LEADERS: Measure(brakes.new_leaders(outcome), members),
    }


def _drained(outcome: Outcome, series: ImportSeries, day: dt.date) -> dict[Brake, Measure]:
    """Count what would end with what has ended of late, but for what a person, or a new school year, let end."""
    since = day - _LOOKS_BACK
    loaded = ImportRun.objects.filter(series=series, state__in=[RunState.LOADED, RunState.LOADED_WITH_ISSUES])
    let_through = loaded.filter(~Q(stops=[]) | Q(mode=RunMode.ROLLOVER)).order_by("-source_time").first()
    if let_through is not None and let_through.source_time is not None:
        since = max(since, let_through.source_time.astimezone(COPENHAGEN).date())
    ended = Membership.objects.filter(
        institution=series.institution_id, source=series.source, to_date__gt=since, to_date__lte=day
    ).count()
    if not ended:
        return {}
    return {Brake.DRAINING: Measure(len(outcome.plan.leaves) + ended, len(outcome.held.memberships) + ended)}
