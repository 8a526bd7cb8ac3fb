"""What is asked, of whom, on which page: the matrix of D7 as a table.

A `Line` is one row of numbers: how many there are, and how many of them were sick on each day. A line without days is
a count alone. The key of a line is what answers and figures are kept under, and never changes its meaning.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RespondentKind(enum.StrEnum):
    MUNICIPALITY = "municipality"
    SCHOOL = "school"


@dataclass(frozen=True)
class Line:
    """A row of the form. `total` is what its first number is called, `absent` what is asked of each day.

    An optional line may be left blank as a whole, as by a school that does not have the year.
    """

    key: str
    label: Promise
    total: Promise
    absent: Promise | None = None
    optional: bool = False

    @property
    def has_days(self) -> bool:
        return self.absent is not None


@dataclass(frozen=True)
class Section:
    """A page of the form. `guidance` stands under the heading, in the words of S000."""

    slug: str
    title: Promise
    lines: tuple[Line, ...]
    guidance: tuple[Promise, ...] = ()


HIGHEST_LEVEL = 10
_USUAL_HIGHEST = 9
HEADS = _("Count heads, not full-time posts. All occupations count, permanent and temporary, full time and part time.")

_PUPILS = _("Pupils in all")
_SICK_PUPILS = _("Pupils absent through sickness each day")
_STAFF = _("Staff in all")
_SICK_STAFF = _("Staff absent through sickness each day")


def level_key(level: int) -> str:
    return f"level_{level}"


LEVEL_LABELS: tuple[Promise, ...] = (
    *(_("Year 0"), _("Year 1"), _("Year 2"), _("Year 3"), _("Year 4"), _("Year 5")),
    *(_("Year 6"), _("Year 7"), _("Year 8"), _("Year 9"), _("Year 10")),
)
LEVELS: tuple[Line, ...] = tuple(
    Line(level_key(level), LEVEL_LABELS[level], _PUPILS, _SICK_PUPILS, optional=True)
    for level in range(HIGHEST_LEVEL + 1)
)
SPECIAL = Line("special", _("Special classes"), _PUPILS, _SICK_PUPILS)
STARTERS = Line("starters", _("School starters"), _PUPILS, _SICK_PUPILS)
SCHOOL_STAFF = Line("school_staff", _("Staff"), _STAFF, _SICK_STAFF)

SCHOOLS = Line("schools", _("Schools"), _("Municipal schools that the numbers are for"))
MUNICIPAL_STAFF = Line("municipal_staff", _("Staff"), _STAFF, _SICK_STAFF)
DAY_CARE_INSTITUTIONS = Line("day_care_institutions", _("Day-care institutions"), _("Day-care institutions in all"))
CHILDMINDERS = Line("childminders", _("Childminders"), _("Childminders in all"))
CHILDREN = Line("children", _("Children"), _("Children in all"), _("Children absent through sickness each day"))
DAY_CARE_STAFF = Line("day_care_staff", _("Staff"), _STAFF, _SICK_STAFF)

SECTIONS: dict[RespondentKind, tuple[Section, ...]] = {
    RespondentKind.MUNICIPALITY: (
        Section(
            "grundskoler",
            _("Municipal schools"),
            (SCHOOLS, MUNICIPAL_STAFF),
            (_("Staff only: no pupils. Write the numbers for all municipal schools together."), HEADS),
        ),
        Section(
            "dagtilbud",
            _("Day care including childminders"),
            (DAY_CARE_INSTITUTIONS, CHILDMINDERS, CHILDREN, DAY_CARE_STAFF),
            (_("Write the numbers for all day care of the municipality together, childminders included."), HEADS),
        ),
    ),
    RespondentKind.SCHOOL: (
        Section(
            "normalklasser",
            _("Pupils in normal classes"),
            LEVELS,
            (
                _("Pupils who are included in a normal class count here. Leave out the years that you do not have."),
                _("Day care at the same place does not count: the municipality reports it."),
            ),
        ),
        Section(
            "specialklasser",
            _("Pupils in special classes"),
            (SPECIAL,),
            (_("Only those who go in classes for special teaching alone, all years together."),),
        ),
        Section(
            "skolestartere",
            _("School starters"),
            (STARTERS,),
            (_("Those who begin in year 0 after the summer holidays, and have begun at your after-school care."),),
        ),
        Section("personale", _("Staff"), (SCHOOL_STAFF,), (HEADS,)),
    ),
}
# What figures there are, in the order that pages name them: each adds up one or more lines.
LINES: dict[str, Line] = {
    line.key: line for sections in SECTIONS.values() for section in sections for line in section.lines
}


def sections_for(kind: str, highest_level: str = "") -> tuple[Section, ...]:
    """Return the pages of a respondent. A school is asked for the years up to its highest, year 9 at least."""
    sections = SECTIONS[RespondentKind(kind)]
    if kind != RespondentKind.SCHOOL:
        return sections
    highest = max(int(highest_level), _USUAL_HIGHEST) if highest_level.isdigit() else HIGHEST_LEVEL
    normal, *others = sections
    levels = normal.lines[: min(highest, HIGHEST_LEVEL) + 1]
    return (Section(normal.slug, normal.title, levels, normal.guidance), *others)


def lines_for(kind: str, highest_level: str = "") -> Iterator[Line]:
    """Yield all lines of a respondent, in the form's order."""
    for section in sections_for(kind, highest_level):
        yield from section.lines
