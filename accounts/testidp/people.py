"""Whom one may be at the stand-in: people of the demo country, and one who is not in it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ContactRelation, Person
from institutions.models import Institution, Membership, MembershipKind
from institutions.roles import labels
from unilogin_portal.lib.dates import age_on, today

STRANGER = "stranger"
STRANGER_NAME = "Ukendt Besøgende"
# A replacement number (day + 60) like everybody's in the demo country, of nobody there.
STRANGER_CPR = "6104790000"
FOUND_AT_MOST = 20


@dataclass(frozen=True)
class Candidate:
    """Somebody to choose. `key` is the person's number, or `STRANGER`; a CPR number never stands on a page."""

    key: str
    name: str
    note: str
    too_young: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}: {self.note}" if self.note else self.name


def suggested() -> list[Candidate]:
    """Return a few typical people, so that every flow can be tried without searching."""
    chosen = _typical_people()
    people = Person.objects.in_bulk(chosen)
    return [
        *_candidates(people[pk] for pk in chosen),
        Candidate(STRANGER, STRANGER_NAME, _("in no school or day care")),
    ]


def found(words: str) -> list[Candidate]:
    """Return those whose name has all of `words`, or whose user name it is."""
    query = Q()
    for word in words.split():
        query &= Q(first_name__icontains=word) | Q(family_name__icontains=word)
    people = Person.objects.filter(query | Q(user__username=words.strip().lower()))
    return _candidates(people.order_by("first_name", "family_name", "pk")[:FOUND_AT_MOST])


def person_of(key: str) -> Person | None:
    """Return the person, or None for the stranger."""
    return None if key == STRANGER else Person.objects.get(pk=key)


def employer_of(person: Person | None) -> Institution | None:
    """Return where the person is employed, if anywhere with a CVR number: the first place."""
    employed = Membership.objects.current().filter(person=person, kind=MembershipKind.EMPLOYEE)
    membership = employed.exclude(institution__cvr="").select_related("institution").order_by("pk").first()
    return membership.institution if membership else None


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
    return [
        Candidate(str(person.pk), person.name, ", ".join(notes[person.pk]), _is_too_young(person)) for person in listed
    ]


def _notes(people: list[int]) -> dict[int, list[str]]:
    """Return what each is in the demo country, in words: two queries for all."""
    notes: dict[int, list[str]] = defaultdict(list)
    for person, roles, institution in (
        Membership.objects.current()
        .filter(person__in=people)
        .order_by("pk")
        .values_list("person", "roles", "institution__name")
    ):
        notes[person].append(f"{labels(roles)} ({institution})")
    relations = ContactRelation.objects.with_custody().filter(contact__in=people)
    for contact, count in relations.values_list("contact").annotate(children=Count("child", distinct=True)):
        notes[contact].append(ngettext("parent of one child", "parent of %(count)d children", count) % {"count": count})
    return notes


def _is_too_young(person: Person) -> bool:
    return person.birth_date is not None and age_on(person.birth_date, today()) < settings.MITID_MINIMUM_AGE


def _years_before(day: dt.date, years: int) -> dt.date:
    """Return the day on which somebody was born who turns `years` today."""
    return day.replace(year=day.year - years, day=min(day.day, 28))
