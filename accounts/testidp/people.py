"""Whom one may be at the stand-in: the demo country's cast, whoever else is in it, and somebody who is not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ContactRelation, Person
from institutions.demo import cast
from institutions.demo.cast import Member, Professional
from institutions.models import Institution, Membership, MembershipKind
from institutions.roles import labels
from unilogin_portal.lib.dates import age_on, today

FOUND_AT_MOST = 20
_CAST = {f"cast-{number}": member for number, member in enumerate(cast.CAST)}


@dataclass(frozen=True)
class Candidate:
    """Somebody to choose. `key` says who: a CPR number never stands on a page."""

    key: str
    name: str
    note: str
    has_mitid: bool = True

    @property
    def label(self) -> str:
        return ": ".join(filter(None, (self.name, self.note)))


@dataclass(frozen=True)
class Somebody:
    """Who was chosen, as MitID knows them. `person` is None for who is not in the demo country."""

    full_name: str
    cpr: str
    person: Person | None
    workplace: Professional | None


def suggested() -> list[Candidate]:
    """Return those with whom every flow can be tried: the cast, or without the demo country some typical people."""
    if Person.objects.with_cpr(cast.METTE.cpr).exists():
        return [_member(key, member) for key, member in _CAST.items() if member.has_mitid or member is cast.ESTHER]
    chosen = _typical_people()
    people = Person.objects.in_bulk(chosen)
    nobody = next(_member(key, member) for key, member in _CAST.items() if member is cast.PETER)
    return [*_candidates(people[pk] for pk in chosen), nobody]


def found(words: str) -> list[Candidate]:
    """Return those whose name has all of `words`, or whose user name it is."""
    query = Q()
    for word in words.split():
        query &= Q(first_name__icontains=word) | Q(family_name__icontains=word)
    people = Person.objects.filter(query | Q(user__username=words.strip().lower()))
    imported = _candidates(people.order_by("first_name", "family_name", "pk")[:FOUND_AT_MOST])
    names = {candidate.name for candidate in imported}
    return imported + [
        _member(key, member)
        for key, member in _CAST.items()
        if member.has_mitid and member.shown_name not in names and _fits(member.shown_name, words)
    ]


def _fits(name: str, words: str) -> bool:
    return all(word in name.lower() for word in words.lower().split())


def somebody(key: str) -> Somebody:
    """Return who the candidate of that key is."""
    if key in _CAST:
        member = _CAST[key]
        person = Person.objects.with_cpr(member.cpr).first()
        return Somebody(member.name, member.cpr, person, member.professional or _employment(person))
    person = Person.objects.get(pk=key)
    return Somebody(person.name, person.cpr_number(), person, _employment(person))


def organisation_named(cvr: str) -> str:
    """Return what the organisation of a CVR number is called."""
    institution = Institution.objects.filter(cvr=cvr).order_by("pk").first()
    return institution.name if institution else f"CVR {cvr}"


def _employment(person: Person | None) -> Professional | None:
    """Return where the person is employed, if anywhere with a CVR number: the first place, without rights."""
    employed = Membership.objects.current().filter(person=person, kind=MembershipKind.EMPLOYEE)
    membership = employed.exclude(institution__cvr="").select_related("institution").order_by("pk").first()
    if person is None or membership is None:
        return None
    return Professional(membership.institution.name, membership.institution.cvr, membership.institution.p_number)


def _member(key: str, member: Member) -> Candidate:
    note = str(member.who) if member.has_mitid else f"{member.who}, {_('has no MitID')}"
    return Candidate(key, member.shown_name, note, member.has_mitid)


def _typical_people() -> list[int]:
    """Return two parents, two employees, a pupil with MitID and one without."""
    limit = _years_before(today(), settings.MITID_MINIMUM_AGE)
    pupils = Membership.objects.current().filter(kind=MembershipKind.STUDENT, person__user__isnull=False)
    parents = ContactRelation.objects.with_custody().values("contact").annotate(children=Count("child", distinct=True))
    employees = Membership.objects.current().filter(kind=MembershipKind.EMPLOYEE).exclude(institution__cvr="")
    typical = [
        *parents.filter(children=1).order_by("contact").values_list("contact", flat=True)[:1],
        *parents.filter(children__gte=2).order_by("contact").values_list("contact", flat=True)[:1],
        *employees.order_by("pk").values_list("person", flat=True)[:2],
        *pupils.filter(person__birth_date__lte=limit).order_by("pk").values_list("person", flat=True)[:1],
        *pupils.filter(person__birth_date__gt=limit).order_by("pk").values_list("person", flat=True)[:1],
    ]
    return list(dict.fromkeys(typical))


def _candidates(people: Iterable[Person]) -> list[Candidate]:
    listed = list(people)
    notes = _notes([person.pk for person in listed])
    for person in listed:
        if not _has_mitid(person):
            notes[person.pk].append(_("has no MitID"))
    return [
        Candidate(str(person.pk), person.name, ", ".join(notes[person.pk]), _has_mitid(person)) for person in listed
    ]


def _notes(people: list[int]) -> dict[int, list[str]]:
    """Return what each is in the demo country, in words: two queries for all."""
    notes: dict[int, list[str]] = defaultdict(list)
    memberships = Membership.objects.current().filter(person__in=people).order_by("pk")
    for person, roles, institution in memberships.values_list("person", "roles", "institution__name"):
        notes[person].append(f"{labels(roles)} ({institution})")
    relations = ContactRelation.objects.with_custody().filter(contact__in=people)
    for contact, count in relations.values_list("contact").annotate(children=Count("child", distinct=True)):
        notes[contact].append(ngettext("parent of one child", "parent of %(count)d children", count) % {"count": count})
    return notes


def _has_mitid(person: Person) -> bool:
    return person.birth_date is None or age_on(person.birth_date, today()) >= settings.MITID_MINIMUM_AGE


def _years_before(day: dt.date, years: int) -> dt.date:
    """Return the day on which somebody was born who turns `years` today."""
    return day.replace(year=day.year - years, day=min(day.day, 28))
