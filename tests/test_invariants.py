"""The one-shot doors: one sweep, the counts of what must be zero, time moved only where that is allowed."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from requests_app import invariants, tasks
from requests_app.models import HelpRequest
from requests_app.models.help_request import Rung
from tests import make
from tests.make import NOW
from villages.models import Tally

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def last_line(capsys):
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_all_is_well_in_a_village_at_work(capsys, settings):
    settings.ALLOW_NOW = True
    village = make.village()
    make.volunteer(village)
    make.help_request(village)

    call_command("invariants", "--now", NOW.isoformat())

    counts = last_line(capsys)
    assert set(counts.values()) == {0}
    assert len(counts) == 25


def test_a_step_that_is_an_hour_late_is_counted_and_fails_the_command(capsys, settings):
    settings.ALLOW_NOW = True
    make.help_request()

    with pytest.raises(SystemExit) as end:
        call_command("invariants", "--now", LATER.isoformat())

    assert end.value.code == 1
    assert last_line(capsys)["request_step_overdue"] == 1


def test_each_rule_sees_what_breaks_it():
    village = make.village()
    volunteer = make.volunteer(village)
    help_request = make.help_request(village)
    make.ask(volunteer, help_request.pk, answer="open")
    help_request.request_asks.create(ask=volunteer.asks.get())
    Tally.objects.update(open_requests=5, neighbours=0)
    HelpRequest.objects.update(status="taken", next_at=None)
    help_request.pick_ups.create(slot=1, helper=volunteer.user, version=1, remind_at=NOW - timedelta(hours=2))
    make.spare_offer(village).held.create(slot=1, taker=volunteer.user, what="groceries")
    make.help_request(village, title="Voorbij").reserves.create(helper=volunteer.user)
    HelpRequest.objects.filter(title="Voorbij").update(status="lapsed", next_at=None)
    make.volunteer(village, check_at=NOW - timedelta(hours=2))

    broken = {rule for rule, rows in invariants.count(NOW).items() if rows}

    assert broken == {
        "request_forgotten",
        "request_places_wrong",
        "request_taken_by_nobody",
        "spare_places_wrong",
        "ask_open_for_closed_request",
        "reminder_overdue",
        "reserve_of_closed_request",
        "volunteer_word_overdue",
        "tally_open_requests_wrong",
        "tally_neighbours_wrong",
    }


def test_the_hourly_check_raises_an_alarm(caplog):
    make.help_request()  # in March: by now long overdue

    tasks.check_nobody_forgotten()

    assert "invariant_broken" in caplog.text


def test_the_sweep_of_the_clock_walks_what_is_due():
    help_request = make.help_request()

    tasks.sweep()

    help_request.refresh_from_db()
    assert help_request.rung != Rung.NEIGHBOURS


def test_escalate_walks_once_and_says_how_far(capsys, settings):
    settings.ALLOW_NOW = True
    make.help_request()

    call_command("escalate", "--now", LATER.isoformat())

    assert last_line(capsys) == {"walked": 1}


@pytest.mark.parametrize("command", ["escalate", "invariants", "deliver"])
def test_time_is_not_moved_where_that_is_not_allowed(command, settings):
    settings.ALLOW_NOW = False

    with pytest.raises(CommandError, match="SAMSAM_ALLOW_NOW"):
        call_command(command, "--now", LATER.isoformat())


def test_a_moment_that_is_none_is_refused(settings):
    settings.ALLOW_NOW = True

    with pytest.raises(CommandError, match="is no moment"):
        call_command("escalate", "--now", "morgen")


def test_the_due_query_reads_its_index():
    make.help_request()

    with connection.cursor() as cursor:
        # Of so few rows any index will do; only the right one also gives their order.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        sql, params = HelpRequest.objects.due(NOW).order_by("next_at", "pk")[:100].query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "request_due" in plan
    assert "Sort" not in plan
