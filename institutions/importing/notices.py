"""Who is told of a run that needs somebody: mails without a name, a local id or a number of a person."""

from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Person
from unilogin_portal.lib import mail

from ..access import administrators_mail
from ..models import ImportRun, Institution
from .reasons import REMEDIES, Reason, reason_text
from .stop_words import stop_lines

log = structlog.get_logger("unilogin.import")


def held(run: ImportRun, institution: Institution) -> None:
    """Tell the institution's administrators and the operator that a run waits for their answer."""
    log.warning("import_held", run=run.pk, institution=institution.number, stops=run.stops)
    for address in (*administrators_mail(institution), settings.OPERATOR_EMAIL):
        mail.send_on_commit("import_held", address, _context(run, institution))


def alarm(run: ImportRun, institution: Institution, stopped: int) -> None:
    """Tell the operator that an institution's runs have been stopped again and again."""
    log.error("import_alarm", run=run.pk, institution=institution.number, stopped=stopped)
    mail.send_on_commit("import_alarm", settings.OPERATOR_EMAIL, {**_context(run, institution), "stopped": stopped})


def rejected(run: ImportRun, institution: Institution) -> None:
    """Tell the institution's administrators that a delivery was refused as a whole: once, not every night anew."""
    earlier = ImportRun.objects.filter(institution_number=run.institution_number, source=run.source)
    last = earlier.exclude(pk=run.pk).first()
    if last is not None and last.reason == run.reason:
        return
    with override("da"):
        reason = reason_text(run.reason, run.reason_details, file=run.file_name)
        remedy = str(REMEDIES[Reason(run.reason)])
    context = {**_context(run, institution), "reason": reason, "remedy": remedy}
    for address in administrators_mail(institution):
        mail.send_on_commit("import_rejected", address, context)


def cpr_changed(person: Person, institution: Institution) -> None:
    """Tell whoever's account now answers to another CPR number, where there is an address."""
    if person.email:
        mail.send_on_commit("cpr_changed", person.email, {"institution": institution.name})


def _context(run: ImportRun, institution: Institution) -> dict[str, Any]:
    with override("da"):
        sentences = [line.sentence for line in stop_lines(run.stops, institution.name)]
    url = settings.ORIGIN + reverse("useradmin:run", args=[run.pk])
    return {"institution": institution.name, "source": run.source, "stops": sentences, "counts": run.counts, "url": url}
