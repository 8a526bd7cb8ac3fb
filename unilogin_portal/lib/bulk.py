"""Doing many rows at once: a statement for thousands, never one for each.

On PostgreSQL rows travel by COPY; elsewhere by `bulk_create` and `bulk_update`. All functions want to run inside a
transaction of the caller's, and none calls `save()`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T")
Row = TypeVar("Row")

# Rows in one statement.
BATCH = 1000
# Values in one list to look for: SQLite takes 32,766 parameters a statement.
MOST_VALUES = 30_000


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Yield `items` in lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


class AnyOf(models.Lookup):  # type: ignore[type-arg]
    """`column__any_of=values`: as `__in`, but on PostgreSQL one parameter however many the values.

    Parsing and filling in a statement with thousands of placeholders costs more than running it.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        return f"{column} IN ({', '.join(['%s'] * len(values))})", [*parameters, *values]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]


models.Field.register_lookup(AnyOf)
models.ForeignObject.register_lookup(AnyOf)


def look_up(values: Iterable[Any], query: Callable[[list[Any]], Iterable[Row]]) -> Iterator[Row]:
    """Yield the rows of `query` for all values: one query, or a few where the values are very many."""
    for part in batches(values, MOST_VALUES):
        yield from query(list(part))


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Return `count` primary keys that nobody else will get, so that rows can refer to each other before they exist."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, model._meta.pk.column, count])
            return [row[0] for row in cursor.fetchall()]
        # One writer at a time (BEGIN IMMEDIATE), so the counter stands still until this transaction ends.
        cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        first = (cursor.fetchone()[0] or 0) + 1
        return range(first, first + count)


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, each with a value for every one of `fields` (as `Model(**…)` takes them, foreign keys as `…_id`).

    Fields not named get their default, worked out once for all rows.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    rows = chain([first], rows)
    given = set(fields)
    defaults = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.attname not in given and not field.primary_key
    }
    if connection.vendor == "postgresql":
        _copy(model, [*fields, *defaults], ((*row, *defaults.values()) for row in rows))
    else:
        for batch in batches(rows):
            model._default_manager.bulk_create(
                model(**defaults, **dict(zip(fields, row, strict=True))) for row in batch
            )


def update(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Set `fields` of the rows whose primary keys come first in each of `rows`."""
    names = [model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name).name for name in fields]
    for batch in batches(rows, BATCH // 2):
        objects = [model(pk=row[0], **dict(zip(fields, row[1:], strict=True))) for row in batch]
        model._default_manager.bulk_update(objects, names)


def _copy(model: type[models.Model], attnames: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    columns = [by_attname[name] for name in attnames]
    as_json = [place for place, field in enumerate(columns) if isinstance(field, models.JSONField)]
    quote = connection.ops.quote_name
    sql = f"COPY {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(_with_json(row, as_json) if as_json else row)


def _with_json(row: tuple[Any, ...], places: Sequence[int]) -> list[Any]:
    values = list(row)
    for place in places:
        values[place] = json.dumps(values[place], ensure_ascii=False)
    return values
