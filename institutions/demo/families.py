"""Families: which children are siblings, who their parents are and who has custody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .cpr import Issuer
from .dice import Dice
from .inhabitants import Contact, Home, Household, Inhabitant
from .names import Origin, origin
from .places import Place
from .years import BASE_YEAR, Birthday

_STREETS = """
Skolevej Møllegade Østergade Åvej Kirkestræde Engdraget Bøgevej Nørregade Lærkevej Solsikkevej Birkealle Strandvejen
Søndergade Teglværksvej Æblehaven Mosevænget Fjordbakken Smedegade Rugmarken Havrevænget Elmevej Dronningensgade
"""
STREETS = tuple(_STREETS.split())


@dataclass(frozen=True)
class Seat:
    """A child's place in an institution: `age` is the calendar year's, as in `Birthday`."""

    place: Place
    level: str
    main_group: str
    age: int


class Registrar:
    """Makes people: names by origin, an address, a CPR number that nobody else has."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    def person(self, dice: Dice, *, first: str, family: str, female: bool, age: int, home: Home) -> Inhabitant:
        birthday = Birthday(age, dice.between(1, 12), dice.between(1, 28))
        cpr = self._issuer.issue(birthday.date(BASE_YEAR), female=female, start=dice.between(0, 299))
        return Inhabitant(first, family, female, birthday, cpr, home)

    def adult(self, dice: Dice, names: Origin, *, female: bool, age: int, home: Home, family: str = "") -> Inhabitant:
        """Return an adult with an e-mail address and a mobile telephone, of which no number begins with 0 in life."""
        first, family = dice.pick(names.women if female else names.men), family or dice.pick(names.families)
        person = self.person(dice, first=first, family=family, female=female, age=age, home=home)
        mobile = f"0{dice.between(1000000, 9999999)}"
        return replace(person, email=f"privat{person.cpr[-4:]}{age}@post.example.dk", mobile=mobile)


def home_in(dice: Dice, place: Place) -> Home:
    return Home(f"{dice.pick(STREETS)} {dice.between(1, 148)}", place.postal_code, place.city)


def siblings(dice: Dice, seats: Sequence[Seat]) -> list[list[Seat]]:
    """Divide a town's seats into families of one to three children, two to six years apart, eldest first."""
    free = dice.shuffled(seats)
    families = []
    while free:
        family = [free.pop()]
        wanted = 1 + dice.chance(0.6) + dice.chance(0.2)
        for seat in list(reversed(free)):
            if len(family) == wanted:
                break
            if all(2 <= abs(seat.age - other.age) <= 6 for other in family):
                family.append(seat)
                free.remove(seat)
        families.append(sorted(family, key=lambda seat: -seat.age))
    return families


def household(dice: Dice, registrar: Registrar, seats: Sequence[Seat]) -> Household:
    """Return who answers for the children in `seats`, and the children in the same order."""
    names = origin(dice)
    home = home_in(dice, seats[0].place)
    age = seats[0].age + dice.between(24, 35)
    mother = registrar.adult(dice, names, female=True, age=age, home=home)
    shared = mother.family_name if dice.chance(0.55) else ""
    father_age = age + dice.between(-2, 6)
    father = registrar.adult(dice, names, female=False, age=father_age, home=home, family=shared)
    contacts = _contacts(dice, registrar, mother, father, seats[0].place)
    family = mother.family_name if dice.chance(0.5) else father.family_name
    middle = father.family_name if family == mother.family_name and dice.chance(0.5) else ""
    children: list[Inhabitant] = []
    for seat in seats:
        child = _child(dice, registrar, names, children, seat, home=home, middle=middle, family=family)
        children.append(child)
    return Household(contacts, tuple(children))


def _child(
    dice: Dice,
    registrar: Registrar,
    names: Origin,
    elder: Sequence[Inhabitant],
    seat: Seat,
    *,
    home: Home,
    middle: str,
    family: str,
) -> Inhabitant:
    female = dice.chance(0.49)
    pool = names.girls if female else names.boys
    taken = {sibling.first_name.split()[0] for sibling in elder}
    first = next(name for name in dice.shuffled(pool) if name not in taken)
    second = middle if middle and middle != family else dice.pick(pool) if dice.chance(0.15) else ""
    if second and second != first:
        first = f"{first} {second}"
    late = seat.level.isdecimal() and dice.chance(0.06)  # began school a year later than most
    return registrar.person(dice, first=first, family=family, female=female, age=seat.age + late, home=home)


def _contacts(
    dice: Dice, registrar: Registrar, mother: Inhabitant, father: Inhabitant, place: Place
) -> tuple[Contact, ...]:
    """Return who answers for the children. Three of four have two parents in custody under one roof."""
    apart = replace(father, home=home_in(dice, place))
    kind = dice.between(1, 100)
    if kind <= 74:
        return Contact(mother, "Mor"), Contact(father, "Far")
    if kind <= 89:
        return Contact(mother, "Mor"), Contact(apart, "Far")
    if kind <= 94:
        return (Contact(mother, "Mor"),)
    if kind <= 97:
        return Contact(mother, "Mor"), Contact(apart, "Far", custody=False, access_level=1)
    grandmother = registrar.adult(
        dice, origin(dice), female=True, age=mother.birthday.age + 25, home=home_in(dice, place)
    )
    if kind == 98:
        return Contact(mother, "Mor"), Contact(grandmother, "Andet", custody=False, access_level=0)
    official = replace(grandmother, email=f"sag{grandmother.cpr[-4:]}@kommune.example.dk")
    return Contact(mother, "Mor"), Contact(official, "Officielt tilknyttet person", custody=False, access_level=1)


def protected(dice: Dice, family: Household) -> Household:
    """Return the family with name and address protection: mother and children alone, each with an alias (D1.8)."""
    names = origin(dice)
    mother = family.contacts[0].person
    real = {
        part for person in (mother, *family.children) for part in f"{person.first_name} {person.family_name}".split()
    }
    alias_family = dice.pick([name for name in names.families if name not in real])
    hidden = replace(mother, alias=(dice.pick([name for name in names.women if name not in real]), alias_family))
    girls, boys = ([name for name in dice.shuffled(pool) if name not in real] for pool in (names.girls, names.boys))
    children = tuple(
        replace(child, alias=((girls if child.female else boys).pop(), alias_family)) for child in family.children
    )
    return Household((Contact(hidden, "Mor"),), children)
