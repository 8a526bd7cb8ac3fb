"""What a person is to all institutions together: the table of bands and kinds of user."""

import pytest

from accounts.models.user import ActorGroup
from accounts.policy import Band
from accounts.provisioning import NOBODYS, Standing
from institutions.importing.standing import standing_of
from institutions.models import MembershipKind

PUPIL, TEACHER, TRAINEE = MembershipKind.STUDENT, MembershipKind.EMPLOYEE, MembershipKind.EXTERNAL


@pytest.mark.parametrize(
    ("ties", "is_contact", "band", "group"),
    [
        ([(PUPIL, "2")], False, Band.FIRST_YEARS, ActorGroup.STUDENT),
        ([(PUPIL, "DT")], False, Band.FIRST_YEARS, ActorGroup.STUDENT),
        ([(PUPIL, "6")], False, Band.MIDDLE_YEARS, ActorGroup.STUDENT),
        ([(PUPIL, "7")], False, Band.ADULT, ActorGroup.STUDENT),
        ([(PUPIL, "3"), (PUPIL, "4")], False, Band.MIDDLE_YEARS, ActorGroup.STUDENT),
        ([(PUPIL, "4"), (PUPIL, "3")], False, Band.MIDDLE_YEARS, ActorGroup.STUDENT),
        ([(PUPIL, "2"), (TRAINEE, "")], False, Band.ADULT, ActorGroup.STUDENT),
        ([(PUPIL, "2")], True, Band.ADULT, ActorGroup.STUDENT),
        ([(TEACHER, "")], True, Band.ADULT, ActorGroup.EMPLOYEE),
        ([(PUPIL, "9"), (TEACHER, "")], False, Band.ADULT, ActorGroup.EMPLOYEE),
        ([(TRAINEE, "")], True, Band.ADULT, ActorGroup.EXTERNAL),
        ([], True, Band.ADULT, ActorGroup.CONTACT),
    ],
)
def test_the_strongest_tie_decides(ties, is_contact, band, group):
    assert standing_of(tuple(ties), is_contact=is_contact) == Standing(band, group, is_affiliated=True)


def test_without_a_tie_nobody_is_affiliated_and_the_band_stays():
    assert standing_of((), is_contact=False) == NOBODYS
    assert NOBODYS.band is None
