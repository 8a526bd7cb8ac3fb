"""*Dit arbejde for institutionen*: the doors that open to what the user does there, as a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from institutions.access import MAY, Action
from institutions.actor import Actor
from institutions.cases.kinds import MAY_OPEN
from institutions.roles import Right, Role
from reporting.statistics.access import MAY_SEE as SEES_SICK_LEAVE


@dataclass(frozen=True)
class Door:
    """A way in, and the roles and rights of which one opens it."""

    name: str | Promise
    what: str | Promise
    url_name: str
    roles: frozenset[str]


DOORS: tuple[Door, ...] = (
    Door(
        "Elevadgang",
        _("Give pupils a new password, and approve for those who wait"),
        "elevadgang:classes",
        frozenset({Role.TEACHER, Role.SUBSTITUTE, Right.PUPIL_ACCESS}),
    ),
    Door(
        "Brugeradministration",
        _("See what became of the imports, and answer for those we have held back"),
        "useradmin:runs",
        MAY[Action.VIEW],
    ),
    Door(
        "Tilslutning",
        _("Answer suppliers' requests for data, or ask institutions for them"),
        "dataagreements:front",
        frozenset({Right.AGREEMENTS, Role.OPERATOR}),
    ),
    Door(
        _("Sick leave"),
        _("Follow the week's reports, remind, and read the figures"),
        "reporting:front",
        frozenset({Role.OPERATOR}),
    ),
    Door(
        _("Sick leave"),
        _("See the weeks' figures, and compare with the country's"),
        "reporting:statistics",
        frozenset(SEES_SICK_LEAVE) - {Role.OPERATOR},
    ),
    Door(
        _("Cases"),
        _("Answer the cases of institutions: two supporters approve each"),
        "cases:inbox",
        frozenset({Role.OPERATOR}),
    ),
    Door(
        _("Cases"),
        _("Ask for a letter for a contact person without MitID, and see how far it is"),
        "cases:list",
        MAY_OPEN,
    ),
)


def doors_for(actor: Actor, doors: Iterable[Door] = DOORS) -> list[Door]:
    """Return the doors that open to this actor: no query."""
    return [door for door in doors if actor.has_any(door.roles)]
