"""Requests to many institutions, and all of them answered at once on *Dataadgangadministration*.

`python -m tests.bench.answering` does it on the database at DATABASE_URL, which must have its tables, and prints JSON.
`python -m tests.bench.answering consent` lets all systems deliver that have loaded something, by agreement.
"""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Max  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from dataagreements import services  # noqa: E402
from dataagreements.consent import may_deliver  # noqa: E402
from dataagreements.models import Agreement, Provider, Scope, Subscription, System, WebService  # noqa: E402
from dataagreements.packages import Package  # noqa: E402
from dataagreements.states import AgreementAction, AgreementState  # noqa: E402
from institutions.models import ImportSeries, Institution, InstitutionKind, InstitutionLevel  # noqa: E402
from tests.agreements import ask, asked, make_system  # noqa: E402
from tests.officers import MUNICIPALITY, SUPPLIER, Officer, make_officer  # noqa: E402

INSTITUTIONS, SYSTEMS = 2_000, 5
ROUNDS = 2
NUMBERS = [f"9{n:05d}" for n in range(2001, 2001 + INSTITUTIONS)]
_PAGE = reverse("dataagreements:change_status")

# The same requests, approved by nothing but what has to be written.
_APPROVE = (
    "UPDATE dataagreements_agreement SET state = 'approved', approved_at = now(), confirm_by = current_date + 365,"
    " changed_at = now() WHERE state = 'waiting'",
    "INSERT INTO dataagreements_agreementevent (agreement_id, at, action, before, after, side, by_id, comment)"
    " SELECT id, now(), 'approve', 'waiting', 'approved', 'approver', {by}, '' FROM dataagreements_agreement"
    " WHERE state = 'approved'",
    "SET CONSTRAINTS ALL IMMEDIATE",
)
# And the requests of a system, sent by nothing but that.
_ASK = (
    "INSERT INTO dataagreements_agreement (system_id, institution_id, service, terms_id, batch_id, state,"
    " requested_at, changed_at) SELECT {system}, id, 'eksport', {terms}, {batch}, 'waiting', now(), now()"
    " FROM institutions_institution WHERE number = ANY('{{{numbers}}}')",
    "INSERT INTO dataagreements_agreementevent (agreement_id, at, action, before, after, side, by_id, comment)"
    " SELECT id, now(), 'request', '', 'waiting', 'provider', {by}, '' FROM dataagreements_agreement"
    " WHERE state = 'waiting'",
    "SET CONSTRAINTS ALL IMMEDIATE",
)


def measure() -> dict[str, Any]:
    """Ask, approve, ask for more, approve that in its place, end all; and once more. Return the seconds of each."""
    nadia, systems = furnish()
    sune = make_officer("Sune Bak", cvr=SUPPLIER)
    browser = nadia.client()
    until = timezone.localdate() + dt.timedelta(days=400)
    told: dict[str, Any] = {"institutions": INSTITUTIONS, "asking": [], "approving": [], "replacing": []}
    for number in range(ROUNDS):
        for name in ("approving", "replacing"):
            until += dt.timedelta(days=1)  # the same terms again would not be asked for
            told["asking"] += [_seconds(lambda s=system, u=until: send(s, sune, u)) for system in systems]
            if not number and name == "approving":
                told["bare_asking"] = bare_asking(systems[0], sune)
                told["bare_approving"] = bare(_APPROVE, by=nadia.user.pk)
            told[name].append(_seconds(lambda: approve(browser)))
        end_all(nadia)
    return {**told, "requests": INSTITUTIONS * SYSTEMS, "bare_replacing": 2 * told["bare_approving"]}


