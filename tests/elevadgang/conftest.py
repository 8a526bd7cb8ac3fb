"""A class that can be as large as one likes, and people who came with MitID Erhverv."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person, User
from accounts.states import UserState
from institutions.actor import RIGHTS_SESSION_KEY
from institutions.models import Group, Institution, InstitutionKind, InstitutionLevel, Membership, MembershipKind
from institutions.roles import Right
from tests.cast import Cast
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

AT = "/elevadgang"


def group_of(name: str) -> Group:
    return Group.objects.get(group_id=name)


def fill(group: Group, count: int, *, first: int = 0) -> list[User]:
    """Put `count` pupils more into a class: four queries."""
    numbers = range(first, first + count)
    people = Person.objects.bulk_create(
        Person(cpr=Person.sealed_cpr(f"{number:010}"), first_name=f"Elev{number:03}", family_name="Friis")
        for number in numbers
    )
    users = User.objects.bulk_create(
        User(
            person=person,
            username=f"elev{number:04}",
            uniid=f"U{number:09}",
            state=UserState.IMPORTED,
            actor_group="Elev",
            is_affiliated=True,
            password_band="middle",
        )
        for number, person in zip(numbers, people, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(
            person=person,
            institution=group.institution,
            source=group.source,
            local_person_id=person.first_name,
            kind=MembershipKind.STUDENT,
            roles=["Elev"],
            level="5",
            main_group=group,
            from_date=timezone.localdate(),
        )
        for person in people
    )
    return users


@pytest.fixture
def by_right(logged_in: Callable[[str], Client]) -> Callable[..., Client]:
    """A member of the cast whose MitID Erhverv log-in brought the right on a CVR number or a P-number."""

    def enter(
        name: str = "leif",
        right: Right = Right.PUPIL_ACCESS,
        scope: str = "p",
        identifier: str = "9003766444",
        loa: LevelOfAssurance = LevelOfAssurance.SUBSTANTIAL,
    ) -> Client:
        client = logged_in(name)
        session = client.session
        session[LOA_SESSION_KEY] = int(loa)
        session[RIGHTS_SESSION_KEY] = [[right, scope, identifier]]
        session.save()
        return client

    return enter


@pytest.fixture
def other_school(cast: Cast) -> Group:
    """A class at another school of the same owner, with one pupil: nobody of the cast teaches it."""
    school = Institution.objects.create(
        number="202002",
        name="Mosevangskolen",
        kind=InstitutionKind.SCHOOL,
        level=InstitutionLevel.SCHOOL,
        municipality=cast.school.municipality,
        cvr="94348552",
        p_number="2222222222",
    )
    group = Group.objects.create(institution=school, source="X", group_id="7C", name="7C", type="Hovedgruppe")
    fill(group, 1, first=900)
    return group
