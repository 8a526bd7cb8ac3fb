"""Reception: a delivery that has come, by the inbox or over HTTPS, waits for the night, or comes to nothing."""

from dataclasses import dataclass

import structlog
from django.db import OperationalError

from ..models import ImportDelivery, ImportRun, RunState
from . import parser, waiting
from .reasons import DeliveryRejected, Reason
from .refusal import failure, refuse
from .report import RunReport
from .rows import Header
from .run import institution_of
from .sources import Delivery
from .unchanged import Known

log = structlog.get_logger("unilogin.import")


@dataclass(frozen=True)
class Sender:
    """Who is known to have sent it, other than by what the file says: at which institution's address, as whom."""

    number: str
    source: str


def receive(delivery: Delivery, sender: Sender | None = None) -> RunReport | None:
    """Let a delivery wait, and return None; or return what became of it: refused, or the same as before.

    With a `sender` the file must say the same, and what is wrong with it stands on a run of theirs. Raises
    `OperationalError` where the database gave way: send it again later.
    """
    known = Known()
    report = known.report(delivery)
    if report and (sender is None or sender == Sender(report.institution, report.source)):
        known.record()
        return report
    header: Header | None = None
    run = ImportRun(institution_number=sender.number, source=sender.source) if sender else None
    try:
        header = parser.look(delivery.data).header
        if sender is not None:
            _check_sender(header, sender)
        institution_of(header)
        waiting.keep(delivery, header)
    except DeliveryRejected as rejection:
        return refuse(delivery, header, rejection, run=run)
    except OperationalError:
        raise
    except Exception as error:
        return refuse(delivery, header, failure(error, header), run=run)
    log.info("delivery_received", institution=header.number, source=header.source, bytes=len(delivery.data))
    return None


def _check_sender(header: Header, sender: Sender) -> None:
    if header.number != sender.number:
        raise DeliveryRejected(Reason.OTHER_INSTITUTION, line=header.line)
    if header.source != sender.source:
        raise DeliveryRejected(Reason.OTHER_SOURCE, line=header.line)


@dataclass(frozen=True)
class Became:
    """What has become of a delivery so far. `run` is None while nobody has begun to load it."""

    state: RunState
    run: ImportRun | None = None


def what_became(sender: Sender, sha256: str) -> Became | None:
    """Return what became of the bytes with this hash when `sender` last sent them; None where it is forgotten."""
    series = {"institution_number": sender.number, "source": sender.source, "sha256": sha256}
    waits = ImportDelivery.objects.filter(**series).select_related("run").defer("content").first()
    run = ImportRun.objects.filter(**series).order_by("-started_at", "-pk").first()
    if waits is not None:
        if waits.run is not None:
            return Became(RunState(waits.run.state), waits.run)
        is_running = run is not None and run.state == RunState.RUNNING
        return Became(RunState.RUNNING, run) if is_running else Became(RunState.RECEIVED)
    return Became(RunState(run.state), run) if run is not None else None


def how_many_wait(sender: Sender, *, but: str) -> int:
    """Return how many deliveries of the sender's wait for the night or for an answer, `but` for those of this hash."""
    rows = ImportDelivery.objects.filter(institution_number=sender.number, source=sender.source)
    return rows.exclude(sha256=but).count()
