"""Doing many rows at once: a statement for thousands, never one for each.

On PostgreSQL rows travel by COPY and come home from arrays; on SQLite one prepared statement runs over all of them. All
functions want to run inside a transaction of the caller's, and none calls `save()`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeAlias, TypeVar

from django.db import DatabaseError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from . import copytext

T = TypeVar("T")
Row = TypeVar("Row")
Column: TypeAlias = "models.Field[Any, Any]"

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
        array, value = _as_array(list(self.rhs))
        return f"{column} = ANY({array})", [*parameters, value]


def _as_array(values: list[Any]) -> tuple[str, Any]:
    """Return SQL and its parameter for an array: as a text where that is easy, many times faster than a list."""
    if values and isinstance(values[0], bytes):
        return "%s::bytea[]", '{"\\\\x' + '","\\\\x'.join([value.hex() for value in values]) + '"}'
    if values and isinstance(values[0], int):
        return "%s::bigint[]", "{" + ",".join(map(str, values)) + "}"
    return "%s", values


@contextmanager
def by_index() -> Iterator[None]:
    """Let PostgreSQL look rows up by their keys, however many these are.

    From a few hundred keys on it would read whole tables instead, which takes the longer the more people there are.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        # Without the second, a table that cannot but be read whole would count as worth compiling for.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false)")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan; RESET jit")


def refresh_statistics(*tables: type[models.Model]) -> None:
    """Tell PostgreSQL anew what is in these tables, where they are large and thrice as large as when it was last told.

    It plans by what it knows, and autovacuum comes only after a large load, or never. Outside a transaction.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE oid = ANY(%s::regclass[]) AND"
            " pg_relation_size(oid) > 3 * greatest(relpages, 256) * current_setting('block_size')::int",
            [[table._meta.db_table for table in tables]],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {name}")


models.Field.register_lookup(AnyOf)
models.ForeignObject.register_lookup(AnyOf)


def select(model: type[models.Model], fields: Sequence[str], **where: Any) -> list[tuple[Any, ...]]:
    """Return these columns of the rows whose columns have these values: one, None for NULL, or any of a list.

    For look-ups that every delivery makes. Putting such a query set together takes many times as long as answering it.
    """
    kinds = tuple((name, _kind(value)) for name, value in where.items())
    values = [value for value in where.values() if value is not None]
    if connection.vendor == "postgresql":
        parameters = [_as_array(value)[1] if isinstance(value, list) else value for value in values]
    else:
        parameters = list(chain.from_iterable(value if isinstance(value, list) else [value] for value in values))
    with connection.cursor() as cursor:
        cursor.execute(_select(model, tuple(fields), kinds), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _kind(value: Any) -> str:
    """Return how a column is compared with a value, in SQL."""
    if value is None:
        return "IS NULL"
    if not isinstance(value, list):
        return "= %s"
    if connection.vendor == "postgresql":
        return f"= ANY({_as_array(value)[0]})"
    return f"IN ({', '.join(['%s'] * len(value))})"


@lru_cache(maxsize=64)
def _select(model: type[models.Model], fields: tuple[str, ...], kinds: tuple[tuple[str, str], ...]) -> str:
    columns = ", ".join(_names(_columns(model, fields)))
    conditions = [
        f"{name} {kind}"
        for name, (_, kind) in zip(_names(_columns(model, [name for name, _ in kinds])), kinds, strict=True)
    ]
    table = connection.ops.quote_name(model._meta.db_table)
    return f"SELECT {columns} FROM {table} WHERE {' AND '.join(conditions)}"  # noqa: S608 - names of columns


def look_up(values: Iterable[Any], query: Callable[[list[Any]], Iterable[Row]]) -> Iterator[Row]:
    """Yield the rows of `query` for all values: one query, or a few where the values are very many."""
    for part in batches(values, MOST_VALUES):
        yield from query(list(part))


def reserve_ids(wanted: Sequence[tuple[type[models.Model], int]]) -> list[Sequence[int]]:
    """Return as many primary keys of each model as are wanted, which nobody else will get.

    So rows can refer to each other before they exist.
    """
    if not any(count for _, count in wanted):
        return [[] for _ in wanted]
    reserve = _reserve_in_postgresql if connection.vendor == "postgresql" else _reserve_in_sqlite
    with connection.cursor() as cursor:
        return reserve(cursor, wanted)


def _reserve_in_postgresql(cursor: Any, wanted: Sequence[tuple[type[models.Model], int]]) -> list[Sequence[int]]:
    # OFFSET 0 keeps the look-up of a sequence's name from being done anew for each number.
    name = "SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0"
    sql = f"ARRAY(SELECT nextval(name) FROM ({name}) AS sequence, generate_series(1, %s))"  # noqa: S608
    values = [(model._meta.db_table, model._meta.pk.column, count) for model, count in wanted]
    cursor.execute(f"SELECT {', '.join([sql] * len(values))}", [*chain.from_iterable(values)])
    return list(cursor.fetchone())


def _reserve_in_sqlite(cursor: Any, wanted: Sequence[tuple[type[models.Model], int]]) -> list[Sequence[int]]:
    # One writer at a time (BEGIN IMMEDIATE), so the counters stand still until this transaction ends.
    cursor.execute("SELECT name, seq FROM sqlite_sequence")
    last = dict(cursor.fetchall())
    firsts = [(last.get(model._meta.db_table, 0) + 1, count) for model, count in wanted]
    return [range(first, first + count) for first, count in firsts]


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    always: Mapping[str, Any] | None = None,
) -> None:
    """Insert `rows`, each with a value for every one of `fields` (as `Model(**…)` takes them, foreign keys as `…_id`).

    `always` are fields with the same value in all rows. Fields not named get their default, worked out once.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    same = dict(always or {})
    for field in model._meta.concrete_fields:
        if field.attname not in fields and not field.primary_key:
            same.setdefault(field.attname, field.get_default())
    columns = _columns(model, [*fields, *same])
    write = _copy if connection.vendor == "postgresql" else _insert_many
    write(model, columns, chain([first], rows), tuple(same.values()))


