"""`python -m tests.bench.fill N`: put N people, with accounts and ties, into the database at DATABASE_URL."""

import hashlib
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import ContactRelation, Person, User  # noqa: E402
from accounts.models.user import ActorGroup  # noqa: E402
from institutions.models import Group, GroupType, Institution, Membership, MembershipKind  # noqa: E402
from unilogin_portal.lib import bulk  # noqa: E402
from unilogin_portal.lib.ids import new_uniid  # noqa: E402

from .files import OTHER_NUMBERS, SOURCE  # noqa: E402

_LETTERS = "abcdefghijklmnopqrst"
_AT_EACH = 400


@transaction.atomic
def fill(count: int) -> None:
    """Every second person is a pupil, and the next one that pupil's parent."""
    today = timezone.localdate()
    numbers = OTHER_NUMBERS[: count // _AT_EACH]
    institutions = list(Institution.objects.filter(number__in=numbers).values_list("pk", "number"))
    [people, groups] = bulk.reserve_ids([(Person, count), (Group, len(institutions))])
    bulk.insert(
        Group,
        ("id", "institution_id", "group_id", "name"),
        ((pk, institution, "3a", "3a") for pk, (institution, _) in zip(groups, institutions, strict=True)),
        always={"source": SOURCE, "type": GroupType.MAIN, "level": "3"},
    )
    bulk.insert(
        Person,
        ("id", "cpr", "private", "email"),
        (
            (
                pk,
                b"test:" + hashlib.sha256(b"%d" % n).digest()[:26],
                hashlib.sha512(b"%d" % n).digest() * 2,
                f"p{n}@x.dk",
            )
            for n, pk in enumerate(people)
        ),
        always={"first_name": "Anna", "family_name": "Holm", "master_institution": "000000", "master_source": SOURCE},
    )
    bulk.insert(
        User,
        ("person_id", "username", "uniid"),
        ((pk, _username(n), new_uniid()) for n, pk in enumerate(people)),
        always={"actor_group": ActorGroup.STUDENT, "is_affiliated": True},
    )
    places = [(n, pk, n % len(institutions)) for n, pk in enumerate(people) if n % 2 == 0]
    bulk.insert(
        Membership,
        ("person_id", "local_person_id", "institution_id", "main_group_id", "digest"),
        ((pk, f"f{n}", institutions[at][0], groups[at], _noise(n, 27)) for n, pk, at in places),
        always={
            "source": SOURCE,
            "kind": MembershipKind.STUDENT,
            "roles": ["Elev"],
            "level": "3",
            "is_primary": True,
            "from_date": today,
        },
    )
    bulk.insert(
        ContactRelation,
        ("child_id", "contact_id", "institution"),
        ((pk, people[n + 1], institutions[at][1]) for n, pk, at in places),
        always={"source": SOURCE, "relation": "Mor", "custody": True, "access_level": 2, "from_date": today},
    )


def _noise(n: int, length: int) -> bytes:
    """Return what looks like something sealed."""
    return b"test:" + hashlib.shake_128(b"%d" % n).digest(length)


def _username(n: int) -> str:
    """Return a name of which there are as many beginnings as in life: a few hundred, each often."""
    beginning, digits = n % 400, n // 400 * 7 % 10_000
    return f"{_LETTERS[beginning // 20]}{_LETTERS[beginning % 20]}na{digits:04d}"


if __name__ == "__main__":
    fill(int(sys.argv[1]))
    bulk.refresh_statistics(Person, User, Membership, ContactRelation)  # as the import does
