"""Who works in an institution of the demo country."""

from collections.abc import Iterator

from .dice import Dice
from .families import Registrar, home_in
from .groups import AFTER_SCHOOL, STAFF_TEAMS, main_groups
from .inhabitants import Employee, Extern, Inhabitant
from .names import origin
from .places import Place, School


def staff(
    dice: Dice, registrar: Registrar, place: Place, parents: Iterator[Inhabitant]
) -> list[tuple[Inhabitant, Employee | Extern]]:
    """Return everybody who works at the place. One in six is a parent in the same municipality, from `parents`."""
    parts = _school_parts(place, place.shape) if isinstance(place.shape, School) else _day_care_parts(place)
    people = []
    for part in parts:
        parent = next(parents, None) if dice.chance(1 / 6) else None
        people.append((parent or _newcomer(dice, registrar, place), part))
    return people


def _newcomer(dice: Dice, registrar: Registrar, place: Place) -> Inhabitant:
    female = dice.chance(0.68 if isinstance(place.shape, School) else 0.82)
    return registrar.adult(dice, origin(dice), female=female, age=dice.between(25, 64), home=home_in(dice, place))


def _school_parts(place: Place, shape: School) -> list[Employee | Extern]:
    classes = [group for _, group in main_groups(place)]
    count = max(4, len(classes) // 2 + 2)
    parts: list[Employee | Extern] = [Employee(("Leder",), "Skoleleder", location="Kontoret")]
    for n in range(count):
        # Class k has teacher k and teacher k + 2, so that each class has two and each teacher some.
        taught = tuple(group for k, group in enumerate(classes) if n in (k % count, (k + 2) % count))
        deputy = n == 0 and len(classes) > 6
        roles, title = (("Lærer", "Ledelse"), "Viceskoleleder") if deputy else (("Lærer",), "Lærer")
        parts.append(Employee(roles, title, (*taught, STAFF_TEAMS[n * len(STAFF_TEAMS) // count])))
    if shape.after_school:
        parts += [Employee(("Pædagog",), "Pædagog", (AFTER_SCHOOL, classes[n])) for n in range(2)]
    parts += [
        Employee(("TAP",), "Skolesekretær", location="Kontoret"),
        Employee(("Vikar",), "Lærervikar", (classes[-1],)),
    ]
    if len(classes) > 12:
        parts += [
            Employee(("TAP",), "Teknisk servicemedarbejder"),
            Employee(("Konsulent",), "Læsevejleder", tuple(classes[:4])),
        ]
        parts += [Extern("Praktikant", (classes[2],)), Extern("Ekstern")]
    return parts


def _day_care_parts(place: Place) -> list[Employee | Extern]:
    rooms = [room for _, room in main_groups(place)]
    parts: list[Employee | Extern] = [Employee(("Leder",), "Daglig leder")]
    for room in rooms:
        parts += [
            Employee(("Pædagog",), "Pædagog", (room,)),
            Employee(("Pædagog",), "Pædagogisk assistent", (room,)),
        ]
    parts += [Employee(("Vikar",), "Pædagogmedhjælper", tuple(rooms)), Employee(("TAP",), "Køkkenassistent")]
    if len(rooms) > 2:
        parts.append(Extern("Praktikant", (rooms[0],)))
    return parts
