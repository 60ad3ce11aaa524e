"""After a test that commits, only the tables it wrote are emptied: Django's own way truncates every table there is."""

from __future__ import annotations

from functools import cache

from django.db import connection, transaction
from django.test import TransactionTestCase

# Made by the migrations, and no test writes there.
STAY = {"auth_permission", "django_content_type"}
# One trip for all tables. Without triggers, so in any order, and what may never change goes too.
EMPTY = """
DO $$
DECLARE
  name text;
  written boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY ARRAY[{tables}] LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO written;
    IF written THEN
      EXECUTE format('DELETE FROM %I', name);
    END IF;
  END LOOP;
END $$
"""
_with_truncate = TransactionTestCase._fixture_teardown


def quickly() -> None:
    """From now on; where our account may not leave triggers out, as on a server that was given, it stays as it was."""
    TransactionTestCase._fixture_teardown = _empty


def _empty(test: TransactionTestCase) -> None:
    if not _may_leave_out_triggers():
        _with_truncate(test)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement())


@cache
def _may_leave_out_triggers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@cache
def _statement() -> str:
    tables = sorted({*connection.introspection.django_table_names(include_views=False)} - STAY)
    return EMPTY.format(tables=", ".join(f"'{table}'" for table in tables))
