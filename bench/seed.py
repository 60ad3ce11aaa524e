"""People and requests in numbers that no verb could make in time: written by hand, as the verbs would leave them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Municipality, User
from requests_app.models import Policy
from tests import make
from villages.models import Residency, Tally, Village
from volunteers.models import Volunteer

# Foreign keys are not looked up row by row: the rows are known to fit. Unique and check constraints hold.
BULK = "SET LOCAL session_replication_role = replica"
REQUESTS = """
INSERT INTO requests_app_helprequest (
    municipality_id, village_id, author_id, street, category, title, text, part, minutes, place, place_text, slots,
    slots_taken, match_mode, audience, status, version, created_at, posted_at, needed_by, policy_id, rung,
    ladder_since, volunteers_first, waves_walked, waves_asked, next_at)
SELECT %(municipality)s, %(village)s, %(author)s, 'Voorstraat', 'groceries', 'Boodschappen van de Spar',
    'Kan iemand mijn boodschappen halen?', 'any', 30, 'home', '', %(slots)s, 0, 'first', 'neighbours', 'open', 1,
    %(since)s, %(since)s, %(until)s, %(policy)s, 'neighbours', %(since)s, false, 0, 0,
    %(next_at)s + number * %(apart)s
FROM generate_series(0, %(count)s - 1) AS number
"""


def village(*, neighbours: int = 1, volunteers: int = 0) -> Village:
    """Where nobody sleeps and no office hours count, so that a figure does not hang on the hour of the day."""
    place = make.village(quiet=False)
    Policy.objects.create(municipality=place.municipality, office_hours=0)
    people = _people(place, neighbours + volunteers)
    Volunteer.objects.bulk_create(
        Volunteer(
            user=user,
            village=place,
            municipality=place.municipality,
            categories=["groceries"],
            approved_at=place.switched_on_at,
        )
        for user in people[:volunteers]
    )
    return place


def open_requests(
    place: Village, count: int, *, now: datetime, next_at: datetime, apart: timedelta = timedelta(0), slots: int = 1
) -> None:
    """``count`` open requests of which a third of the window is past: the step at ``next_at`` is the first wave."""
    since = now - timedelta(days=1)
    words = {
        "municipality": place.municipality_id,
        "village": place.pk,
        "author": Residency.objects.filter(village=place).latest("pk").user_id,
        "policy": Policy.objects.get(municipality=place.municipality).pk,
        "since": since,
        "until": since + timedelta(days=3),
        "next_at": next_at,
        "apart": apart,
        "count": count,
        "slots": slots,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BULK)
        cursor.execute(REQUESTS, words)
        cursor.execute("DELETE FROM requests_app_duemark")  # no trigger lowered it
    Tally.add(place.pk, open_requests=count)


def settle() -> None:
    """What the database does by itself in a quiet moment."""
    with connection.cursor() as cursor:
        for table in ("requests_app_helprequest", "volunteers_volunteer", "volunteers_ask", "villages_residency"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def clear() -> None:
    """Nothing is left of what was measured before, nor the places of the Netherlands."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {User._meta.db_table}, {Municipality._meta.db_table} CASCADE")


def _people(place: Village, count: int) -> list[User]:
    first = User.objects.count()
    names = [f"buur{first + number}" for number in range(count)]
    users = User.objects.bulk_create(
        User(first_name="Buur", email=f"{name}@samsam.example", language=settings.LANGUAGE_CODE) for name in names
    )
    Residency.objects.bulk_create(
        Residency(
            user=user,
            village=place,
            municipality=place.municipality,
            street="Voorstraat",
            proof=Residency.Proof.CODE,
            claimed_at=make.NOW,
            confirmed_at=make.NOW,
            expires_at=make.NOW + timedelta(days=36500),
        )
        for user in users
    )
    Tally.add(place.pk, neighbours=count)
    return users
