"""When something was last changed, and which school year it belongs to: both are known of an institution only.

`dateLastModified` is when people of the institution were last loaded (the newest `ImportSeries.last_loaded_at`), or,
where none ever were, `Institution.updated_at`. An org, which comes from the register and not with the people, is as
new as the newer of the two, so that a school with a new name is found by who asks for what has changed.

The school year is the newest that one of the institution's series delivered, or else the one of today's date. All
classes of an institution are in the same: so the reference from each to its year resolves, also where a class came
without a series.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from institutions.models import ImportSeries, Institution

from . import mapping
from .columns import Column, Kind
from .expressions import Among
from .query import Operator, Predicate
from .scope import Scope

_YEAR_BEGINS = int(mapping.YEAR_BEGINS[:2])


@dataclass(frozen=True)
class Facts:
    number: str
    modified: dt.datetime
    year: str


def current_year(day: dt.date) -> str:
    """Return the school year of a day, such as `2026-2027`: from 1 August to 31 July."""
    first = day.year if day.month >= _YEAR_BEGINS else day.year - 1
    return f"{first:04}-{first + 1:04}"


def modified(prefix: str = "") -> Combinable:
    """Return `dateLastModified` in SQL, of the institution that `prefix` leads to."""
    series = ImportSeries.objects.filter(institution=OuterRef(f"{prefix}pk"), last_loaded_at__isnull=False)
    newest = Subquery(series.order_by("-last_loaded_at").values("last_loaded_at")[:1])
    return Coalesce(newest, F(f"{prefix}updated_at"))


@dataclass(frozen=True)
class NewestColumn(Column):
    """`dateLastModified` of what belongs to institutions: that of the one that was changed last.

    `value` is for the order. A predicate is asked of the institutions first, of which there are few, in a query of its
    own: the newest is later than a moment where some institution is. `some` returns the condition on rows to belong to
    one of these. Asked of every row, it would take a country's people ten times as long.
    """

    some: Callable[[Scope, Sequence[int]], Q] = field(kw_only=True)

    def condition(self, scope: Scope, predicate: Predicate) -> Q:
        if predicate.operator in {Operator.GREATER, Operator.AT_LEAST}:
            changed = Column(lambda _: modified(), Kind.MOMENT).condition(scope, predicate)
            there = Institution.objects.filter(Among("pk", scope.ids)).filter(changed).order_by("pk")
            return self.some(scope, tuple(there.values_list("pk", flat=True)))
        if predicate.operator == Operator.LESS:
            return ~self._where(Operator.AT_LEAST, scope, predicate)
        if predicate.operator == Operator.AT_MOST:
            return ~self._where(Operator.GREATER, scope, predicate)
        if predicate.operator == Operator.NOT_EQUAL:
            return ~self._where(Operator.EQUAL, scope, predicate)
        if predicate.operator == Operator.EQUAL:
            later = self._where(Operator.GREATER, scope, predicate)
            return self._where(Operator.AT_LEAST, scope, predicate) & ~later
        return super().condition(scope, predicate)

    def _where(self, operator: Operator, scope: Scope, predicate: Predicate) -> Q:
        return self.condition(scope, Predicate(predicate.field, operator, predicate.value))


def org_modified() -> Combinable:
    """Return `dateLastModified` of the org that an institution is."""
    return Greatest(modified(), F("updated_at"))


def year(scope: Scope, prefix: str = "") -> Combinable:
    """Return the school year in SQL, of the institution that `prefix` leads to."""
    series = ImportSeries.objects.filter(institution=OuterRef(f"{prefix}pk")).exclude(school_year="")
    newest = Subquery(series.order_by("-school_year").values("school_year")[:1])
    return Coalesce(newest, Value(current_year(scope.today)), output_field=TextField())


def facts_of(institutions: Iterable[int], scope: Scope) -> Mapping[int, Facts]:
    """Return what is told with everything of these institutions, in one query."""
    rows = Institution.objects.filter(Among("pk", sorted(set(institutions))))
    told = rows.annotate(the_moment=modified(), the_year=year(scope)).order_by()
    return {pk: Facts(*row) for pk, *row in told.values_list("pk", "number", "the_moment", "the_year")}
