"""What can be done to a pupil's account by one press of a button: a table.

Each act is known by its place in the address, and says in words what it led to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .. import helping, services
from ..models import User
from ..policy import Band
from .access import Capacity

CLEAR_PAUSE = "ophaev-pause"
PICTURES = "billeder"
SHORT_WORDS = "korte-ord"
AS_THE_CLASS = "som-klassen"
SAME_ORDER = "fast-raekkefoelge"
NEW_ORDER = "ny-raekkefoelge"
UNBLOCK = "ophaev-spaerring"


@dataclass(frozen=True)
class Act:
    """`perform` takes the pupil, who acts and in which capacity, and returns what to say."""

    perform: Callable[[User, User, Capacity], str]
    administers: bool = False


def _clear_pause(user: User, by: User, capacity: Capacity) -> str:
    if helping.clear_pause(user, by=by, role=capacity.role, institution=capacity.institution):
        return _("The pause is ended. The pupil can log in now.")
    return _("There is no pause any more. The pupil can log in now.")


def _designate(band: Band | None) -> Callable[[User, User, Capacity], str]:
    def perform(user: User, by: User, capacity: Capacity) -> str:
        services.designate_band(user, band, by=by, role=capacity.role, institution=capacity.institution)
        if band is Band.FIRST_YEARS:
            return _("Noted. The pupil gets pictures with the next new password.")
        if band is Band.MIDDLE_YEARS:
            return _("Noted. The pupil gets short words with the next new password.")
        return _("Noted. The next new password is of the same kind as the class's.")

    return perform


def _keep_order(keeps: bool) -> Callable[[User, User, Capacity], str]:
    def perform(user: User, by: User, capacity: Capacity) -> str:
        helping.keep_picture_order(user, keeps, by=by, role=capacity.role, institution=capacity.institution)
        if keeps:
            return _("Noted. The pictures always stand in the same order for the pupil.")
        return _("Noted. The pictures stand in a new order each time.")

    return perform


def _unblock(user: User, by: User, capacity: Capacity) -> str:
    services.unblock(user, by=by, role=capacity.role, institution=capacity.institution)
    return _("The pupil is unblocked, and can log in again.")


ACTS: dict[str, Act] = {
    CLEAR_PAUSE: Act(_clear_pause),
    PICTURES: Act(_designate(Band.FIRST_YEARS)),
    SHORT_WORDS: Act(_designate(Band.MIDDLE_YEARS)),
    AS_THE_CLASS: Act(_designate(None)),
    SAME_ORDER: Act(_keep_order(True)),
    NEW_ORDER: Act(_keep_order(False)),
    UNBLOCK: Act(_unblock, administers=True),
}
