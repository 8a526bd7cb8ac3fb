"""What is different in the second night's delivery: the life of a school between two nights."""

from dataclasses import replace

from .cast_ties import SCHOOL
from .dice import Dice
from .families import Registrar, Seat, home_in, household
from .inhabitants import Student, Tie
from .places import Place
from .years import age_in_level

FIRST, SECOND = frozenset({1}), frozenset({2})


def with_second_night(place: Place, ties: list[Tie], registrar: Registrar) -> list[Tie]:
    """Return both nights' ties: of 3B one moves house, one goes to 3A, one leaves; to 3A one comes."""
    if place.number != SCHOOL:
        return ties
    dice = Dice("second night")
    pupils = [(tie, tie.part) for tie in ties if isinstance(tie.part, Student) and tie.part.main_group == "3B"]
    (mover, _), (changer, place_in_3b), (leaver, _) = pupils[:3]
    moved = replace(mover, person=replace(mover.person, home=home_in(dice, place)), nights=SECOND)
    changed = replace(changer, part=replace(place_in_3b, main_group="3A"), nights=SECOND)
    family = household(dice, registrar, [Seat(place, "3", "3A", age_in_level("3"))])
    part = Student("3", "3A", ("Årgang 3",), family.contacts)
    newcomer = Tie(f"E{len(ties) + 1:04d}", family.children[0], part, SECOND)
    gone = {mover.local_id, changer.local_id, leaver.local_id}
    before = [replace(tie, nights=FIRST) if tie.local_id in gone else tie for tie in ties]
    return [*before, moved, changed, newcomer]
