"""Making accounts for people, many at once, and telling accounts what their people now are. Knows no schools.

Whoever knows the people (the institutions' side) says what each one's standing is; a log-in then reads one row.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from unilogin_portal.lib import bulk
from unilogin_portal.lib.ids import new_uniid

from . import usernames
from .models import User
from .models.user import ActorGroup
from .policy import Band
from .states import UserState


class Standing(NamedTuple):
    """What a person is to all institutions together. No `band` means that it stays as it is."""

    band: Band | None
    actor_group: ActorGroup
    is_affiliated: bool


# The parts that the digits of user names are dealt out in to transactions, and the name of the lock on one.
_SHARES = 16
_LOCK = zlib.crc32(b"user names") >> 1
NOBODYS = Standing(None, ActorGroup.NONE, is_affiliated=False)


class NewAccount(NamedTuple):
    """Whom to make an account for. The names are those that may be shown: the user name reminds of them."""

    person_id: int
    first_name: str
    family_name: str
    standing: Standing


def create_accounts(accounts: Sequence[NewAccount]) -> None:
    """Make one imported account for each, with a free user name and without a password. Inside a transaction.

    Raises `IntegrityError` where another transaction took one of the user names meanwhile: try the whole again.
    """
    if not accounts:
        return
    wanted = [(account.first_name, account.family_name) for account in accounts]
    names = usernames.draw(wanted, _taken, _own_digits())
    bulk.insert(
        User,
        ("person_id", "username", "uniid", "password_band", "actor_group", "is_affiliated"),
        (
            (account.person_id, name, new_uniid(), account.standing.band or Band.ADULT, *account.standing[1:])
            for account, name in zip(accounts, names, strict=True)
        ),
        always={"state": UserState.IMPORTED, "created_at": timezone.now()},
    )


def push(standings: Mapping[int, Standing]) -> set[int]:
    """Write each person's standing on the account; return the persons (ids) who have none. Inside a transaction.

    One update for each different standing that is new to somebody, never one a person.
    """
    moved: dict[Standing, list[int]] = {}
    without = set(standings)
    for person_id, band, actor_group, is_affiliated in _present(standings):
        without.discard(person_id)
        standing = standings[person_id]
        wanted = standing._replace(band=standing.band or Band(band))
        if wanted != (band, actor_group, is_affiliated):
            moved.setdefault(wanted, []).append(person_id)
    for standing, persons in moved.items():
        for part in bulk.batches(persons, bulk.MOST_VALUES):
            User.objects.filter(person__any_of=part).update(
                password_band=standing.band, actor_group=standing.actor_group, is_affiliated=standing.is_affiliated
            )
    return without


def _present(persons: Collection[int]) -> Iterable[tuple[int, str, str, bool]]:
    for part in bulk.batches(persons, bulk.MOST_VALUES):
        columns = ("person_id", "password_band", "actor_group", "is_affiliated")
        yield from bulk.select(User, columns, person_id=list(part))


def _own_digits() -> Callable[[], str]:
    """Return what draws digits that no other transaction draws at the same time.

    Two that make a thousand accounts each would take some of the same names, and one would have to start over.
    """
    if connection.vendor != "postgresql":
        return usernames.any_digits
    with connection.cursor() as cursor:
        cursor.execute(
            # OFFSET 0 keeps all shares from being locked before they are put into order.
            "SELECT share FROM"
            " (SELECT share FROM generate_series(0, %s - 1) AS share ORDER BY random() OFFSET 0) AS shares"
            " WHERE pg_try_advisory_xact_lock(%s, share) LIMIT 1",
            [_SHARES, _LOCK],
        )
        found = cursor.fetchone()
    return usernames.digits_of(found[0], _SHARES) if found else usernames.any_digits


def _taken(names: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for part in bulk.batches(names, bulk.MOST_VALUES):
        taken.update(name for (name,) in bulk.select(User, ("username",), username=list(part)))
    return taken
