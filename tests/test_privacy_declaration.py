"""Every column is declared personal, with a period, or plain: an undeclared one may not come in unseen."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from samsam import privacy


def test_every_column_is_declared_once():
    assert privacy.faults() == []


@pytest.mark.django_db
def test_database_has_no_tables_beside_those_of_the_declaration():
    declared = {apps.get_model(label)._meta.db_table for label in privacy.TABLES}

    with connection.cursor() as cursor:
        others = set(connection.introspection.table_names(cursor)) - declared
        columns = {name: _columns(cursor, name) for name in others}

    assert columns == {name: sorted(table.columns()) for name, table in privacy.WITHOUT_MODEL.items()}


def _columns(cursor, table):
    return sorted(column.name for column in connection.introspection.get_table_description(cursor, table))


def test_columns_that_point_to_a_person_are_personal():
    plain = {
        f"{label}.{column.column}"
        for label, table in privacy.TABLES.items()
        for column in apps.get_model(label)._meta.local_concrete_fields
        if column.related_model is get_user_model() and column.column in table.plain.split()
    }

    assert plain == set()


@pytest.mark.parametrize(
    ("plain", "fault"),
    [
        ("id", "accounts.Municipality.code is not declared"),
        ("id code name province mayor", "accounts.Municipality.mayor is not here (any more)"),
        ("id code name province name", "accounts.Municipality.name is declared twice"),
    ],
)
def test_fault_in_the_declaration_is_seen(monkeypatch, plain, fault):
    label = "accounts.Municipality"
    monkeypatch.setitem(privacy.TABLES, label, replace(privacy.TABLES[label], plain=plain))

    assert fault in privacy.faults()


def test_table_that_is_gone_is_seen(monkeypatch):
    monkeypatch.setitem(privacy.TABLES, "accounts.Mayor", privacy.Table(plain="id"))

    assert "accounts.Mayor is not here (any more)" in privacy.faults()


def test_every_period_has_a_length():
    periods = {period for table in privacy.TABLES.values() for period in table.personal}

    assert all(period.length.days > 0 and period.since for period in periods)