def furnish() -> tuple[Officer, list[System]]:
    """Make the institutions of one municipality and some systems, and addresses that are told of what happens."""
    Institution.objects.bulk_create(
        Institution(
            number=number,
            name=f"Skole {number}",
            kind=InstitutionKind.SCHOOL,
            level=InstitutionLevel.SCHOOL,
            cvr=MUNICIPALITY,
            p_number=f"8{number:0>9}",
        )
        for number in NUMBERS
    )
    nadia = make_officer("Nadia Færch", cvr=MUNICIPALITY)
    provider = Provider.objects.create(name="Læsebroen", cvr=SUPPLIER, email="post@example.dk")
    for n, about in enumerate([{"scope": Scope.CVR, "identifier": MUNICIPALITY}, {"scope": Scope.PROVIDER}]):
        more = {"provider": provider} if n else {}
        Subscription.objects.create(
            email=f"post{n}@example.dk", by=nadia.user, confirmed_at=timezone.now(), **about, **more
        )
    return nadia, [make_system(provider, f"System {n}") for n in range(SYSTEMS)]


def send(system: System, by: Officer, until: dt.date) -> None:
    """Ask all institutions, as the page and its worker do."""
    batch = services.begin(system, asked(package=Package.FULL, valid_until=until), NUMBERS, by=by.actor)
    services.send(batch.pk)


def approve(browser: Any) -> None:
    """Choose all that waits on the page, and say yes."""
    waiting = Agreement.objects.waiting()
    last = waiting.aggregate(last=Max("pk"))["last"]
    form = {"alle": "1", "til": last, "q": "", "status": AgreementAction.APPROVE, "udfoer": "1", "kommentar": "Ja"}
    answer = browser.post(_PAGE, form)
    assert answer.status_code == 302, answer.status_code
    assert not waiting.exists()
    assert Agreement.objects.filter(state=AgreementState.APPROVED).count() == INSTITUTIONS * SYSTEMS


def end_all(by: Officer) -> None:
    services.answer(Agreement.objects.filter(state=AgreementState.APPROVED), AgreementAction.END, by=by.actor)


def bare(statements: tuple[str, ...], **values: Any) -> float:
    """Return the seconds of these statements, which are undone."""

    def run() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.format(**values))
            transaction.set_rollback(True)

    return min(_seconds(run) for _ in range(3))


def bare_asking(system: System, by: Officer) -> float:
    """Return the seconds for writing the requests of a system; what waits meanwhile is put aside."""
    one = Agreement.objects.filter(system=system).first()
    assert one is not None
    aside = "DELETE FROM dataagreements_agreement WHERE system_id = {system}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in ("dataagreements_requestoutcome", "dataagreements_agreementevent"):
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute(aside.format(system=system.pk))
            cursor.execute("UPDATE dataagreements_agreement SET state = 'withdrawn'")
        values = {"system": system.pk, "terms": one.terms_id, "batch": one.batch_id, "by": by.user.pk}
        taken = bare(_ASK, numbers=",".join(NUMBERS), **values)
        transaction.set_rollback(True)
    return taken


def consent() -> dict[str, float]:
    """Make an agreement for every series there is; return how many, and the seconds for asking about each alone."""
    series = list(ImportSeries.objects.select_related("institution"))
    Institution.objects.filter(pk__in={one.institution_id for one in series}).update(cvr=MUNICIPALITY)
    nadia, sune = make_officer("Nadia Færch", cvr=MUNICIPALITY), make_officer("Sune Bak", cvr=SUPPLIER)
    provider = Provider.objects.create(name="Leverandøren", cvr=SUPPLIER, email="post@example.dk")
    for source in sorted({one.source for one in series}):
        system = make_system(provider, source, import_source=source)
        theirs = [one.institution for one in series if one.source == source]
        ask(system, sune, *theirs, service=WebService.IMPORT, package=None, ticked=frozenset())
    services.answer(Agreement.objects.waiting(), AgreementAction.APPROVE, by=nadia.actor)
    pairs = [(one.institution.number, one.source) for one in series]
    assert all(may_deliver([pair]) for pair in pairs)
    return {"count": len(pairs), "alone": min(_seconds(lambda: [may_deliver([pair]) for pair in pairs]) for _ in "123")}


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(consent() if sys.argv[1:] == ["consent"] else measure()))
