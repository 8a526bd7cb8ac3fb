"""What OneRoster is asked of."""

import datetime as dt

import pytest

from dataagreements.exports.release import Release
from dataagreements.packages import Field
from institutions.models import ImportSeries, MembershipKind

from ..cast import SOURCE, Cast
from .oneroster import enrich, join, release


@pytest.fixture
def releases(cast: Cast) -> list[Release]:
    """Two institutions that do not release the same, in two school years, one person in both."""
    enrich(cast)
    join(cast.person("tove"), cast.day_care, MembershipKind.EMPLOYEE, "Praktikant")
    moment = dt.datetime(2026, 9, 1, 2, tzinfo=dt.UTC)
    ImportSeries.objects.create(institution=cast.school, source=SOURCE, last_loaded_at=moment, school_year="2025-2026")
    return [release(cast.school, *Field), release(cast.day_care, Field.BIRTH_DATE)]
