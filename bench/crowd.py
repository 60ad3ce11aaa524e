"""Many villages at once, each with askers, volunteers with a record, and requests that are due or not yet.

Written by hand, as the verbs would leave it, and everywhere alike: quiet hours that are not now, the default policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from bench import seed
from requests_app.models import Policy
from tests import make
from villages.models import Village

PEOPLE = """
WITH person AS (
    INSERT INTO accounts_user (first_name, email, language, phone, is_superuser, is_staff, is_active, date_joined,
        password)
    SELECT 'Buur', 'buur-' || village.id || '-' || number || '@samsam.example', 'nl', '', false, false, true,
        %(since)s, '!'
    FROM villages_village AS village, generate_series(1, %(askers)s + %(volunteers)s) AS number
    WHERE village.id = ANY(%(places)s)
    RETURNING id, split_part(email, '-', 2)::bigint AS village_id, split_part(split_part(email, '-', 3), '@', 1)::int
        AS number
), home AS (
    INSERT INTO villages_residency (municipality_id, village_id, user_id, street, proof, claimed_at, confirmed_at,
        expires_at)
    SELECT village.municipality_id, village.id, person.id, 'Voorstraat', 'code', %(since)s, %(since)s,
        %(since)s + interval '10 years'
    FROM person JOIN villages_village AS village ON village.id = person.village_id
)
INSERT INTO volunteers_volunteer (municipality_id, village_id, user_id, categories, suits, transport, languages,
    week_limit, month_limit, joined_at, approved_at)
SELECT village.municipality_id, village.id, person.id, '{groceries}', '{}', '{}', '{}', 2, 4, %(since)s, %(since)s
FROM person JOIN villages_village AS village ON village.id = person.village_id WHERE number > %(askers)s
"""
# Five asks, each a yes: a chance of 60 %, so that a first wave of the default policy is one person.
RECORD = """
INSERT INTO volunteers_ask (municipality_id, volunteer_id, subject, wave, chance, reasons, asked_at, answer,
    answered_at)
SELECT municipality_id, id, -id * 10 - number, 1, 0.2, '{category,room}',
    %(since)s - number * interval '10 days' - id %% 1000 * interval '1 minute', 'yes', %(since)s
FROM volunteers_volunteer, generate_series(1, 5) AS number WHERE village_id = ANY(%(places)s);
INSERT INTO volunteers_job (volunteer_id, subject, "on", taken_at)
SELECT id, -id * 10 - number, %(since)s::date - (number * 15)::int, %(since)s - number * interval '15 days'
FROM volunteers_volunteer, generate_series(1, 1 + id %% 3) AS number WHERE village_id = ANY(%(places)s)
"""
REQUESTS = """
INSERT INTO requests_app_helprequest (
    municipality_id, village_id, author_id, street, category, title, text, part, minutes, place, place_text, slots,
    slots_taken, match_mode, audience, status, version, created_at, posted_at, needed_by, policy_id, rung,
    ladder_since, volunteers_first, waves_walked, waves_asked, next_at)
SELECT village.municipality_id, village.id, asker.user_id, 'Voorstraat', 'groceries', 'Boodschappen van de Spar',
    'Kan iemand mijn boodschappen halen?', 'any', 30, 'home', '', 1, 0, 'first', 'neighbours', 'open', 1, at, at,
    at + interval '3 days', policy.id, 'neighbours', at, false, 0, 0, at + interval '18 hours'
FROM villages_village AS village
JOIN requests_app_policy AS policy ON policy.municipality_id = village.municipality_id
JOIN (
    SELECT user_id, village_id, row_number() OVER (PARTITION BY village_id ORDER BY user_id) AS number
    FROM villages_residency WHERE village_id = ANY(%(places)s)
) AS asker ON asker.village_id = village.id AND asker.number <= %(askers)s
CROSS JOIN LATERAL (
    SELECT %(first)s + (village.id %% 1000 * interval '1 microsecond')
        + (asker.number - 1 + %(askers)s * round) * %(apart)s AS at
    FROM generate_series(0, %(rounds)s - 1) AS round
) AS moment
"""
FIRST_WAVE = timedelta(hours=18)  # of a window of three days, by the default policy


@dataclass(frozen=True)
class Crowd:
    """In each village so many requests are due, so many more come later, and as many volunteers are free."""

    villages: int
    due: int
    later: int = 0  # as a multiple of those that are due
    volunteers: int = 0


def gather(crowd: Crowd, now: datetime, *, overdue: timedelta = timedelta(hours=2)) -> list[Village]:
    """All of them, settled; the oldest came due ``overdue`` ago. The villages, oldest first."""
    wake = now.astimezone(ZoneInfo("Europe/Amsterdam"))
    hours = {"quiet_from": (wake + timedelta(hours=9)).time(), "quiet_until": (wake + timedelta(hours=11)).time()}
    places = [make.village(quiet=False) for _ in range(crowd.villages)]
    Village.objects.filter(pk__in=[place.pk for place in places]).update(**hours)
    Policy.objects.bulk_create(Policy(municipality=place.municipality, office_hours=0) for place in places)
    words = {
        "places": [place.pk for place in places],
        "askers": crowd.due,
        "volunteers": crowd.volunteers,
        "since": now - timedelta(days=20),
    }
    due = {"first": now - FIRST_WAVE - overdue, "apart": overdue / (crowd.due + 1), "rounds": 1}
    later = {"first": now - timedelta(hours=12), "apart": timedelta(seconds=20), "rounds": crowd.later}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(seed.BULK)
        cursor.execute(PEOPLE, words)
        cursor.execute(RECORD, words)
        for when in (due, later):
            cursor.execute(REQUESTS, words | when)
        cursor.execute("DELETE FROM requests_app_duemark")  # no trigger lowered it
        cursor.execute(
            "INSERT INTO villages_tally (village_id, neighbours, open_requests) SELECT unnest(%s::bigint[]), %s, %s",
            [words["places"], crowd.due + crowd.volunteers, crowd.due * (1 + crowd.later)],
        )
    seed.settle()
    return places
