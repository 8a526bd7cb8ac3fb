"""Taking a loaded run back, whole: the reverse of `apply`, from the run's journal, in one transaction.

What the run inserted goes, what it changed and ended is as it was. People and accounts that it made go too, unless
they were taken into use meanwhile or belong elsewhere: those stay, without the ties of this run.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import audit, removal
from accounts.models import ContactRelation, Person, User
from accounts.policy import Band
from unilogin_portal.lib import bulk
from unilogin_portal.lib.crypto import SecretUnreadable
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.references import unreferenced

from ..actor import Actor
from ..models import (
    DecisionKind,
    Group,
    ImportDecision,
    ImportJournal,
    ImportRun,
    ImportSeries,
    Membership,
    MembershipGroup,
    RunState,
)
from . import journal, standing
from .apply import TIE_FIELDS
from .decisions import decider
from .journal import GROUP_FIELDS, SERIES_FIELDS, Journal
from .snapshot import PersonData
from .states import TRANSITIONS, RunAction, next_state

_TOO_LATE = _lazy("A later import has built on it, or it is more than thirty days old: it can no longer be taken back.")
_TERMS = ("relation", "custody", "access_level")


def why_not_undo(run: ImportRun) -> str:
    """Return why this run cannot be taken back, as a sentence in the active language; nothing where it can."""
    if (RunState(run.state), RunAction.UNDO) not in TRANSITIONS:
        return _("Only an import that was loaded can be taken back.")
    if not ImportJournal.objects.filter(run=run).exists():
        return str(_TOO_LATE)
    return ""


@transaction.atomic
def undo_run(run: ImportRun, *, by: Actor, note: str) -> ImportRun:
    """Take a loaded run back whole. The next delivery then waits for approval. Raises `DomainError`."""
    next_state(RunState(run.state), RunAction.UNDO)
    # The series first: an import of it locks it first too, and may be at work.
    series = ImportSeries.objects.select_for_update(of=("self",)).select_related("institution").filter(runs=run).get()
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    before = locked.state
    locked.state = next_state(RunState(locked.state), RunAction.UNDO)
    try:
        found = journal.of_run(locked)
    except SecretUnreadable:  # written under a key that is not listed any more
        found = None
    if found is None:
        raise DomainError(str(_TOO_LATE))
    _take_back(found, series)
    for name in SERIES_FIELDS:
        setattr(series, name, _stored(series, name, found.series[name]))
    series.hold_next = True
    if series.ended_at is not None:  # it was the end of the series that was taken back: who did so wants to keep it
        series.ended_at, series.warned_at, series.confirmed_at = None, None, timezone.now()
    series.save()
    locked.save(update_fields=["state"])
    ImportJournal.objects.filter(run=locked).delete()
    ImportDecision.objects.create(run=locked, kind=DecisionKind.UNDO, by=decider(by), note=note)
    number = series.institution.number
    audit.record("import.undo", locked, by=by.user, institution=number, before=before, note=note, counts=locked.counts)
    return locked


def _take_back(back: Journal, series: ImportSeries) -> None:
    master = (series.institution.number, series.source)
    # Skift CPR may have given a tie of the run to somebody whom the run did not know.
    touched = {*back.touched, *back.people, *_owners([*back.memberships, *back.read, *back.left])}
    standing.lock(touched)
    _restore_relations(back)
    _restore_memberships(back)
    _restore_ties(back)
    _restore_groups(back)
    _restore_people(back, master)
    gone = removal.remove_unused(back.people)
    standing.settle(touched - gone)
    for band in Band:
        had_it = [person for person, held in back.bands_before if held == band]
        for rows in _rows(User, had_it, "person"):
            rows.filter(is_affiliated=False).update(password_band=band)


def _restore_relations(back: Journal) -> None:
    for rows in _rows(ContactRelation, back.relations):
        rows.delete()
    for rows in _rows(ContactRelation, back.relations_ended):
        rows.update(to_date=None)
    bulk.update(ContactRelation, _TERMS, (tuple(row) for row in back.relations_before))


def _restore_memberships(back: Journal) -> None:
    for rows in _rows(MembershipGroup, back.memberships, "membership"):
        rows.delete()
    for rows in _rows(Membership, back.memberships):
        rows.delete()
    for rows in _rows(Membership, back.left):
        rows.update(to_date=None)
    for rows in _rows(Membership, sorted(_owners(back.were_primary)), "person"):
        rows.filter(to_date=None, is_primary=True).update(is_primary=False)
    for rows in _rows(Membership, back.were_primary):
        rows.update(is_primary=True)
    # Their elements say something else than they do now: the next delivery has to read them.
    for rows in _rows(Membership, back.read):
        rows.update(digest=b"")


def _owners(memberships: Sequence[int]) -> set[int]:
    return {pk for rows in _rows(Membership, memberships) for pk in rows.values_list("person_id", flat=True)}


def _restore_ties(back: Journal) -> None:
    memberships = [row[0] for row in back.ties_before]
    if not memberships:
        return
    first = Membership.objects.get(pk=memberships[0])
    groups = Group.objects.filter(institution=first.institution_id, source=first.source)
    group_ids = dict(groups.values_list("group_id", "pk"))
    bulk.update(Membership, TIE_FIELDS, (_tie(row, group_ids) for row in back.ties_before))
    wanted = {(row[0], group_ids[name]) for row in back.ties_before for name in row[5]}
    held = {
        (membership, group): pk
        for rows in _rows(MembershipGroup, memberships, "membership")
        for pk, membership, group in rows.values_list("pk", "membership_id", "group_id")
    }
    for rows in _rows(MembershipGroup, [pk for pair, pk in held.items() if pair not in wanted]):
        rows.delete()
    bulk.insert(MembershipGroup, ("membership_id", "group_id"), sorted(wanted - held.keys()))


def _restore_groups(back: Journal) -> None:
    bulk.update(Group, GROUP_FIELDS, (_group(row) for row in back.groups_before))
    for rows in _rows(Group, back.groups_ended):
        rows.update(ended_at=None)
    unused = unreferenced(Group, back.groups)
    for rows in _rows(Group, sorted(unused)):
        rows.delete()
    for rows in _rows(Group, sorted(set(back.groups) - unused)):
        rows.update(ended_at=timezone.now())


def _restore_people(back: Journal, master: tuple[str, str]) -> None:
    ours = {"master_institution": master[0], "master_source": master[1]}
    nobodys = {"master_institution": "", "master_source": ""}
    # Whose data another system has come to deliver since, keeps what it said.
    others = _rows(Person, [row[0] for row in back.people_before])
    kept = {pk for rows in others for pk in rows.exclude(**ours).exclude(**nobodys).values_list("pk", flat=True)}
    bulk.update(Person, PersonData._fields, (_person(row) for row in back.people_before if row[0] not in kept))
    for rows in _rows(Person, back.adopted):
        rows.filter(**ours).update(**nobodys)
    for rows in _rows(Person, back.mastered):
        rows.filter(**nobodys).update(**ours)


def _rows(model: type[models.Model], ids: Sequence[int], column: str = "pk") -> Iterator[models.QuerySet[Any]]:
    """Yield the rows with these keys, in parts that every database takes."""
    for part in bulk.batches(ids, bulk.MOST_VALUES):
        yield model._default_manager.filter(**{f"{column}__any_of": part})


def _tie(row: Sequence[Any], group_ids: dict[str, int]) -> tuple[Any, ...]:
    pk, kind, roles, level, main_group, _groups, *texts = row
    return (pk, kind, list(roles), level, group_ids[main_group] if main_group else None, *texts)


def _group(row: Sequence[Any]) -> tuple[Any, ...]:
    pk, ended_at, name, kind, level, line, *dates = row
    days = [dt.date.fromisoformat(date) if date else None for date in dates]
    return (pk, dt.datetime.fromisoformat(ended_at) if ended_at else None, name, kind, level, line, *days)


def _person(row: Sequence[Any]) -> tuple[Any, ...]:
    pk, first, family, protected, born, gender, email, private = row
    return (
        pk,
        first,
        family,
        protected,
        dt.date.fromisoformat(born) if born else None,
        gender,
        email,
        bytes.fromhex(private),
    )


def _stored(series: ImportSeries, name: str, value: Any) -> Any:
    column = cast("models.Field[Any, Any]", series._meta.get_field(name))
    return column.to_python(value) if isinstance(value, str) else value
