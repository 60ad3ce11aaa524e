"""The statements of ``bulk``: each makes all rows of one kind. ``%(…)s`` are filled in by the database driver.

``pick(n, k, size)`` is a number from 1 to ``size`` that depends on the row ``n``, on which choice it is for (``k``)
and on the seed, and on nothing else.
"""

VILLAGES = (
    """
    CREATE OR REPLACE FUNCTION pg_temp.pick(n bigint, k bigint, size bigint, seed bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS
    $$ SELECT 1 + (hashint8extended(n, seed * 1000 + k) & 9223372036854775807) %% size $$
    """,
    "DROP TABLE IF EXISTS pg_temp.demo_village, pg_temp.demo_person, pg_temp.demo_request",
    # The oldest policy of each municipality: in the demo's own the newest one takes three minutes.
    """
    CREATE TEMP TABLE demo_village ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY village.slug) AS nr, village.id, village.municipality_id,
           (SELECT policy.id FROM requests_app_policy policy
            WHERE policy.municipality_id = village.municipality_id AND policy.category = ''
            ORDER BY policy.version LIMIT 1) AS policy_id
    FROM villages_village village WHERE village.switched_on_at IS NOT NULL
    """,
)

PEOPLE = (
    """
    CREATE TEMP TABLE demo_person ON COMMIT DROP AS
    SELECT n, nextval(pg_get_serial_sequence('accounts_user', 'id')) AS id,
           (%(first_names)s::text[])[pg_temp.pick(n, 1, cardinality(%(first_names)s::text[]), %(seed)s)] AS first_name,
           (%(family_names)s::text[])[pg_temp.pick(n, 2, cardinality(%(family_names)s::text[]), %(seed)s)] AS family,
           (%(streets)s::text[])[pg_temp.pick(n, 3, cardinality(%(streets)s::text[]), %(seed)s)] AS street,
           1 + n %% (SELECT max(nr) FROM demo_village) AS village_nr
    FROM generate_series(1, %(people)s) AS n
    """,
    """
    INSERT INTO accounts_user
        (id, password, is_superuser, email, first_name, phone, language, is_staff, is_active, date_joined)
    SELECT id, '!demo', false, lower(first_name) || '.' || family || '.' || id || '@samsam.example', first_name, '',
           'nl', false, true, %(now)s::timestamptz - pg_temp.pick(n, 4, 300, %(seed)s) * interval '1 day'
    FROM demo_person
    """,
    # Nineteen of twenty are known to live there.
    """
    INSERT INTO villages_residency
        (municipality_id, village_id, user_id, street, proof, claimed_at, confirmed_at, expires_at)
    SELECT village.municipality_id, village.id, person.id, person.street,
           CASE WHEN person.n %% 20 = 0 THEN '' ELSE 'code' END,
           %(now)s::timestamptz - interval '60 days',
           CASE WHEN person.n %% 20 = 0 THEN NULL ELSE %(now)s::timestamptz - interval '50 days' END,
           CASE WHEN person.n %% 20 = 0 THEN NULL ELSE %(now)s::timestamptz + interval '680 days' END
    FROM demo_person person JOIN demo_village village ON village.nr = person.village_nr
    """,
    # One of ten may be asked as a volunteer.
    """
    INSERT INTO volunteers_volunteer
        (municipality_id, village_id, user_id, categories, suits, transport, languages, week_limit, month_limit,
         joined_at, approved_at, check_at)
    SELECT village.municipality_id, village.id, person.id, %(categories)s::text[], '{}', '{}', '{}', 2, 4,
           %(now)s::timestamptz - interval '40 days', %(now)s::timestamptz - interval '40 days',
           %(now)s::timestamptz + interval '325 days'
    FROM demo_person person JOIN demo_village village ON village.nr = person.village_nr
    WHERE person.n %% 10 = 1
    """,
    # Whoever lives somewhere may be an asker, also somebody who was there before.
    """
    CREATE TEMP TABLE demo_asker ON COMMIT DROP AS
    SELECT row_number() OVER (PARTITION BY home.village_id ORDER BY home.id) AS nr,
           home.village_id, home.municipality_id, home.user_id, home.street
    FROM villages_residency home JOIN demo_village ON demo_village.id = home.village_id
    WHERE home.ended_at IS NULL
    """,
    "CREATE UNIQUE INDEX ON demo_asker (village_id, nr)",
    # The villages where somebody can ask something, with how many they are.
    """
    CREATE TEMP TABLE demo_crowd ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY village.nr) AS nr, count(*) OVER () AS villages, village.id,
           village.municipality_id, village.policy_id, people
    FROM demo_village village
    JOIN (SELECT village_id, count(*) AS people FROM demo_asker GROUP BY village_id) AS crowd
         ON crowd.village_id = village.id
    """,
    "ANALYZE demo_asker, demo_crowd",
)

