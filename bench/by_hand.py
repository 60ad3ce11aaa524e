"""What the sweep writes, by one statement of SQL that nobody would want to keep: the floor of its figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

# The oldest of these municipalities, each with the next volunteer who is free; all rows that a sweep writes.
BATCH = """
WITH due AS (
    SELECT *, row_number() OVER (PARTITION BY village_id ORDER BY next_at, id) AS number FROM (
        SELECT id, municipality_id, village_id, author_id, policy_id, next_at, needed_by FROM requests_app_helprequest
        WHERE municipality_id = ANY(%(places)s) AND status IN ('open', 'taken') AND next_at <= %(now)s
        ORDER BY next_at, id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    ) AS oldest
), free AS (
    SELECT volunteer.id, user_id, village_id,
        row_number() OVER (PARTITION BY village_id ORDER BY volunteer.id) AS number
    FROM volunteers_volunteer AS volunteer WHERE village_id IN (SELECT village_id FROM due) AND ended_at IS NULL
    AND NOT EXISTS (SELECT FROM volunteers_ask WHERE volunteer_id = volunteer.id AND answer = 'open')
), moved AS (
    UPDATE requests_app_helprequest AS request SET next_at = due.next_at + interval '9 hours', waves_walked = 1,
        waves_asked = 1, rung = 'volunteers', owner_id = NULL, owner_deadline_at = NULL
    FROM due WHERE request.id = due.id
), happened AS (
    INSERT INTO requests_app_event (municipality_id, help_request_id, kind, status, road, policy_id, params, at)
    SELECT municipality_id, id, 'asked', 'open', 'clock', policy_id, '{"asked": 1, "wave": 1}', %(now)s FROM due
    RETURNING id, help_request_id
), asked AS (
    INSERT INTO volunteers_ask (municipality_id, volunteer_id, subject, wave, chance, reasons, figures, asked_at,
        answer)
    SELECT due.municipality_id, free.id, due.id, 1, 0.6, '{category,room}',
        '{"rank": 1, "chance_so_far": 0.6, "asked": 5, "yes": 5, "jobs_90": 1}', %(now)s, 'open'
    FROM due JOIN free USING (village_id, number) RETURNING id, subject, volunteer_id
), tied AS (
    INSERT INTO requests_app_requestask (help_request_id, ask_id) SELECT subject, id FROM asked
), fact AS (
    SELECT 'volunteer.asked' AS kind, 'request-' || subject || ':asks:ask-' || asked.id AS key, user_id,
        jsonb_build_object('help_request', subject, 'ask', asked.id) AS params, due.municipality_id
    FROM asked JOIN due ON due.id = asked.subject JOIN volunteers_volunteer AS who ON who.id = asked.volunteer_id
    UNION ALL
    SELECT 'request.escalated', 'request-event-' || happened.id || ':request.escalated:user-' || author_id, author_id,
        jsonb_build_object('help_request', due.id, 'event', happened.id, 'until', needed_by), due.municipality_id
    FROM happened JOIN due ON due.id = happened.help_request_id
)
INSERT INTO notifications_message (kind, channel, key, user_id, address, params, municipality_id, created_at, state,
    not_before, urgent, attempts, sent_at, message_id, failure)
SELECT kind, channel, key, user_id, '', params, municipality_id, %(now)s, state, %(now)s, false, 0, sent_at,
    gen_random_uuid(), ''
FROM fact, (VALUES ('in_app', 'sent', %(now)s::timestamptz), ('mail', 'due', NULL)) AS way (channel, state, sent_at)
"""


def batch(municipalities: Sequence[int], now: datetime) -> None:
    """Up to a thousand of their requests go up a rung, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BATCH, {"places": list(municipalities), "now": now})
