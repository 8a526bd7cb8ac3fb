"""When a present password has to give way to a new one (D3.2): two tables and the pure functions that read them.

Two things ask for it. The owner has come into a **band** whose rule the present one does not keep: there are thirty
days, which begin at the first log-in that finds it so, or a summer's holiday would use them up. Or the **age** that
adults' passwords may reach is near: of that the owner is warned for two weeks.
"""

import datetime as dt
import enum
from dataclasses import dataclass

from django.utils import timezone

from .policy import Band


class Due(enum.Enum):
    """What a log-in makes of it."""

    NOT_YET = "not_yet"
    SOON = "soon"  # the owner is asked, and may put it off
    NOW = "now"  # a new one comes before anything else


class Reason(enum.StrEnum):
    """What asks for a new password."""

    BAND = "band"
    AGE = "age"


# The bands whose rule a password keeps, by the band that it was made under. Letters alone are too little for the last
# band; pictures and words are never each other.
KEEPS_THE_RULE_OF: dict[Band, frozenset[Band]] = {
    Band.FIRST_YEARS: frozenset({Band.FIRST_YEARS}),
    Band.MIDDLE_YEARS: frozenset({Band.MIDDLE_YEARS}),
    Band.ADULT: frozenset({Band.MIDDLE_YEARS, Band.ADULT}),
}


@dataclass(frozen=True)
class Demand:
    """Whether a new password is due, why, and until when it may be put off; `reason` is None when nothing asks."""

    due: Due
    reason: Reason | None = None
    until: dt.datetime | None = None

    def days_left(self, now: dt.datetime) -> int:
        """How many midnights lie between now and the deadline: 0 is today."""
        return (timezone.localdate(self.until) - timezone.localdate(now)).days if self.until else 0


NO_DEMAND = Demand(Due.NOT_YET)


@dataclass(frozen=True)
class Times:
    """How many days a new band gives, and how many days ahead the end of a password's life is told."""

    renewal_days: int
    warning_days: int


def end_of_renewal(now: dt.datetime, times: Times) -> dt.datetime:
    """Return when renewal that begins now must be over: at a midnight in Denmark, so that a date says it whole."""
    day = timezone.localdate(now) + dt.timedelta(days=times.renewal_days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def keeps(made_under: Band, band: Band) -> bool:
    """Whether a password made under one band keeps the rule of another."""
    return band in KEEPS_THE_RULE_OF[made_under]


def demand_on(
    made_under: Band,
    band: Band,
    *,
    now: dt.datetime,
    times: Times,
    expires_at: dt.datetime | None = None,
    renew_by: dt.datetime | None = None,
) -> Demand:
    """Return what is asked of the owner, now in `band`, of a password on these terms. Of two deadlines the first."""
    deadlines: list[tuple[dt.datetime, Reason]] = []
    if not keeps(made_under, band):
        deadlines.append((renew_by or end_of_renewal(now, times), Reason.BAND))
    if expires_at is not None and expires_at <= now + dt.timedelta(days=times.warning_days):
        deadlines.append((expires_at, Reason.AGE))
    if not deadlines:
        return NO_DEMAND
    until, reason = min(deadlines)
    return Demand(Due.NOW if until <= now else Due.SOON, reason, until)
