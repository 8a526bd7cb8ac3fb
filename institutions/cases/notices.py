"""Who is told that a case has moved: mails with its number and its kind, and nothing about a person."""

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from unilogin_portal.lib import mail

from ..access import administrators_mail
from ..models import Case, CaseKind
from .kinds import KINDS
from .states import CaseAction

log = structlog.get_logger("unilogin.cases")


def to_supporters(case: Case, *, is_new: bool = True) -> None:
    """Tell STIL that a case is new, or that an institution has written in one."""
    log.info("case_new" if is_new else "case_answered", case=case.number, kind=case.kind)
    mail.send_on_commit(
        "case_in_inbox", settings.SUPPORT_EMAIL, {**_context(case, "cases:inbox_case"), "is_new": is_new}
    )


def to_asker(case: Case, action: CaseAction) -> None:
    """Tell the institution's administrators, or the company, what STIL or the system has done."""
    context = {**_context(case, KINDS[CaseKind(case.kind)].page), "action": action.value}
    if case.institution is None:
        mail.send_on_commit("case_moved_company", case.email, context)
        return
    for address in administrators_mail(case.institution):
        mail.send_on_commit("case_moved", address, context)


def _context(case: Case, page: str) -> dict[str, object]:
    with override("da"):
        kind = str(KINDS[CaseKind(case.kind)].title)
    return {
        "number": case.number,
        "kind": kind,
        "institution": case.asker,
        "url": settings.ORIGIN + reverse(page, args=[case.number]),
    }
