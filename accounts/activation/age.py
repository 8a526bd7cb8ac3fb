"""Who is old enough for a MitID of their own."""

import datetime as dt

from django.conf import settings

from ..models import Person


def is_old_enough(person: Person, day: dt.date) -> bool:
    """Whether the person may use MitID (D3.3: from `MITID_MINIMUM_AGE`). Without a birth date MitID's word counts."""
    age = person.age(day)
    return age is None or age >= settings.MITID_MINIMUM_AGE
