"""Every index costs each row that is written: none may do what another does already. And each is there."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tests.test_architecture import APPS

# An index whose columns are the first ones of another of the same rows.
TWICE = """
    SELECT one.indrelid::regclass::text, one.indexrelid::regclass::text, other.indexrelid::regclass::text
    FROM pg_index AS one JOIN pg_index AS other ON other.indrelid = one.indrelid AND other.indexrelid <> one.indexrelid
    WHERE NOT one.indisunique AND one.indexprs IS NULL AND other.indexprs IS NULL
    AND (one.indpred IS NULL AND other.indpred IS NULL
        OR pg_get_expr(one.indpred, one.indrelid) = pg_get_expr(other.indpred, other.indrelid))
    AND other.indkey::text || ' ' LIKE one.indkey::text || ' %%'
    AND other.indclass::text || ' ' LIKE one.indclass::text || ' %%'
    AND one.indrelid::regclass::text = ANY(%s)
"""


@pytest.mark.django_db
def test_no_index_does_what_another_does_already():
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in APPS]
    with connection.cursor() as cursor:
        cursor.execute(TWICE, [tables])
        found = cursor.fetchall()

    assert len(tables) > 40
    assert found == []


@pytest.mark.django_db
def test_whatever_the_models_promise_is_in_the_database():
    """A migration that changes a field can take a constraint of that field with it, and say nothing."""
    models = [model for model in apps.get_models() if model._meta.app_label in APPS]
    promised = {it.name for model in models for it in (*model._meta.indexes, *model._meta.constraints)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes UNION SELECT conname FROM pg_constraint")
        there = {name for (name,) in cursor.fetchall()}

    assert len(promised) > 100
    assert promised - there == set()
