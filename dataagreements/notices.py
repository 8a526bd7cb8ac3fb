"""Mails about requests and agreements: one to an address for one act, however many agreements it moved.

They name systems, suppliers and institutions, never a person. Each has a link that stops them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from institutions.models import Institution
from unilogin_portal.lib.mail import send_on_commit

from . import routing
from .journal import Act
from .models import Agreement, RequestBatch, Scope, Subscription
from .states import AgreementAction, AgreementState
from .subscriptions import stop_path

LANGUAGE = "da"  # nobody has told us another
# A request that has waited for longer is somebody's to be reminded of.
OLD = dt.timedelta(days=14)


def new_requests(batch: RequestBatch) -> None:
    """Tell approvers that a supplier asks them."""
    institutions = batch.agreements.values_list("institution", flat=True)
    system = batch.terms.system
    context = {"system": system.name, "provider": system.provider.name, "comment": batch.comment}
    _to_approvers("agreements_new", Counter(institutions), context, "dataagreements:requests")


def answered(keys: Sequence[int], act: Act) -> None:
    """Tell suppliers what institutions have answered."""
    _to_providers("agreements_answered", keys, {"action": act.action.value, "comment": act.comment})


def ended_by_provider(key: int, act: Act) -> None:
    """Tell the institution that its supplier has ended an agreement."""
    agreement = Agreement.objects.select_related("system__provider", "institution").get(pk=key)
    context = {
        "system": agreement.system.name,
        "provider": agreement.system.provider.name,
        "institution": agreement.institution.name,
        "comment": act.comment,
    }
    page = reverse("dataagreements:agreement", args=[key])
    _to_approvers("agreements_ended", Counter([agreement.institution_id]), context, page)


def expired(keys: Sequence[int]) -> None:
    """Tell both sides that agreements are over."""
    _to_providers("agreements_answered", keys, {"action": AgreementAction.EXPIRE.value, "comment": ""})
    institutions = Agreement.objects.filter(pk__any_of=list(keys)).values_list("institution", flat=True)
    _to_approvers("agreements_expired", Counter(institutions), {}, "dataagreements:ended")


def must_be_confirmed(keys: Sequence[int]) -> None:
    """Tell approvers that agreements end unless they confirm them."""
    institutions = Agreement.objects.filter(pk__any_of=list(keys)).values_list("institution", flat=True)
    _to_approvers("agreements_confirm", Counter(institutions), {}, "dataagreements:agreements")


def digest() -> int:
    """Mail each address, once a week, what waits for an answer; nothing where nothing does. Return how many mails."""
    waiting = Agreement.objects.waiting().values_list("institution", flat=True)
    return _to_approvers("agreements_digest", Counter(waiting), {}, "dataagreements:requests")


def remind(now: dt.datetime) -> int:
    """Mail each address whose requests have waited for over a fortnight, once a fortnight. Return how many mails."""
    old = Agreement.objects.waiting().filter(requested_at__lt=now - OLD).values_list("institution", flat=True)
    counts = Counter(old)
    due = Subscription.objects.filter(Q(reminded_at=None) | Q(reminded_at__lt=now - OLD))
    return _to_approvers("agreements_reminder", counts, {}, "dataagreements:requests", among=due)


def _to_approvers(
    template: str, counts: Mapping[int, int], context: Mapping[str, Any], page: str, *, among: Any = None
) -> int:
    """Mail the addresses that are told of these institutions; `counts` says how many agreements each has."""
    sent = 0
    for row, count in _subscribers(counts, among if among is not None else Subscription.objects.all()):
        _send(template, row, {**context, "count": count, "page": page if page.startswith("/") else reverse(page)})
        sent += 1
        if among is not None:
            Subscription.objects.filter(pk=row.pk).update(reminded_at=timezone.now())
    return sent


def _subscribers(counts: Mapping[int, int], among: Any) -> Iterable[tuple[Subscription, int]]:
    columns = ("pk", "cvr", "p_number", "kind", "ownership")
    places = Institution.objects.filter(pk__any_of=list(counts)).values_list(*columns)
    by_number: Counter[tuple[str, str]] = Counter()
    for pk, cvr, p_number, kind, ownership in places:
        by_number[Scope.CVR, cvr] += counts[pk]
        if routing.answers("p", kind, ownership):
            by_number[Scope.P, p_number] += counts[pk]
    for row in among.filter(confirmed_at__isnull=False, identifier__any_of=list({n for _, n in by_number if n})):
        if count := by_number[row.scope, row.identifier]:
            yield row, count


def _to_providers(template: str, keys: Collection[int], context: Mapping[str, Any]) -> None:
    agreements = Agreement.objects.filter(pk__any_of=list(keys))
    rows = agreements.values_list("system__provider", "system__name", "institution__name", "institution__number")
    theirs: dict[int, list[tuple[str, str, str]]] = {}
    for provider, *names in rows.order_by("system__name", "institution__name"):
        theirs.setdefault(provider, []).append(tuple(names))  # type: ignore[arg-type]
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False, provider__in=theirs)
    for row in confirmed:
        lines = theirs[row.provider_id or 0]
        page = reverse("dataagreements:provider_agreements")
        _send(template, row, {**context, "count": len(lines), "lines": lines[:20], "page": page})


def _send(template: str, row: Subscription, context: Mapping[str, Any]) -> None:
    with override(LANGUAGE):
        send_on_commit(template, row.email, {**context, "stop": stop_path(row), "origin": settings.ORIGIN})


def waiting_for_long(now: dt.datetime) -> Q:
    """Return the condition of a request that has waited for over a fortnight."""
    return Q(state=AgreementState.WAITING, requested_at__lt=now - OLD)
