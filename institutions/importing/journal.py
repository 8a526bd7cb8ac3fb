"""How to take a loaded run back: written while it is loaded, sealed, and gone when a later run is loaded."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person, User
from unilogin_portal.lib import bulk, crypto

from ..models import Group, ImportJournal, ImportRun, ImportSeries, Membership
from .apply import Written
from .outcome import Outcome

_CONTEXT = "import.journal"
GROUP_FIELDS = ("ended_at", "name", "type", "level", "line", "from_date", "to_date")
# Of a series: what a loaded delivery sets, and undoing sets back.
SERIES_FIELDS = ("last_source_time", "last_sha256", "last_loaded_at", "last_counts", "school_year")


@dataclass
class Journal:
    """What a run wrote, and what stood there before. Rows are lists that begin with a primary key."""

    groups: list[int] = field(default_factory=list)  # inserted, as are the next three
    people: list[int] = field(default_factory=list)
    memberships: list[int] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)
    groups_before: list[list[Any]] = field(default_factory=list)  # id, `GROUP_FIELDS`
    people_before: list[list[Any]] = field(default_factory=list)  # id, data (private as hexadecimal digits)
    relations_before: list[list[Any]] = field(default_factory=list)  # id, relation, custody, access level
    ties_before: list[list[Any]] = field(default_factory=list)  # id, kind, roles, level, main group, groups, texts
    read: list[int] = field(default_factory=list)  # memberships whose element was read
    left: list[int] = field(default_factory=list)  # memberships that ended
    were_primary: list[int] = field(default_factory=list)  # of these, those that were somebody's primary one
    relations_ended: list[int] = field(default_factory=list)
    groups_ended: list[int] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)  # people whose master this series became
    mastered: list[int] = field(default_factory=list)  # people whom the run took leave of, and whose master it was
    touched: list[int] = field(default_factory=list)  # people to settle again
    bands_before: list[list[Any]] = field(default_factory=list)  # person, password band: of those who had no tie
    series: dict[str, Any] = field(default_factory=dict)


def before(outcome: Outcome, series: ImportSeries, master: tuple[str, str]) -> Journal:
    """Note what stands there before the plan is carried out. A few queries, and none where nothing ends."""
    plan, held = outcome.plan, outcome.held
    left = [leave.id for leave in plan.leaves]
    leaving = {leave.person_id for leave in plan.leaves} | plan.relations.released
    relations = {relation.id: relation for relation in held.relations.values()}
    data = {person.id: person.data for person in outcome.reading.people.values()}
    changed = [change.membership.id for change in plan.changes]
    named = {*(row.person.cpr for row in plan.joins), *(one.contact.person.cpr for one in plan.relations.new)}
    newcomers = [plan.known[cpr].id for cpr in named if cpr in plan.known]
    return Journal(
        groups_before=_groups([pk for pk, _ in plan.groups.changed]),
        people_before=[[pk, *data[pk][:-1], data[pk].private.hex()] for pk, _ in plan.people.changed],
        relations_before=[[*relations[pk]] for pk, _ in plan.relations.changed],
        ties_before=[
            [change.membership.id, *change.was._replace(groups=sorted(change.was.groups))]  # type: ignore[arg-type]
            for change in plan.changes
        ],
        read=sorted({*changed, *plan.digests}),
        left=left,
        were_primary=_pks(Membership.objects.filter(is_primary=True), left),
        relations_ended=list(plan.relations.ended),
        groups_ended=list(plan.groups.ended),
        adopted=list(plan.people.adopted),
        mastered=_pks(Person.objects.filter(master_institution=master[0], master_source=master[1]), leaving),
        touched=sorted(
            leaving
            | {person.id for person in plan.known.values()}
            | {change.membership.person_id for change in plan.changes}
        ),
        bands_before=_bands(newcomers),
        series={name: getattr(series, name) for name in SERIES_FIELDS},
    )


def keep(journal: Journal, written: Written, run: ImportRun) -> None:
    """Store the journal of a run that was just loaded; those of the institution's earlier runs have had their time."""
    journal.groups, journal.people = list(written.groups), list(written.people)
    journal.memberships, journal.relations = list(written.memberships), list(written.relations)
    ImportJournal.objects.filter(run__institution_number=run.institution_number).delete()
    # Not Django's encoder, which cuts a moment to milliseconds.
    text = json.dumps(vars(journal), default=lambda day: day.isoformat(), separators=(",", ":"))
    ImportJournal.objects.create(run=run, content=crypto.seal_bytes(zlib.compress(text.encode(), 1), _CONTEXT))


def of_run(run: ImportRun) -> Journal | None:
    """Return a run's journal, or None where there is none any more."""
    stored = ImportJournal.objects.filter(run=run).first()
    if stored is None:
        return None
    return Journal(**json.loads(zlib.decompress(crypto.unseal_bytes(stored.content, _CONTEXT))))


def _groups(ids: Sequence[int]) -> list[list[Any]]:
    return [list(row) for row in Group.objects.filter(pk__any_of=ids).values_list("pk", *GROUP_FIELDS)] if ids else []


def _bands(people: Sequence[int]) -> list[list[Any]]:
    nobodys = User.objects.filter(is_affiliated=False).values_list("person_id", "password_band")
    return [list(row) for row in bulk.look_up(people, lambda part: nobodys.filter(person__any_of=part))]


def _pks(query: Any, ids: Iterable[int]) -> list[int]:
    ids = list(ids)
    rows = bulk.look_up(ids, lambda part: query.filter(pk__any_of=part).values_list("pk", flat=True)) if ids else ()
    return sorted(rows)
