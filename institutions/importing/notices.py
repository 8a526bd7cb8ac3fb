"""Who is told of a run that needs somebody: mails without a name, a local id or a number of a person."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import Person
from unilogin_portal.lib import mail

from ..access import administrators_mail
from ..models import Brake, ImportRun, Institution
from .reasons import reason_text

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
    for address in administrators_mail(institution):
        mail.send_on_commit("import_rejected", address, {**_context(run, institution), "reason": reason})


def cpr_changed(person: Person, institution: Institution) -> None:
    """Tell whoever's account now answers to another CPR number, where there is an address."""
    if person.email:
        mail.send_on_commit("cpr_changed", person.email, {"institution": institution.name})


def _context(run: ImportRun, institution: Institution) -> dict[str, Any]:
    with override("da"):
        sentences = stop_sentences(run.stops)
    url = settings.ORIGIN + reverse("useradmin:run", args=[run.pk])
    return {"institution": institution.name, "source": run.source, "stops": sentences, "counts": run.counts, "url": url}


def stop_sentences(stops: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what each brake found, as a sentence in the active language."""
    return [str(_SENTENCES[Brake(stop["brake"])]) % stop for stop in stops]


_SENTENCES: dict[Brake, Promise] = {
    Brake.ENDING: _("%(count)s of %(of)s people would lose their tie. The limit is %(limit)s percent."),
    Brake.JOINING: _("%(count)s new people would come to %(of)s. The limit is %(limit)s percent."),
    Brake.RENAMED: _("%(count)s of %(of)s people would get another name. The limit is %(limit)s percent."),
    Brake.CPR: _("%(count)s of %(of)s people have another CPR number than before. The limit is %(limit)s percent."),
    Brake.MOVED: _("%(count)s of %(of)s people would change level or class. The limit is %(limit)s percent."),
    Brake.CONTACTS: _(
        "%(count)s ties to contact persons, of %(of)s, would end, begin or change custody."
        " The limit is %(limit)s percent."
    ),
    Brake.PROTECTION: _("%(count)s protected people would lose their protection, and their names become visible."),
    Brake.LEADERS: _("%(count)s people would become leaders, among %(of)s. The limit is %(limit)s percent."),
    Brake.DRAINING: _(
        "%(count)s of %(of)s people would have lost their tie within two weeks. The limit is %(limit)s percent."
    ),
    Brake.EMPTY: _("There is nobody in the file, but %(of)s people are known."),
    Brake.SCHOOL_YEAR: _("The school year in the file is not the one that is expected now."),
    Brake.UNDONE: _("The last import was taken back, so the next one waits for approval."),
}
