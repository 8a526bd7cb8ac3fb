"""Deliveries that wait, for the night or for somebody's approval: kept in the database, compressed and sealed."""

import datetime as dt
import hashlib
import zlib

from accounts import audit
from unilogin_portal.lib import crypto

from ..models import ImportDelivery, ImportRun, RunState
from .reasons import Reason
from .rows import Header
from .sources import Delivery

_CONTEXT = "import_delivery.content"
_FAST = 1  # a delivery shrinks to a tenth even so; it lies for hours, not years


def keep(delivery: Delivery, header: Header, run: ImportRun | None = None) -> ImportDelivery:
    """Keep a delivery until its run is over. The same one again is the same row; `run` is the one that was stopped."""
    row, is_new = ImportDelivery.objects.get_or_create(
        institution_number=header.number,
        source=header.source,
        sha256=delivery.sha256,
        defaults={
            "source_time": header.source_time,
            "file_name": delivery.name[:200],
            "content": crypto.seal_bytes(zlib.compress(delivery.data, _FAST), _CONTEXT),
            "run": run,
        },
    )
    if run is not None and not is_new:
        row.run = run
        row.save(update_fields=["run"])
    return row


def content_of(row: ImportDelivery) -> Delivery:
    """Return the delivery as it was received. Raises `SecretUnreadable`."""
    data = zlib.decompress(crypto.unseal_bytes(row.content, _CONTEXT))
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise crypto.SecretUnreadable("the bytes are not those of this row's delivery")
    return Delivery(row.file_name, data, row.sha256)


def let_go(run: ImportRun, reason: Reason, *, at: dt.datetime) -> None:
    """End the waiting of a run that nobody will load: its delivery goes, and why stands on it and in the audit."""
    run.state, run.reason, run.ended_at = RunState.REJECTED, reason, at
    run.save()
    ImportDelivery.objects.filter(run=run).delete()
    audit.record("import.let_go", run, by=None, institution=run.institution_number, reason=reason.value)
