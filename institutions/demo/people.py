"""Who lives in the demo country: every family, pupil and employee, the same on every machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from . import cast_ties
from .cast import CAST
from .cpr import Issuer
from .dice import Dice
from .families import Registrar, Seat, household, protected, siblings
from .groups import further_groups, groups, main_groups
from .inhabitants import Employee, Extern, Group, Household, Inhabitant, Student, Tie
from .nights import with_second_night
from .places import DayCare, Place, places
from .staff import staff
from .years import age_in_level


@dataclass(frozen=True)
class Institution:
    """All that one institution delivers, on either night."""

    place: Place
    groups: tuple[Group, ...]
    ties: tuple[Tie, ...]


class _Rolls:
    """Collects each institution's people and numbers them: the number is the LocalPersonId."""

    def __init__(self) -> None:
        self._ties: dict[str, list[Tie]] = {place.number: [] for place in places()}

    def add(
        self, number: str, person: Inhabitant, part: Student | Employee | Extern, **further: frozenset[int]
    ) -> None:
        letter = {Student: "E", Employee: "M", Extern: "X"}[type(part)]
        ties = self._ties[number]
        ties.append(Tie(f"{letter}{len(ties) + 1:04d}", person, part, **further))

    def of(self, number: str) -> list[Tie]:
        return self._ties[number]


@cache
def country() -> tuple[Institution, ...]:
    """Return every institution with its people; the second night differs from the first in a few."""
    registrar = Registrar(Issuer({member.cpr for member in CAST}))
    rolls = _Rolls()
    for part in cast_ties.parts(registrar):
        rolls.add(part.number, part.person, part.part, nights=part.nights)
    by_municipality = sorted(places(), key=lambda place: place.municipality)
    for name, group in groupby(by_municipality, key=lambda place: place.municipality):
        _settle(name, list(group), registrar, rolls)
    return tuple(
        Institution(place, tuple(groups(place)), tuple(with_second_night(place, rolls.of(place.number), registrar)))
        for place in places()
    )


def _settle(name: str, town: Sequence[Place], registrar: Registrar, rolls: _Rolls) -> None:
    """Fill a municipality's institutions with families and staff."""
    dice = Dice("families", name)
    seats = [seat for place in town for seat in _seats(place)]
    parents: list[Inhabitant] = []
    for number, family_seats in enumerate(siblings(dice, seats)):
        family = household(dice, registrar, family_seats)
        if number % 60 == 59:
            family = protected(dice, family)
        _enrol(family, family_seats, rolls)
        parents += [contact.person for contact in family.contacts if contact.custody and not contact.person.alias]
    candidates = iter(dice.shuffled(parents))
    for place in town:
        _employ(Dice("staff", place.number), place, registrar, candidates, rolls)


def _seats(place: Place) -> Iterator[Seat]:
    dice = Dice("seats", place.number)
    shape = place.shape
    for level, group in main_groups(place):
        for _ in range(shape.size):
            age = dice.between(shape.youngest, shape.oldest) if isinstance(shape, DayCare) else age_in_level(level)
            yield Seat(place, level, group, age)


def _enrol(family: Household, seats: Sequence[Seat], rolls: _Rolls) -> None:
    for child, seat in zip(family.children, seats, strict=True):
        further = further_groups(seat.place.shape, seat.level, number=int(child.cpr[-3:]))
        rolls.add(seat.place.number, child, Student(seat.level, seat.main_group, further, family.contacts))


def _employ(dice: Dice, place: Place, registrar: Registrar, candidates: Iterator[Inhabitant], rolls: _Rolls) -> None:
    for person, part in staff(dice, registrar, place, candidates):
        led_by_the_cast = place.number == cast_ties.SCHOOL
        if not (led_by_the_cast and isinstance(part, Employee) and "Leder" in part.roles):
            rolls.add(place.number, person, part)
