"""Deliveries whose bytes were loaded last: known by their hash, without opening them."""

import time
from collections.abc import Collection
from typing import NamedTuple

from django.utils import timezone

from ..models import ImportRun, ImportSeries, RunState
from . import consent
from .report import Counts, RunReport
from .sources import Delivery

_AT_ONCE = 500
_ASKED_AGAIN = 10  # seconds


class _Series(NamedTuple):
    id: int
    number: str
    source: str
    counts: Counts


class Known:
    """What each series loaded last. With `all_series` it is read once for many deliveries, else asked for each.

    Which of them may be delivered is read at once as well, and again every few seconds: an agreement may end meanwhile.
    The runs of unchanged deliveries are written together, by `record` and before they become many.
    """

    def __init__(self, *, all_series: bool = False, dry_run: bool = False) -> None:
        self._dry_run = dry_run
        self._by_hash = dict(_last_loaded()) if all_series else None
        self._agreed: Collection[consent.Series] = ()
        self._asked_at: float | None = None
        self._outdated: set[tuple[str, str]] = set()
        self._new: set[str] = set()
        self._unrecorded: list[ImportRun] = []

    def report(self, delivery: Delivery) -> RunReport | None:
        """Return the report of a delivery that is the same as last time, or None where it has to be looked at.

        It has to where its system may not deliver any more: then it is refused, and not taken as a sign of life.
        """
        series = self._series(delivery.sha256)
        if series is None or not self._may_deliver(series):
            return None
        now = timezone.now()
        run = ImportRun(
            series_id=series.id,
            institution_number=series.number,
            source=series.source,
            file_name=delivery.name[:200],
            sha256=delivery.sha256,
            state=RunState.UNCHANGED,
            started_at=now,
            ended_at=now,
            counts=series.counts.as_dict(),
        )
        if not self._dry_run:
            self._unrecorded.append(run)
        if len(self._unrecorded) >= _AT_ONCE:
            self.record()
        return RunReport(delivery.name, RunState.UNCHANGED, series.number, series.source, series.counts)

    def record(self) -> None:
        """Write the runs of the deliveries that were reported as unchanged."""
        ImportRun.objects.bulk_create(self._unrecorded)
        self._unrecorded.clear()

    def loaded(self, number: str, source: str, sha256: str) -> None:
        """Note that the series has just loaded this: what was read of it before is no longer so."""
        self._outdated.add((number, source))
        self._new.add(sha256)

    def _may_deliver(self, series: _Series) -> bool:
        if self._by_hash is not None and (self._asked_at is None or time.monotonic() - self._asked_at > _ASKED_AGAIN):
            self._asked_at = time.monotonic()
            self._agreed = consent.those_that_may([(one.number, one.source) for one in self._by_hash.values()])
        named = series.number, series.source
        return named in self._agreed or consent.may_deliver(*named)

    def _series(self, sha256: str) -> _Series | None:
        found = self._by_hash.get(sha256) if self._by_hash is not None else None
        is_outdated = found is not None and (found.number, found.source) in self._outdated
        if self._by_hash is None or is_outdated or sha256 in self._new:
            return next((series for _, series in _last_loaded(last_sha256=sha256)), None)
        return found


def _last_loaded(**where: str) -> list[tuple[str, _Series]]:
    rows = ImportSeries.objects.exclude(last_sha256="").filter(**where)
    return [
        (sha256, _Series(pk, number, source, Counts.once_more(counts)))
        for sha256, pk, number, source, counts in rows.values_list(
            "last_sha256", "pk", "institution__number", "source", "last_counts"
        )
    ]
