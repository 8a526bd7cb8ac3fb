"""Whose figures a person may look at: the country, and their own school or municipality; STIL any municipality."""

import enum
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import Http404

from institutions.access import institutions_by_right
from institutions.actor import Actor
from institutions.models import Institution, InstitutionKind, InstitutionLevel, Municipality, Ownership
from institutions.roles import LEADER_ROLES, Right, Role

from ..questions import RespondentKind
from ..respondents import FREE_SCHOOL
from .groups import Group

RIGHTS = (Right.AGREEMENTS, Right.USER_ADMINISTRATION, Right.USER_OVERVIEW, Right.PUPIL_ACCESS)
MAY_SEE = (Role.OPERATOR, Role.LEADER, Role.MANAGEMENT, *RIGHTS)


class Level(enum.IntEnum):
    COUNTRY = 0
    MUNICIPALITY = 1
    SCHOOL = 2


@dataclass(frozen=True)
class Place:
    """A place with figures: `key` is its name in addresses, `municipality` itself or where the school lies.

    `is_own` where it reports itself and the person acts for it: then nothing is hidden in what it reported.
    """

    level: Level
    key: str
    name: str
    municipality: str = ""
    institution: int | None = None
    is_own: bool = False

    def reports(self, group: Group) -> bool:
        """Whether the group's figures are this place's own answers."""
        kinds = {Level.MUNICIPALITY: RespondentKind.MUNICIPALITY, Level.SCHOOL: RespondentKind.SCHOOL}
        return kinds.get(self.level) == group.kind


COUNTRY = Place(Level.COUNTRY, "landet", "")


def places_for(actor: Actor) -> list[Place]:
    """Return the places that the person may choose beside the country: their own schools first."""
    if Role.OPERATOR in actor.roles:
        return [_of_municipality(one) for one in Municipality.objects.all()]
    theirs = _institutions(actor)
    schools = theirs.filter(kind=InstitutionKind.SCHOOL, level=InstitutionLevel.SCHOOL, type_code=FREE_SCHOOL)
    own = set(_answered_for(actor).values_list("pk", flat=True))
    around = Municipality.objects.filter(
        Q(pk__in=own)
        | Q(pk__in=theirs.exclude(location_municipality=None).values("location_municipality"))
        | Q(pk__in=theirs.filter(location_municipality=None).values("municipality"))
    )
    municipalities = sorted(around, key=lambda one: (one.pk not in own, one.name))
    return [*map(_of_school, schools), *(_of_municipality(one, is_own=one.pk in own) for one in municipalities)]


def place_for(places: list[Place], key: str, group: Group) -> Place:
    """Return the place of this key among those that may be chosen, or 404; without a key the first.

    A school has no figures of what municipalities report: there its municipality stands in its place.
    """
    if key == COUNTRY.key:
        return COUNTRY
    found = next((place for place in places if place.key == key), None) if key else next(iter(_first(places)), COUNTRY)
    if found is None:
        raise Http404
    if found.level == Level.SCHOOL and not found.reports(group):
        around = (place for place in places if place.level < Level.SCHOOL and place.municipality == found.municipality)
        return next(around, COUNTRY)
    return found


def _first(places: list[Place]) -> list[Place]:
    """STIL, who may choose any municipality, begins with the country."""
    return places if any(place.is_own for place in places) or len(places) == 1 else []


def _institutions(actor: Actor) -> QuerySet[Institution]:
    """Return the institutions that the person leads, or holds one of the rights on."""
    led = [tie.institution_id for tie in actor.ties if tie.roles & LEADER_ROLES]
    by_right = (institutions_by_right(actor, right) for right in RIGHTS)
    return reduce(or_, by_right, Institution.objects.filter(pk__in=led))


def _answered_for(actor: Actor) -> QuerySet[Municipality]:
    """Return the municipalities under whose own CVR number the person holds one of the rights."""
    numbers = {right.identifier for right in actor.rights if right.right in RIGHTS and right.scope == "cvr"} - {""}
    return Municipality.objects.filter(
        institutions__cvr__in=numbers, institutions__ownership=Ownership.MUNICIPAL
    ).distinct()


def _of_school(school: Institution) -> Place:
    lies_in = school.location_municipality_id or school.municipality_id or ""
    return Place(Level.SCHOOL, school.number, school.name, lies_in, school.pk, is_own=True)


def _of_municipality(one: Municipality, *, is_own: bool = False) -> Place:
    return Place(Level.MUNICIPALITY, one.pk, one.name, one.pk, is_own=is_own)
