"""What a delivery comes to, worked out without changing anything: the dry run, and the first half of every other."""

from dataclasses import dataclass

from ..models import Institution
from . import people, snapshot
from .parser import Document
from .plan import Plan, plan
from .reading import Reading, read


@dataclass(frozen=True)
class Outcome:
    """What a delivery says, what is held, and what has to be done."""

    reading: Reading
    held: snapshot.Held
    plan: Plan


def work_out(document: Document, institution: Institution) -> Outcome:
    """Return what the delivery comes to, and change nothing. Raises `DeliveryRejected`."""
    source = document.header.source
    held = snapshot.of_series(institution, source)
    reading = read(document, held)
    undelivered = [group.id for name, group in held.groups.items() if group.is_current and name not in reading.groups]
    known = [held.memberships[row.local_id].id for row in reading.rows if row.local_id in held.memberships]
    changes = plan(
        reading,
        held,
        wanted=people.wanted(reading.rows),
        ties=snapshot.ties(known, held.groups),
        references=snapshot.members_of(undelivered),
        master=(institution.number, source),
    )
    return Outcome(reading, held, changes)
