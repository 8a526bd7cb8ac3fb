"""Making accounts for people, many at once, and telling accounts what their people now are. Knows no schools.

Whoever knows the people (the institutions' side) says what each one's standing is; a log-in then reads one row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

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
    names = usernames.draw([(account.first_name, account.family_name) for account in accounts], _taken)
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
        yield from User.objects.filter(person__any_of=part).values_list(
            "person_id", "password_band", "actor_group", "is_affiliated"
        )


def _taken(names: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for part in bulk.batches(names, bulk.MOST_VALUES):
        taken.update(User.objects.filter(username__any_of=part).values_list("username", flat=True))
    return taken
