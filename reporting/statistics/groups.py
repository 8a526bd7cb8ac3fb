"""Whom figures are about, as pages and files offer them: a table. Each group is a line, or lines added up."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..questions import (
    CHILDREN,
    DAY_CARE_STAFF,
    LEVELS,
    MUNICIPAL_STAFF,
    SCHOOL_STAFF,
    SPECIAL,
    STARTERS,
    RespondentKind,
)


@dataclass(frozen=True)
class Group:
    """A group of people. `key` is its name in addresses, `line` what its figures are kept under.

    `among` is the heading of its figures, `share` says what a percentage is of.
    """

    key: str
    line: str
    kind: RespondentKind
    label: Promise
    among: Promise
    share: Promise

    @property
    def heading(self) -> str:
        if self.line in PUPIL_LINES:
            return _("Sick leave among pupils in free and private schools: %(year)s") % {"year": self.label}
        return str(self.among)

    @property
    def chosen_as(self) -> str:
        """Return its name in a list of all groups, where a year alone does not say whose."""
        return _("Pupils: %(year)s") % {"year": self.label} if self.line in PUPIL_LINES else str(self.label)

    @property
    def is_of_pupils(self) -> bool:
        return self.line == ALL_PUPILS or self.line in PUPIL_LINES


# All lines of pupils added up: kept as a line of its own, with as many answers as have any of them.
ALL_PUPILS = "pupils"
PUPIL_LINES: tuple[str, ...] = (*(line.key for line in LEVELS), SPECIAL.key, STARTERS.key)

_OF_STAFF = _("Sick in per cent of all staff")
_OF_PUPILS = _("Sick in per cent of all pupils")

GROUPS: dict[str, Group] = {
    group.key: group
    for group in (
        Group(
            "personale-skoler",
            MUNICIPAL_STAFF.key,
            RespondentKind.MUNICIPALITY,
            _("Staff in municipal schools"),
            _("Sick leave among staff in municipal schools"),
            _OF_STAFF,
        ),
        Group(
            "boern-dagtilbud",
            CHILDREN.key,
            RespondentKind.MUNICIPALITY,
            _("Children in day care"),
            _("Sick leave among children in day care"),
            _("Sick in per cent of all children"),
        ),
        Group(
            "personale-dagtilbud",
            DAY_CARE_STAFF.key,
            RespondentKind.MUNICIPALITY,
            _("Staff in day care"),
            _("Sick leave among staff in day care"),
            _OF_STAFF,
        ),
        Group(
            "personale-frie-skoler",
            SCHOOL_STAFF.key,
            RespondentKind.SCHOOL,
            _("Staff in free and private schools"),
            _("Sick leave among staff in free and private schools"),
            _OF_STAFF,
        ),
        Group(
            "elever",
            ALL_PUPILS,
            RespondentKind.SCHOOL,
            _("Pupils in free and private schools"),
            _("Sick leave among pupils in free and private schools"),
            _OF_PUPILS,
        ),
        *(
            Group(
                f"elever-{level}",
                line.key,
                RespondentKind.SCHOOL,
                line.label,
                _("Sick leave among pupils in free and private schools"),
                _OF_PUPILS,
            )
            for level, line in enumerate(LEVELS)
        ),
        Group(
            "elever-specialklasser",
            SPECIAL.key,
            RespondentKind.SCHOOL,
            SPECIAL.label,
            _("Sick leave among pupils in free and private schools"),
            _OF_PUPILS,
        ),
        Group(
            "skolestartere",
            STARTERS.key,
            RespondentKind.SCHOOL,
            STARTERS.label,
            _("Sick leave among pupils in free and private schools"),
            _OF_PUPILS,
        ),
    )
}
BY_LINE: dict[str, Group] = {group.line: group for group in GROUPS.values()}
