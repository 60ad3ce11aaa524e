"""The demo is the same on whatever hour it is made: somebody looks at it on a Sunday night too."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from requests_app import invariants
from requests_app.models import HelpRequest


@pytest.mark.django_db
@pytest.mark.parametrize("hours", range(5, 7 * 24, 25))
def test_demo_begins_with_nothing_due(places, hours):
    moment = datetime(2026, 12, 21, tzinfo=UTC) + timedelta(hours=hours)

    with time_machine.travel(moment, tick=False):
        call_command("seed_demo", stdout=StringIO())

    assert list(HelpRequest.objects.due(moment).values_list("title", flat=True)) == []
    assert {rule: rows for rule, rows in invariants.count(moment).items() if rows} == {}
