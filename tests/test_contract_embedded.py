"""The embedded servers keep what the page for operators promises."""

import os

import pytest
import redis
from django.db import connection


@pytest.mark.django_db
def test_database_under_test_is_postgresql_with_utc_clock():
    with connection.cursor() as cursor:
        cursor.execute("show timezone")
        zone = cursor.fetchone()[0]

    assert connection.vendor == "postgresql"
    assert zone == "UTC"


def test_broker_under_test_answers():
    assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
