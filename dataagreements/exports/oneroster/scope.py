"""What a caller may read, put so that queries can ask for it: which institutions, and which of them hold a field."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.utils import timezone

from ...packages import Field
from ..release import Release


@dataclass(frozen=True)
class Scope:
    """The released institutions: the number of each by primary key, and its fields. `now` says the school year."""

    number_of: dict[int, str]
    fields_of: dict[int, frozenset[Field]]
    now: dt.datetime

    @classmethod
    def of(cls, releases: Iterable[Release], now: dt.datetime) -> Self:
        """Two releases of one institution count as one with the fields of both."""
        numbers: dict[int, str] = {}
        fields: defaultdict[int, frozenset[Field]] = defaultdict(frozenset)
        for release in releases:
            numbers[release.institution.pk] = release.institution.number
            fields[release.institution.pk] |= release.fields
        return cls(numbers, dict(fields), now)

    @cached_property
    def ids(self) -> tuple[int, ...]:
        return tuple(sorted(self.number_of))

    @cached_property
    def id_of(self) -> dict[str, int]:
        return {number: pk for pk, number in self.number_of.items()}

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    def holding(self, *fields: Field) -> tuple[int, ...]:
        """Return the institutions whose release holds all of `fields`."""
        return tuple(pk for pk in self.ids if self.fields_of[pk].issuperset(fields))

    def numbers_holding(self, *fields: Field) -> tuple[str, ...]:
        """Return their numbers: a relation between two people knows the institution only by that."""
        return tuple(self.number_of[pk] for pk in self.holding(*fields))

    def holds(self, institution: int, *fields: Field) -> bool:
        return self.fields_of[institution].issuperset(fields)
