"""How the night goes, in figures for Prometheus: counted in the database, as its workers run anywhere."""

import datetime as dt
from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..models import ImportDelivery, ImportRun, RunState
from . import night


class NightCollector(Collector):
    """Asked at each reading; where the database does not answer there are no figures, and an alert on their absence."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        try:
            figures = [*_waiting(now), _due(now), _runs(now)]
        except DatabaseError:
            return
        yield from figures


def _waiting(now: dt.datetime) -> tuple[Metric, Metric]:
    count = GaugeMetricFamily("unilogin_import_waiting", "Deliveries that wait", labels=["until"])
    oldest = GaugeMetricFamily("unilogin_import_oldest_seconds", "Age of the oldest that waits", labels=["until"])
    held = Q(run__state=RunState.AWAITING_APPROVAL)
    for until, rows in (
        ("approval", ImportDelivery.objects.filter(held)),
        ("loading", night.due(now, everything=True)),
    ):
        found = rows.aggregate(count=Count("pk"), oldest=Min("received_at"))
        count.add_metric([until], found["count"])
        oldest.add_metric([until], (now - found["oldest"]).total_seconds() if found["oldest"] else 0)
    return count, oldest


def _due(now: dt.datetime) -> Metric:
    """Return what should be zero by day: then the night was too short, or nobody works."""
    due = GaugeMetricFamily("unilogin_import_due", "Deliveries whose turn it is")
    due.add_metric([], night.due(now).count())
    return due


def _runs(now: dt.datetime) -> Metric:
    runs = GaugeMetricFamily("unilogin_import_runs", "Runs since the last night began", labels=["state"])
    since = ImportRun.objects.filter(started_at__gte=night.began_at(now)).order_by()
    counted = dict(since.values_list("state").annotate(count=Count("pk")))
    for state in RunState.values:
        runs.add_metric([state], counted.get(state, 0))
    return runs
