"""Many rows at once, as PostgreSQL likes them: one array of keys, COPY in, one UPDATE out of arrays.

For sweeps, inside their transaction. Constraints hold as always; defaults that only Python knows are the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup, Model, Q
from django.db.models.sql.compiler import SQLCompiler

Row = Sequence[Any]


class _AnyOf(Lookup):
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", [*params, array(self.rhs)]


def any_of(name: str, keys: Iterable[int]) -> Q:
    """For ``filter(any_of("pk", keys))``: as ``pk__in``, with one parameter however many there are."""
    return Q(_AnyOf(F(name), list(keys)))


def new_keys(model: type[Model], count: int) -> list[int]:
    """Primary keys that nobody else gets, in order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            # MATERIALIZED: else the name is looked up anew for each key.
            "WITH sequence AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name)"
            " SELECT nextval(name) FROM sequence, generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def insert(model: type[Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Rows that are new, each with the values of these fields, ready for the database (JSON as text)."""
    columns = ", ".join(_column(model, name) for name in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def update(model: type[Model], fields: Sequence[str], rows: Sequence[Row]) -> None:
    """Each row begins with its key; the rest are the new values of these fields."""
    columns = [_column(model, name) for name in fields]
    types = [model._meta.get_field(name).db_type(connection) for name in fields]
    new = ", ".join(f"{column} = new.{column}" for column in columns)
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in types)])
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {new} FROM unnest({arrays}) AS new (id, {', '.join(columns)})"  # noqa: S608 (our names)
            f" WHERE {table}.id = new.id",
            [array(column) for column in zip(*rows, strict=True)],
        )


def array(values: Iterable[Any]) -> str:
    """Numbers, moments and words of our own (no quotes in them) as PostgreSQL reads an array: cheaper than a list."""
    return "{" + ",".join("NULL" if value is None else f'"{value}"' for value in values) + "}"


def _column(model: type[Model], name: str) -> str:
    """Of this field, for SQL."""
    return connection.ops.quote_name(str(getattr(model._meta.get_field(name), "column", name)))
