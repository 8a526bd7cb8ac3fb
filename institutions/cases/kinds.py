"""The kinds of cases: one table that says of each who opens it, how it is approved, and what comes of it.

A new kind is a row here, a form, a handler and, where it needs more than the case itself, a table beside `Case`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ..models import CaseKind
from ..roles import LEADER_ROLES, Right

# As those who decide in Brugeradministration, but for STIL's own people: it is always the institution that asks.
LEADERS = frozenset({*LEADER_ROLES, Right.USER_ADMINISTRATION})


@dataclass(frozen=True)
class Kind:
    """`form` and `handler` are dotted paths: what they name stands on top of this table."""

    slug: str  # in addresses
    title: Promise
    lead: Promise
    may_open: frozenset[str]
    form: str
    approvals: int  # by so many different supporters
    checks: tuple[Promise, ...]  # what a supporter looks into, beside what the portal has checked
    handler: str  # called with the case's key once it is approved: safe to run twice
    kept: dt.timedelta  # after it is over
    by_institutions: bool = True  # who asks is an institution, on its pages; else a company, on pages of its own
    page: str = "cases:case"  # where who asks sees the case, by its number
    facts: str = ""  # called with the case: what a supporter reads, as pairs of label and text

    def form_class(self) -> type:
        found: type = import_string(self.form)
        return found

    def facts_of(self, case: object) -> list[tuple[str, str]]:
        """Return what stands in the case in short, besides who asks and when."""
        found: list[tuple[str, str]] = import_string(self.facts)(case) if self.facts else []
        return found

    def handle(self, pk: int) -> None:
        """Do what an approved case leads to."""
        handler: Callable[[int], object] = import_string(self.handler)
        handler(pk)


_CONTACT_CHECKS = (
    _("The wish fits what the institution writes. Ask if anything is unclear."),
    _("The recipient is named, and works at the institution. If in doubt, call the number in the register."),
    _("The institution has not asked for the same person unusually often."),
)
KINDS: dict[CaseKind, Kind] = {
    CaseKind.CONTACT_USER: Kind(
        slug="bruger-til-kontaktperson",
        title=_("Unilogin for a contact person without MitID"),
        lead=_("The person has no MitID and needs a user name and a password."),
        may_open=LEADERS,
        form="institutions.cases.forms.ContactUserForm",
        approvals=2,
        checks=_CONTACT_CHECKS,
        handler="institutions.cases.letters.send",
        kept=dt.timedelta(days=5 * 365),
    ),
    CaseKind.CONTACT_FORGOTTEN: Kind(
        slug="kontaktperson-har-glemt",
        title=_("A contact person without MitID has forgotten something"),
        lead=_("The person has had a letter through you before, and needs the user name or a new password."),
        may_open=LEADERS,
        form="institutions.cases.forms.ContactForgottenForm",
        approvals=2,
        checks=_CONTACT_CHECKS,
        handler="institutions.cases.letters.send",
        kept=dt.timedelta(days=5 * 365),
    ),
    CaseKind.PROVIDER: Kind(
        slug="bliv-udbyder",
        title=_("Become a supplier"),
        lead=_("A company wants to deliver or fetch data for institutions."),
        may_open=frozenset({Right.AGREEMENTS}),
        form="dataagreements.provider_forms.ProviderForm",
        approvals=1,
        checks=(
            _("The company exists under the CVR number, and has to do with education or day care."),
            _("The mail address is the company's own."),
        ),
        handler="dataagreements.services.admit_provider",
        kept=dt.timedelta(days=5 * 365),
        by_institutions=False,
        page="dataagreements:provider_case",
        facts="dataagreements.services.facts_of_provider_case",
    ),
    CaseKind.CONNECTION: Kind(
        slug="tilslutningsaftale",
        title=_("Connection agreement"),
        lead=_("A supplier wants to use a web service with one of its systems."),
        may_open=frozenset({Right.AGREEMENTS}),
        form="dataagreements.provider_forms.ConnectionForm",
        approvals=1,
        checks=(_("What the system does with the data fits the web service that it asks for."),),
        handler="dataagreements.services.connect_system",
        kept=dt.timedelta(days=5 * 365),
        by_institutions=False,
        page="dataagreements:provider_case",
        facts="dataagreements.services.facts_of_connection_case",
    ),
}
INSTITUTIONS_KINDS: dict[CaseKind, Kind] = {key: kind for key, kind in KINDS.items() if kind.by_institutions}
MAY_OPEN: frozenset[str] = frozenset().union(*(kind.may_open for kind in INSTITUTIONS_KINDS.values()))


def kind_called(slug: str) -> CaseKind:
    """Return the kind that institutions open under this name in addresses, or 404."""
    for key, kind in INSTITUTIONS_KINDS.items():
        if kind.slug == slug:
            return key
    raise Http404