REQUESTS = (
    # Request n is the first, second, … of its village; askers of a village take turns, and so do those who help them.
    """
    CREATE TEMP TABLE demo_request ON COMMIT DROP AS
    SELECT n, nextval(pg_get_serial_sequence('requests_app_helprequest', 'id')) AS id, n <= %(open)s AS is_open,
           village.id AS village_id, village.municipality_id, village.policy_id,
           asker.user_id AS author_id, asker.street, helper.user_id AS helper_id,
           pg_temp.pick(n, 5, cardinality(%(titles)s::text[]), %(seed)s) AS about,
           (ARRAY['any', 'morning', 'afternoon', 'evening'])[pg_temp.pick(n, 6, 4, %(seed)s)] AS part,
           (%(now)s::timestamptz AT TIME ZONE 'Europe/Amsterdam')::date
               + CASE WHEN n <= %(open)s THEN 1 + pg_temp.pick(n, 7, 6, %(seed)s)
                      ELSE -pg_temp.pick(n, 8, 90, %(seed)s) END::int AS on_day,
           %(now)s::timestamptz - pg_temp.pick(n, 9, 1200, %(seed)s) * interval '1 minute' AS posted_at
    FROM generate_series(1, %(requests)s) AS n
    JOIN demo_crowd village ON village.nr = 1 + n %% (SELECT max(villages) FROM demo_crowd)
    JOIN demo_asker asker ON asker.village_id = village.id
         AND asker.nr = 1 + (n / village.villages) %% village.people
    LEFT JOIN demo_asker helper ON helper.village_id = village.id
         AND helper.nr = 1 + (n / village.villages + 1) %% village.people AND helper.user_id <> asker.user_id
    """,
    """
    CREATE TEMP TABLE demo_moment ON COMMIT DROP AS
    SELECT id, CASE WHEN is_open THEN posted_at ELSE needed_by - interval '3 days' END AS posted_at, needed_by
    FROM (
        SELECT id, is_open, posted_at, CASE
            WHEN part = 'any' AND is_open THEN posted_at + interval '7 days'
            ELSE (on_day + CASE part WHEN 'morning' THEN time '9:00' WHEN 'evening' THEN time '18:00'
                                     ELSE time '12:00' END) AT TIME ZONE 'Europe/Amsterdam'
        END AS needed_by
        FROM demo_request
    ) AS moments
    """,
    # Made beside the lifecycle: open ones as just posted, on the lowest rung; the others done, by somebody.
    """
    INSERT INTO requests_app_helprequest
        (id, municipality_id, village_id, author_id, street, category, title, text, part, help_on, needed_by, minutes,
         place, place_text, slots, slots_taken, match_mode, audience, status, version, created_at, posted_at,
         closed_at, policy_id, rung, ladder_since, volunteers_first, waves_walked, waves_asked, next_at)
    SELECT id, municipality_id, village_id, author_id, street, (%(categories)s::text[])[about],
           (%(titles)s::text[])[about], '', part, CASE WHEN part = 'any' THEN NULL ELSE on_day END, needed_by,
           (%(minutes)s::int[])[about], 'home', '', 1, CASE WHEN is_open OR helper_id IS NULL THEN 0 ELSE 1 END,
           'first', 'neighbours', CASE WHEN is_open THEN 'open' ELSE 'done' END, 1, moment.posted_at,
           moment.posted_at, CASE WHEN is_open THEN NULL ELSE needed_by + interval '3 hours' END, policy_id,
           'neighbours', moment.posted_at, false, 0, 0,
           CASE WHEN is_open THEN %(now)s::timestamptz + pg_temp.pick(n, 10, 1200, %(seed)s) * interval '1 minute'
                    + interval '1 hour' END
    FROM demo_request JOIN demo_moment moment USING (id)
    """,
    """
    INSERT INTO requests_app_pickup (help_request_id, slot, helper_id, version, taken_at, ended_at, "end")
    SELECT id, 1, helper_id, 1, moment.posted_at + interval '2 hours', needed_by + interval '3 hours', 'done'
    FROM demo_request JOIN demo_moment moment USING (id) WHERE NOT is_open AND helper_id IS NOT NULL
    """,
    """
    INSERT INTO requests_app_event
        (municipality_id, help_request_id, kind, status, by_id, road, policy_id, params, at)
    SELECT municipality_id, id, 'posted', 'open', author_id, 'web', policy_id, '{}', moment.posted_at
    FROM demo_request JOIN demo_moment moment USING (id)
    """,
)

TALLIES = (
    """
    INSERT INTO villages_tally (village_id, neighbours, open_requests)
    SELECT village.id,
           (SELECT count(*) FROM villages_residency home
            WHERE home.village_id = village.id AND home.ended_at IS NULL AND home.confirmed_at IS NOT NULL),
           (SELECT count(*) FROM requests_app_helprequest asked
            WHERE asked.village_id = village.id AND asked.status = 'open')
    FROM demo_village village
    ON CONFLICT (village_id) DO UPDATE
    SET neighbours = EXCLUDED.neighbours, open_requests = EXCLUDED.open_requests
    """,
    """
    ANALYZE accounts_user, villages_residency, villages_tally, volunteers_volunteer, requests_app_helprequest,
            requests_app_pickup, requests_app_event
    """,
)
