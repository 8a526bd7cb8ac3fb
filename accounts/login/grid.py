"""The sixteen pictures as one visitor sees them, and what is chosen of them so far.

The page knows places on this display (1 to 16), never which pictures were chosen. Without script the choices wait in
the session between the round trips, with script they come all at once. What the session holds is encrypted: with the
order of the display the places are the secret, and sessions lie in the database.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.utils.functional import cached_property

from unilogin_portal.lib import crypto

from .. import pictures

GRID_KEY = "picture_grid"
CONTEXT = "login.grid"


@dataclass(frozen=True)
class Slot:
    """One of the four places above the grid."""

    number: int
    filled: bool
    is_next: bool
    last: pictures.Picture | None = None  # shown for the last choice only: enough to correct, little for a neighbour


@dataclass(frozen=True)
class Grid:
    """One display. `subject`: what it is asked for; a display that was made for something else is never taken."""

    subject: str
    token: str
    order: tuple[str, ...]
    chosen: tuple[int, ...] = ()

    @cached_property
    def tiles(self) -> list[tuple[int, pictures.Picture]]:
        return [(place, pictures.BY_ID[one]) for place, one in enumerate(self.order, start=1)]

    @cached_property
    def slots(self) -> list[Slot]:
        shown = pictures.at(self.order, self.chosen[-1:])
        last = pictures.BY_ID[shown[0]] if shown else None
        count = len(self.chosen)
        return [
            Slot(number, number <= count, number == count + 1, last if number == count else None)
            for number in range(1, pictures.CHOSEN + 1)
        ]

    @property
    def missing(self) -> int:
        return pictures.CHOSEN - len(self.chosen)


@dataclass(frozen=True)
class Turn:
    """What one request did: moved on the grid, asked too early (`missing`), or gave a whole `secret`."""

    moved: bool = False
    missing: int = 0
    secret: str = ""


def shown(session: SessionBase, subject: str, *, keeps_order: Callable[[], bool]) -> Grid:
    """Return the display that is under way for this, or put up a new one."""
    sealed: str | None = session.get(GRID_KEY)
    grid = _unsealed(sealed) if sealed else None
    if grid and grid.subject == subject:
        return grid
    order = pictures.IDS if keeps_order() else pictures.shuffled()
    return _remember(session, Grid(subject, secrets.token_hex(8), order))


def take(session: SessionBase, grid: Grid, data: QueryDict) -> Turn:
    """Take what was pressed. A press on a display that has been replaced since moves nothing and is no try."""
    if data.get("grid") != grid.token:
        return Turn(moved=True)
    if "undo" in data:
        return _moved(session, grid, grid.chosen[:-1])
    if "clear" in data:
        return _moved(session, grid, ())
    if "picture" in data:
        return _moved(session, grid, (*grid.chosen, *pictures.places(str(data["picture"]))[:1])[: pictures.CHOSEN])
    chosen = pictures.places(str(data["chosen"])) if "chosen" in data else grid.chosen
    if len(chosen) < pictures.CHOSEN:
        return Turn(missing=pictures.CHOSEN - len(chosen))
    _remember(session, replace(grid, chosen=()))
    return Turn(secret=pictures.secret_of(pictures.at(grid.order, chosen)))


def forget(session: SessionBase) -> None:
    """Take the display down: the next one is shuffled anew."""
    session.pop(GRID_KEY, None)


def _moved(session: SessionBase, grid: Grid, chosen: tuple[int, ...]) -> Turn:
    _remember(session, replace(grid, chosen=chosen))
    return Turn(moved=True)


def _remember(session: SessionBase, grid: Grid) -> Grid:
    session[GRID_KEY] = b64encode(crypto.seal(json.dumps(asdict(grid)), CONTEXT)).decode()
    return grid


def _unsealed(sealed: str) -> Grid | None:
    """Return the display, or nothing where the key has been changed since."""
    try:
        data = json.loads(crypto.unseal(b64decode(sealed), CONTEXT))
    except crypto.SecretUnreadable:
        return None
    return Grid(data["subject"], data["token"], tuple(data["order"]), tuple(data["chosen"]))
