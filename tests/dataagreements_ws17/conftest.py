"""What the tests of agreements and exports share."""

import datetime as dt
from collections.abc import Callable, Collection

import pytest

from dataagreements.exports.release import Release
from dataagreements.exports.ws17 import Export, Filters
from dataagreements.packages import Field, Package, fields_of
from institutions.models import Institution
from tests.cast import Cast

from .school import furnish

NOW = dt.datetime(2026, 9, 1, 6, 30, tzinfo=dt.UTC)
WITH_CPR = Filters(include_cpr=True)
EVERYTHING = frozenset(Field)


@pytest.fixture
def school(cast: Cast) -> Cast:
    """The cast, and everything about the people of its school."""
    furnish(cast)
    return cast


@pytest.fixture
def answer(cast: Cast) -> Callable[..., bytes]:
    """Return the school's answer: `answer(package, ticked fields, filters)`, by default of all that there is."""

    def whole(package: Package, ticked: Collection[str] = EVERYTHING, filters: Filters = WITH_CPR) -> bytes:
        return b"".join(export_of(cast.school, package, ticked, filters))

    return whole


def export_of(
    institution: Institution,
    package: Package = Package.FULL_AUTHORITY,
    ticked: Collection[str] = EVERYTHING,
    filters: Filters = WITH_CPR,
) -> Export:
    return Export(Release(institution, package, fields_of(package, ticked)), filters, NOW)
