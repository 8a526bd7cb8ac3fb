"""What goes wrong at the cast's school, so that its leader has something to mend: rows with faults, a cut extract."""

from collections.abc import Iterable
from dataclasses import replace

from .cast_ties import SCHOOL
from .inhabitants import Student, Tie
from .people import Institution

# The levels that the last extract lacks.
CUT_OFF = frozenset({"4", "5"})


def with_faults(country: Iterable[Institution]) -> list[Institution]:
    """Add three rows that cannot be loaded to the school's delivery: no CPR number, no alias, no such class."""
    return [replace(one, ties=(*one.ties, *_faulty(one))) if one.place.number == SCHOOL else one for one in country]


def cut_off(country: Iterable[Institution]) -> list[Institution]:
    """Return the school alone, as an extract that broke off has it: without two whole years."""
    return [
        replace(one, ties=tuple(tie for tie in one.ties if not _is_lost(tie)))
        for one in country
        if one.place.number == SCHOOL
    ]


def _is_lost(tie: Tie) -> bool:
    return isinstance(tie.part, Student) and tie.part.level in CUT_OFF


def _faulty(school: Institution) -> list[Tie]:
    pupils = ((tie, tie.part) for tie in school.ties if isinstance(tie.part, Student) and tie.part.level == "6")
    model, part = next(pupils)
    unknown = replace(model.person, first_name="Nora", family_name="Vang")
    return [
        replace(model, local_id="E9001", person=replace(unknown, cpr=""), nights=frozenset({2})),
        replace(model, local_id="E9002", person=replace(unknown, alias=("", "")), nights=frozenset({2})),
        replace(model, local_id="E9003", person=unknown, part=replace(part, main_group="6Q"), nights=frozenset({2})),
    ]
