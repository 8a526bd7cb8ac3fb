"""Fetching: what a system may have of whom by its agreements now, and what it really got."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from . import journal
from .exports.filters import Filters
from .exports.release import Release
from .exports.version import variant_of, version_of
from .models import Agreement, ExportVersion, Fetch, FetchFormat, System, WebService
from .packages import ORDER, Package, covers, narrowed
from .states import AgreementState

_WITHIN = dt.timedelta(hours=1)
_FORGOTTEN_AFTER = dt.timedelta(days=90)
_FETCHES_KEPT = dt.timedelta(days=5 * 365)  # as long as the audit (D9.4)


class Granted(NamedTuple):
    """What may be fetched now, and by which agreement."""

    agreement: Agreement
    release: Release


def granted(system: System, package: Package | None = None, *, number: str = "") -> list[Granted]:
    """Return what a system may fetch, of all institutions or of one; with `package`, of those that this one may be
    fetched of. One query.
    """
    agreements = Agreement.objects.effective(timezone.localdate()).select_related("institution", "terms")
    found = agreements.filter(system=system, service=WebService.EXPORT)
    if number:
        found = found.filter(institution__number=number)
    if package is not None:
        found = found.filter(terms__package__in=[one.value for one in ORDER if covers(one, package)])
    return [Granted(one, _release(one, package)) for one in found.order_by("institution__number")]


def _release(agreement: Agreement, package: Package | None) -> Release:
    agreed = Package(agreement.terms.package)
    asked = package or agreed
    return Release(agreement.institution, asked, narrowed(agreement.terms.fields, asked))


@transaction.atomic
def begin(agreement: Agreement, package: Package) -> Fetch | None:
    """Write that an answer begins, before its first byte: what was cut off has gone, too.

    None where the agreement has ended meanwhile, and nothing may go.
    """
    if not _hold([agreement.pk]):
        return None
    return Fetch.objects.create(agreement=agreement, format=FetchFormat.XML, package=package, people=0, complete=False)


def end(fetch: Fetch, people: int, *, complete: bool) -> None:
    """Write how many people the answer told of, and whether it came to its end."""
    Fetch.objects.filter(pk=fetch.pk).update(people=people, complete=complete)


@transaction.atomic
def told(resource: str, people: Mapping[int, int], by: Iterable[Granted]) -> bool:
    """Write that a page of OneRoster tells of so many people, by institution. Within an hour pages are one row.

    False where one of the agreements has ended meanwhile: the page may not go, and another has to be made.
    """
    now = timezone.now()
    agreements = {one.release.institution.pk: one.agreement for one in by}
    counts = {agreements[pk].pk: count for pk, count in people.items() if count}
    if not counts:
        return True
    if not _hold(list(counts)):
        return False
    wanted = Fetch.objects.filter(agreement__any_of=list(counts), format=FetchFormat.JSON, resource=resource)
    rows = {row.agreement_id: row for row in wanted.filter(at__gte=now - _WITHIN).order_by("at")}
    for row in rows.values():
        row.people += counts[row.agreement_id]
    Fetch.objects.bulk_update(rows.values(), ["people"])
    packages = {one.pk: one.terms.package for one in agreements.values()}
    Fetch.objects.bulk_create(
        Fetch(agreement_id=pk, at=now, format=FetchFormat.JSON, package=packages[pk], resource=resource, people=count)
        for pk, count in counts.items()
        if pk not in rows
    )
    return True


def _hold(agreements: Sequence[int]) -> bool:
    """Lock agreements that data are about to go by; return whether all still count.

    Whoever ends one waits here or is waited for. So it is known then whether data went, and have to be deleted.
    """
    approved = Agreement.objects.filter(pk__any_of=list(agreements), state=AgreementState.APPROVED)
    return len(journal.lock(approved)) == len(agreements)


def version(one: Granted, filters: Filters) -> tuple[ExportVersion, bool]:
    """Return which version of the answer there is now, and whether it is another one than when it was last asked for.

    Looked at before the answer is written: at worst the answer is newer than it says, and is fetched once more.
    """
    now = timezone.now()
    variant, digest = variant_of(one.release, filters), version_of(one.release, filters)
    whole = now.replace(microsecond=0)
    row = ExportVersion.objects.filter(agreement=one.agreement, variant=variant).first()
    if row is None:
        row = ExportVersion(agreement=one.agreement, variant=variant, digest=digest, since=whole, seen_at=now)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:  # asked for twice at once: the other one has written the same
            row = ExportVersion.objects.get(agreement=one.agreement, variant=variant)
        else:
            return row, True
    if row.digest == digest:
        if row.seen_at.date() != now.date():
            ExportVersion.objects.filter(pk=row.pk).update(seen_at=now)
        return row, False
    # Never the same second twice: whoever asks by date would take the second change of a second for the first.
    row.digest, row.since, row.seen_at = digest, max(whole, row.since + dt.timedelta(seconds=1)), now
    # Without `save`: where the row has been forgotten meanwhile, it is made anew the next time.
    ExportVersion.objects.filter(pk=row.pk).update(digest=row.digest, since=row.since, seen_at=row.seen_at)
    return row, True


def forget_old(now: dt.datetime) -> int:
    """Delete versions that nobody has asked for in a long time, and old fetches; return how many rows went."""
    versions = ExportVersion.objects.filter(seen_at__lt=now - _FORGOTTEN_AFTER)
    fetches = Fetch.objects.filter(at__lt=now - _FETCHES_KEPT)
    return versions.delete()[0] + fetches.delete()[0]