def update(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Set `fields` of the rows whose primary keys come first in each of `rows`."""
    found = list(rows)
    if not found:
        return
    columns = _columns(model, [model._meta.pk.attname, *fields])
    if connection.vendor == "postgresql":
        _update_from(model, columns, found)
    else:
        _update_many(model, columns, found)


def _columns(model: type[models.Model], attnames: Sequence[str]) -> list[Column]:
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    return [by_attname[name] for name in attnames]


def _names(columns: Sequence[Column]) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in columns]


def _copy(
    model: type[models.Model], columns: Sequence[Column], rows: Iterable[Sequence[Any]], same: tuple[Any, ...]
) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"COPY {table} ({', '.join(_names(columns))}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for lines in batches(copytext.lines(rows, same), BATCH // 2):
            copy.write("".join(lines))


def _update_from(model: type[models.Model], columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> None:
    table, names = connection.ops.quote_name(model._meta.db_table), _names(columns)
    # Without the length: a cast to varchar(10) would cut, where an assignment refuses.
    types = [field.db_type(connection) for field in columns]
    arrays = ", ".join(f"%s::{str(name).partition('(')[0]}[]" for name in types)
    settings = ", ".join(f"{name} = wanted.{name}" for name in names[1:])
    sql = (
        f"UPDATE {table} SET {settings} FROM unnest({arrays}) AS wanted ({', '.join(names)})"  # noqa: S608 - names of columns
        f" WHERE {table}.{names[0]} = wanted.{names[0]}"
    )
    with connection.cursor() as cursor:
        values = zip(*_prepared(columns, rows, (models.JSONField,)), strict=True)
        cursor.execute(sql, [list(column) for column in values])


def _insert_many(
    model: type[models.Model], columns: Sequence[Column], rows: Iterable[Sequence[Any]], same: tuple[Any, ...]
) -> None:
    table, names = connection.ops.quote_name(model._meta.db_table), _names(columns)
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608 - names of columns
    with connection.cursor() as cursor:
        whole = ((*row, *same) for row in rows)
        cursor.executemany(sql, list(_prepared(columns, whole, _TEXT_IN_SQLITE)))


def _update_many(model: type[models.Model], columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> None:
    table, names = connection.ops.quote_name(model._meta.db_table), _names(columns)
    sql = f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in names[1:])} WHERE {names[0]} = %s"  # noqa: S608 - names of columns
    with connection.cursor() as cursor:
        prepared = _prepared(columns, rows, _TEXT_IN_SQLITE)
        cursor.executemany(sql, [(*row[1:], row[0]) for row in prepared])


# What SQLite has no type for; Django's fields know how it is written there.
_TEXT_IN_SQLITE = (models.JSONField, models.DateField, models.DecimalField)


def _prepared(
    columns: Sequence[Column], rows: Iterable[tuple[Any, ...]], kinds: tuple[type[Column], ...]
) -> Iterator[Sequence[Any]]:
    """Yield the rows with the values in columns of these kinds made ready for the database."""
    places = [(place, field) for place, field in enumerate(columns) if isinstance(field, kinds)]
    for row in rows:
        if not places:
            yield row
            continue
        values = list(row)
        for place, field in places:
            value = values[place]
            if isinstance(field, models.JSONField):
                values[place] = json.dumps(value, ensure_ascii=False)
            else:
                values[place] = field.get_db_prep_save(value, connection)
        yield values
