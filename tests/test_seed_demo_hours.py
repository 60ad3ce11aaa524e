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

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("hours of the demo"),  # its places are loaded once
]
# From Monday at midnight: another hour each day, one of them in the middle of the night. On Thursday afternoon, what
# was posted the evening before and is needed on Saturday is the demo's soonest turn for volunteers.
HOURS = (5, 27, 55, 84, 87, 105, 130, 155)


@pytest.mark.parametrize("hours", HOURS)
def test_demo_begins_with_nothing_due_and_nobody_asked_at_night(places, hours):
    moment = datetime(2026, 12, 21, tzinfo=UTC) + timedelta(hours=hours)

    with time_machine.travel(moment, tick=False):
        call_command("seed_demo", stdout=StringIO())

    assert list(HelpRequest.objects.due(moment).values_list("title", flat=True)) == []
    assert {rule: rows for rule, rows in invariants.count(moment).items() if rows} == {}
    posted = HelpRequest.objects.filter(posted_at__isnull=False).exclude(rung="volunteers")
    assert all(8 <= timezone.localtime(at).hour < 22 for at in posted.values_list("posted_at", flat=True))
    (newcomer,) = Residency.objects.filter(confirmed_at=None)
    assert moment - newcomer.claimed_at < timedelta(days=3)
