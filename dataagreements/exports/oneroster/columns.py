"""Fields as SQL, so that the database filters and sorts by them.

A field that was not agreed for a person has no value in SQL either. Otherwise a filter or an order would tell what the
body leaves out: `email~'@'` answered with the right people is an email address given away, letter by letter.

Texts are compared letter by letter, capitals apart from small ones, and ordered by code point. A field without a value
is an empty text, and a date that is not there is neither before nor after another; both differ from every value.
"""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, DateTimeField, ExpressionWrapper, F, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IsNull, LessThan, LessThanOrEqual

from .expressions import ByCodePoint
from .query import Operator, Predicate
from .scope import Scope
from .status import CodeMinor, Refusal, quoted

_COMPARISONS = {
    Operator.GREATER: GreaterThan,
    Operator.AT_LEAST: GreaterThanOrEqual,
    Operator.LESS: LessThan,
    Operator.AT_MOST: LessThanOrEqual,
}


class Kind(enum.Enum):
    """What a value is: a text, a date, a date written as a text in SQL, or a moment."""

    TEXT = "text"
    DATE = "date"
    WRITTEN_DATE = "written date"
    MOMENT = "moment"


_TYPES = {Kind.TEXT: TextField, Kind.WRITTEN_DATE: TextField, Kind.DATE: DateField, Kind.MOMENT: DateTimeField}


@dataclass(frozen=True)
class Column:
    """A field with one value. A text is never NULL.

    `narrow` is a condition that must hold wherever the value is equal to a given one, and that an index can answer:
    without it, looking for a hashed id would hash everybody's.
    """

    value: Callable[[Scope], Combinable]
    kind: Kind = Kind.TEXT
    narrow: Callable[[Scope, str], Q] | None = None

    def condition(self, scope: Scope, predicate: Predicate) -> Q:
        """Return the condition on rows. Raises `Refusal` for a value or operator that the field cannot have."""
        wanted = self._parsed(predicate)
        if predicate.operator == Operator.NOT_EQUAL:
            differs = ~Q(Exact(self._typed(scope), wanted))
            return differs | Q(IsNull(self._typed(scope), True)) if self.kind == Kind.DATE else differs
        if predicate.operator == Operator.CONTAINS:
            return Q(GreaterThan(StrIndex(self._typed(scope), Value(wanted)), 0))
        if predicate.operator == Operator.EQUAL:
            equal = Q(Exact(self._typed(scope), wanted))
            return self.narrow(scope, predicate.value) & equal if self.narrow else equal
        return Q(_COMPARISONS[predicate.operator](self.order(scope), wanted))

    def order(self, scope: Scope) -> Combinable:
        """Return what rows are sorted and compared by."""
        typed = self._typed(scope)
        return ByCodePoint(typed) if self.kind in {Kind.TEXT, Kind.WRITTEN_DATE} else typed

    def _typed(self, scope: Scope) -> "ExpressionWrapper[Any]":
        return ExpressionWrapper(self.value(scope), output_field=_TYPES[self.kind]())

    def _parsed(self, predicate: Predicate) -> Any:
        if self.kind == Kind.TEXT:
            return predicate.value
        if predicate.operator == Operator.CONTAINS:
            raise Refusal(CodeMinor.FILTER, f"'{predicate.field}' is a date: ~ does not apply.")
        try:
            return _moment(predicate.value) if self.kind == Kind.MOMENT else self._date(predicate.value)
        except (ValueError, OverflowError):
            reason = f"'{predicate.field}' is a date, which {quoted(predicate.value)} is not (ISO 8601)."
            raise Refusal(CodeMinor.FILTER, reason) from None

    def _date(self, text: str) -> dt.date | str:
        date = dt.date.fromisoformat(text)
        return date.isoformat() if self.kind == Kind.WRITTEN_DATE else date


@dataclass(frozen=True)
class ListColumn:
    """A field with several values: a predicate holds where it does for one of them; `!=` where `=` does for none.

    It has no order. `some` returns the condition for a predicate that is not `!=`.
    """

    some: Callable[[Scope, Predicate], Q]

    def condition(self, scope: Scope, predicate: Predicate) -> Q:
        if predicate.operator == Operator.NOT_EQUAL:
            return ~self.some(scope, Predicate(predicate.field, Operator.EQUAL, predicate.value))
        return self.some(scope, predicate)


def text(column: str) -> Column:
    """Return the field that a column of texts is."""
    return Column(lambda _: F(column))


def constant(value: str) -> Column:
    """Return a field that is the same in every row."""
    return Column(lambda _: Value(value, output_field=TextField()))


def holds(operator: Operator, value: str, wanted: str) -> bool:
    """Whether a word of a vocabulary satisfies a predicate: what `Column.condition` asks the database, asked here."""
    answers = {
        Operator.EQUAL: value == wanted,
        Operator.NOT_EQUAL: value != wanted,
        Operator.GREATER: value > wanted,
        Operator.AT_LEAST: value >= wanted,
        Operator.LESS: value < wanted,
        Operator.AT_MOST: value <= wanted,
        Operator.CONTAINS: wanted in value,
    }
    return answers[operator]


def _moment(text: str) -> dt.datetime:
    """Return a moment in UTC; one that says no time zone is meant so."""
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
