"""*Indsigt*: which systems receive data on somebody and their children, by which agreement, and when last (D9.4).

The number of queries does not depend on how many children, institutions or agreements there are.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.access import children_of
from accounts.models import ContactRelation, Person
from institutions.models import Institution, Membership

from .models import Agreement, Fetch, WebService
from .packages import Field
from .states import AgreementState

# For how long an agreement that is over still stands here, after the last fetch by it.
REMEMBERED = dt.timedelta(days=365)


@dataclass(frozen=True)
class Receiver:
    """One agreement by which data on somebody go, or went."""

    agreement: Agreement
    fields: tuple[str, ...]  # in words
    last_fetched: dt.datetime | None
    counts: bool  # data may go today


@dataclass(frozen=True)
class Subject:
    """One person, and who receives data on them; who delivers them to Unilogin."""

    person: Person
    receivers: tuple[Receiver, ...]
    deliverers: tuple[Agreement, ...]


def subjects_for(person: Person) -> list[Subject]:
    """Return oneself and the children in one's custody."""
    people = [person, *children_of(person)]
    places = _places_of(people)
    as_contact = _places_as_contact(person)
    numbers = {pk for found in places.values() for pk in found} | as_contact
    agreements = _agreements_at(numbers)
    return [
        _subject(one, places.get(one.pk, set()), as_contact if one == person else set(), agreements) for one in people
    ]


def _places_of(people: Sequence[Person]) -> dict[int, set[int]]:
    rows = Membership.objects.current().filter(person__in=people).values_list("person", "institution")
    places: dict[int, set[int]] = {}
    for person, institution in rows:
        places.setdefault(person, set()).add(institution)
    return places


def _places_as_contact(person: Person) -> set[int]:
    """Return where somebody is known as a contact person."""
    numbers = ContactRelation.objects.current().filter(contact=person).values("institution")
    return set(Institution.objects.filter(number__in=numbers).values_list("pk", flat=True))


def _agreements_at(institutions: Iterable[int]) -> list[Agreement]:
    """Return what counts, and what was used within the last year."""
    last = Fetch.objects.filter(agreement=OuterRef("pk")).order_by("-at").values("at")[:1]
    effective = Agreement.objects.effective(timezone.localdate()).filter(pk=OuterRef("pk"))
    rows = Agreement.objects.filter(institution__in=list(institutions))
    rows = rows.annotate(last_fetched=Subquery(last), counts=Exists(effective))
    shown = Q(state=AgreementState.APPROVED) | Q(last_fetched__gte=timezone.now() - REMEMBERED)
    rows = rows.filter(shown).select_related("system__provider", "institution", "terms")
    return list(rows.order_by("institution__name", "system__name", "-requested_at"))


def _subject(person: Person, places: set[int], as_contact: set[int], agreements: Sequence[Agreement]) -> Subject:
    receivers, deliverers = [], []
    for one in agreements:
        member = one.institution_id in places
        if one.service == WebService.IMPORT:
            if one.state == AgreementState.APPROVED and (member or one.institution_id in as_contact):
                deliverers.append(one)
        elif member or (one.institution_id in as_contact and Field.CONTACTS in one.terms.fields):
            receivers.append(_receiver(one, member=member))
    return Subject(person, tuple(receivers), tuple(deliverers))


def _receiver(agreement: Any, *, member: bool) -> Receiver:
    fields = agreement.terms.fields - ({Field.CONTACTS} if not member else set())
    words = tuple(str(field.label) for field in Field if field in fields)
    return Receiver(agreement, words, agreement.last_fetched, agreement.counts)
