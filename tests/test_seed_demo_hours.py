"""The demo is the same on whatever hour it is made: somebody looks at it on a Sunday night too."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from requests_app import invariants
from requests_app.models import HelpRequest
from villages.models import Residency

# From Monday at midnight. Posted the evening before, and needed on Saturday: the demo's soonest turn for volunteers.
THURSDAY_AFTERNOON = (84, 87)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [*range(5, 7 * 24, 25), *THURSDAY_AFTERNOON])
def test_demo_begins_with_nothing_due(places, hours):
    moment = datetime(2026, 12, 21, tzinfo=UTC) + timedelta(hours=hours)

    with time_machine.travel(moment, tick=False):
        call_command("seed_demo", stdout=StringIO())

    assert list(HelpRequest.objects.due(moment).values_list("title", flat=True)) == []
    assert {rule: rows for rule, rows in invariants.count(moment).items() if rows} == {}


@pytest.mark.django_db
def test_demo_made_at_night_has_no_neighbours_who_ask_at_night(places):
    moment = datetime(2026, 12, 22, 3, tzinfo=UTC)

    with time_machine.travel(moment, tick=False):
        call_command("seed_demo", stdout=StringIO())

    posted = HelpRequest.objects.filter(posted_at__isnull=False).exclude(rung="volunteers")
    assert all(8 <= timezone.localtime(at).hour < 22 for at in posted.values_list("posted_at", flat=True))
    (newcomer,) = Residency.objects.filter(confirmed_at=None)
    assert moment - newcomer.claimed_at < timedelta(days=3)
