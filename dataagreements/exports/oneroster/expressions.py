"""Pieces of SQL that Django has no words for, the same on PostgreSQL and on SQLite."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import SHA256, Cast, Coalesce, Left
from django.db.models.sql.compiler import SQLCompiler

from . import mapping

_Sql = tuple[str, list[Any]]
_VALUES = "SELECT value FROM json_each(%s)"


class _WithValues(Func):
    """A condition on one expression and a list of values, which is one parameter however long it is.

    A caller may read thousands of institutions, named several times in a query: SQLite takes 32,766 parameters.
    """

    arity = 1
    output_field = BooleanField()

    def __init__(self, expression: str | Combinable, values: Sequence[Any]) -> None:
        super().__init__(F(expression) if isinstance(expression, str) else expression)
        self.values = tuple(values)

    def _inner(self, compiler: SQLCompiler) -> _Sql:
        sql, parameters = compiler.compile(self.get_source_expressions()[0])
        return sql, list(parameters)


class Among(_WithValues):
    """Whether a number or text is one of these."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> _Sql:  # type: ignore[override]
        sql, parameters = self._inner(compiler)
        return f"{sql} IN ({_VALUES})", [*parameters, json.dumps(self.values)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> _Sql:
        if not self.values:
            return "FALSE", []
        sql, parameters = self._inner(compiler)
        of_numbers = isinstance(self.values[0], int)
        return f"{sql} = ANY(%s::{'bigint' if of_numbers else 'text'}[])", [*parameters, list(self.values)]


class SharesSome(_WithValues):
    """Whether some text of a JSON list is one of these."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> _Sql:  # type: ignore[override]
        sql, parameters = self._inner(compiler)
        held = f"json_each({sql}) AS held WHERE held.value IN ({_VALUES})"
        return f"EXISTS (SELECT 1 FROM {held})", [*parameters, json.dumps(self.values)]  # noqa: S608 — of our own SQL

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> _Sql:
        sql, parameters = self._inner(compiler)
        return f"jsonb_exists_any({sql}, %s::text[])", [*parameters, list(self.values)]


class ByCodePoint(Func):
    """Text that is ordered by Unicode's code points, as the specification wants, whatever the database's collation."""

    arity = 1
    template = '((%(expressions)s) COLLATE "C")'
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> _Sql:
        sql, parameters = self.as_sql(compiler, connection, template="((%(expressions)s) COLLATE BINARY)", **context)
        return sql, list(parameters)


class _Digest(SHA256):
    """SHA-256 in hexadecimal; PostgreSQL's own, where Django would ask for an extension."""

    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> _Sql:
        template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        sql, parameters = self.as_sql(compiler, connection, template=template, **context)
        return sql, list(parameters)


class _Joined(Func):
    """Texts one after another. Django's `Concat` nests, and SQLite's parser has room for a hundred levels in all."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


def joined(*parts: str | Combinable) -> Func:
    """Return columns and texts as one text: a string names a column, a `Value` is itself."""
    return _Joined(*(Coalesce(Cast(part, TextField()), Value("")) for part in parts))


def hashed_id(number: str, *columns: str) -> Func:
    """Return `mapping.hashed_id` of these columns."""
    parts: list[str | Combinable] = [number]
    for column in columns:
        parts += [Value("\n"), column]
    return joined(number, Value(":"), Left(_Digest(joined(*parts)), mapping.LENGTH_OF_HASH))
