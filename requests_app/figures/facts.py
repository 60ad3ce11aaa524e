"""What events and asks tell of the requests that were posted in some time: one query, one line a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from django.db import connection

from requests_app.figures.rates import Fact

# Found by ``event_posted``; per request its events, its asks and who came, each by index. Who came without an account
# is a number below zero: even of a group, odd of a circle, and the same address in two circles is one person. So one
# person is one number, and never somebody else's.
STATEMENT = """
    SELECT request.village_id, request.category, request.author_id, posted.at, told.reacted_at, told.found_at,
           told.closed_at, told.status, told.failed, told.handed, coalesce(coming.helpers, '{}'),
           coalesce(coming.was_asked, false), coalesce(coming.by_group, false), asked.asks, asked.yes,
           coalesce(coming.by_team, false)
    FROM requests_app_event posted
    JOIN requests_app_helprequest request ON request.id = posted.help_request_id
    CROSS JOIN LATERAL (
        SELECT min(at) FILTER (WHERE kind IN ('offered', 'picked_up')) AS reacted_at,
               min(at) FILTER (WHERE kind = 'picked_up') AS found_at,
               min(at) FILTER (WHERE status IN ('done', 'withdrawn', 'lapsed')) AS closed_at,
               (array_agg(status ORDER BY id DESC))[1] AS status,
               bool_or(kind = 'not_done') AS failed,
               bool_or(kind = 'to_contact') AS handed,
               array_agg((params ->> 'pick_up')::bigint) FILTER (WHERE kind = 'picked_up') AS came,
               array_agg((params ->> 'pick_up')::bigint) FILTER (WHERE kind IN ('given_back', 'called_off')) AS went
        FROM requests_app_event event WHERE event.help_request_id = posted.help_request_id
    ) AS told
    LEFT JOIN LATERAL (
        SELECT array_agg(coalesce(pick_up.helper_id, -2 * pick_up.member_id, -1 - 2 * (
                   SELECT min(same.id) FROM requests_app_circlecontact one
                   JOIN requests_app_circlecontact same ON same.id = one.id
                        OR same.fingerprint = one.fingerprint AND same.erased_at IS NULL
                   WHERE one.id = pick_up.contact_id
               ))) AS helpers, bool_or(EXISTS (
                   SELECT FROM requests_app_requestask link
                   JOIN volunteers_ask ask ON ask.id = link.ask_id
                   JOIN volunteers_volunteer volunteer ON volunteer.id = ask.volunteer_id
                   WHERE link.help_request_id = posted.help_request_id AND ask.answer = 'yes'
                         AND volunteer.user_id = pick_up.helper_id
               )) AS was_asked, bool_or(pick_up.noted_name <> '' OR EXISTS (
                   SELECT FROM requests_app_event event
                   WHERE event.help_request_id = posted.help_request_id AND event.kind = 'picked_up'
                         AND event.road = 'staff' AND (event.params ->> 'pick_up')::bigint = pick_up.id
               )) AS by_team, bool_or(pick_up.member_id IS NOT NULL OR EXISTS (
                   SELECT FROM requests_app_groupask lay
                   WHERE lay.help_request_id = posted.help_request_id AND (
                       EXISTS (SELECT FROM villages_member one
                               WHERE one.group_id = lay.group_id AND one.user_id = pick_up.helper_id)
                       OR EXISTS (SELECT FROM villages_host host
                                  WHERE host.group_id = lay.group_id AND host.user_id = pick_up.helper_id))
               )) AS by_group
        FROM requests_app_pickup pick_up
        WHERE pick_up.id = ANY (told.came) AND NOT pick_up.id = ANY (coalesce(told.went, '{}'))
    ) AS coming ON told.came IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT count(*) AS asks, count(*) FILTER (WHERE ask.answer = 'yes') AS yes
        FROM requests_app_requestask link JOIN volunteers_ask ask ON ask.id = link.ask_id
        WHERE link.help_request_id = posted.help_request_id
    ) AS asked
    WHERE posted.kind = 'posted' AND posted.municipality_id = %s AND posted.at >= %s AND posted.at < %s
"""
NAMES = [field.name for field in fields(Fact)]


def facts(municipality_pk: int, since: datetime, until: datetime) -> Iterator[Fact]:
    """Each request of this municipality that was posted from ``since`` until ``until``, as it is now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [municipality_pk, since, until])
        for row in cursor.fetchall():
            yield Fact(**dict(zip(NAMES, row, strict=True)))
