"""One's own messages on the site."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notifications import inbox, kinds
from notifications.kinds import Kind, Words
from notifications.models import Channel, Message, State
from tests import make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _test_kinds(monkeypatch):
    def words(message, _about, _now):
        return Words(f"Subject {message.key}", "Body.", url="/start/", button="Look")

    known = {"test.note": Kind(words), "test.gone": Kind(words, gather=lambda _messages: {})}
    monkeypatch.setattr(kinds, "KINDS", known)
    monkeypatch.setattr(inbox, "KINDS", known)


@pytest.fixture
def riet():
    return make.user("Riet")


def told(user, *keys, kind="test.note", at=None, **fields):
    rows = [
        Message(
            kind=kind,
            channel=Channel.IN_APP,
            key=str(key),
            user=user,
            state=State.SENT,
            created_at=at or timezone.now(),
            **fields,
        )
        for key in keys
    ]
    return Message.objects.bulk_create(rows)


def subjects(response):
    return re.findall(r"<h3>Subject (\w+)</h3>", response.content.decode())


def count_in_the_menu(user):
    """As the frame of every page asks it."""
    return len(User.objects.values_list(inbox.unread_of_outer_user(), flat=True).get(pk=user.pk))


def test_inbox_shows_own_messages_newest_first_with_a_link(client, riet):
    told(riet, "one", "two")
    told(make.user("Joris"), "three")
    Message.objects.create(kind="test.note", channel=Channel.MAIL, key="mail", user=riet)
    client.force_login(riet)

    response = client.get(reverse("inbox"))

    assert subjects(response) == ["two", "one"]
    assert '<a class="link" href="/start/">Look' in response.content.decode()


def test_inbox_is_for_who_is_signed_in(client):
    response = client.get(reverse("inbox"))

    assert (response.status_code, response.url) == (302, "/inloggen/?next=/berichten/")


def test_new_message_stands_out_once_and_leaves_the_menu(client, riet):
    told(riet, "one")
    client.force_login(riet)

    first = client.get(reverse("inbox")).content.decode()
    second = client.get(reverse("inbox")).content.decode()

    assert ("tag--new" in first, "nav__count" in first) == (True, True)
    assert ("tag--new" in second, "nav__count" in second) == (False, False)


def test_looking_without_seeing_reads_nothing(client, riet):
    told(riet, "one")
    client.force_login(riet)

    client.head(reverse("inbox"))

    assert count_in_the_menu(riet) == 1


def test_message_that_came_meanwhile_stays_new(riet):
    (seen,) = told(riet, "one")
    told(riet, "two")

    inbox.mark_read(riet, seen.pk, NOW)

    assert count_in_the_menu(riet) == 1


def test_reading_marks_nobody_elses_messages(riet):
    joris = make.user("Joris")
    told(joris, "one")
    (own,) = told(riet, "two")

    inbox.mark_read(riet, own.pk, NOW)

    assert count_in_the_menu(joris) == 1


def test_long_list_goes_on_page_by_page(client, riet):
    told(riet, *(f"n{number}" for number in range(45)))
    client.force_login(riet)
    url, pages = reverse("inbox"), []

    while url:
        response = client.get(url)
        pages.append(subjects(response))
        found = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        url = found and found.group(1)

    assert [len(shown) for shown in pages] == [20, 20, 5]
    assert [subject for shown in pages for subject in shown] == [f"n{number}" for number in reversed(range(45))]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "1\x00", "1.5", "٣"])
def test_strange_place_in_the_list_is_not_here(client, riet, before):
    client.force_login(riet)

    assert client.get(reverse("inbox"), {"before": before}).status_code == 404


def test_days_have_headings_in_words(riet):
    told(riet, "old", at=NOW - timedelta(days=1))
    told(riet, "new", "newer", at=NOW)

    page = inbox.page(riet, NOW)

    assert [(str(day.on), len(day.items)) for day in page.days] == [("2026-03-11", 2), ("2026-03-10", 1)]


def test_message_about_something_that_is_gone_is_not_shown(client, riet):
    told(riet, "one", kind="test.gone")
    told(riet, "two", kind="unknown.kind")
    client.force_login(riet)

    response = client.get(reverse("inbox"))

    assert subjects(response) == []
    assert response.status_code == 200


def test_empty_inbox_says_so(client, riet):
    client.force_login(riet)

    assert "Er zijn geen berichten voor jou." in client.get(reverse("inbox")).content.decode()


def test_count_in_the_menu_ends_at_99_and_reads_one_index(riet):
    told(riet, *range(150))
    with connection.cursor() as cursor:
        cursor.execute("analyze notifications_message")
    with CaptureQueriesContext(connection) as queries:
        counted = count_in_the_menu(riet)

    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")  # a table this small is read whole otherwise
        cursor.execute("explain " + queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert counted == 99
    assert "Index Only Scan using message_unread" in plan


@pytest.mark.parametrize("count", [1, 20])
def test_query_count_does_not_grow_with_messages(client, riet, count, django_assert_num_queries):
    told(riet, *range(count))
    client.force_login(riet)

    with django_assert_num_queries(6):  # session, user, messages, village, menu; read
        client.get(reverse("inbox"))


def test_looking_again_brings_the_same_list_as_a_fresh_page_and_nothing_while_nothing_is_new(client, riet):
    (first,) = told(riet, "event-1")
    url, htmx = f"{reverse('inbox')}?newest={first.pk}", {"HX-Request": "true"}
    client.force_login(riet)
    client.get(reverse("inbox"))

    assert client.get(url, headers=htmx).status_code == 204
    told(riet, "event-2")
    partly = client.get(url, headers=htmx).content.decode().strip()

    Message.objects.filter(key="event-2").update(read_at=None)
    assert partly in client.get(reverse("inbox")).content.decode()
    assert partly.startswith("<div")


def test_menu_looks_again_and_says_only_what_changed(client, riet):
    told(riet, "event-1")
    client.force_login(riet)
    url = reverse("unread")

    assert client.get(f"{url}?count=1").status_code == 204
    place = client.get(f"{url}?count=0").content.decode().strip()

    assert place in client.get(reverse("letters")).content.decode()
    assert Message.objects.unread().filter(user=riet).count() == 1


def test_menu_that_looked_again_still_shows_where_a_page_belongs(client, riet):
    told(riet, "event-1")
    client.force_login(riet)
    page = client.get(reverse("conversations")).content.decode()
    looks_again = html.unescape(re.search(r'hx-get="([^"]+)"', page).group(1))
    assert looks_again == f"{reverse('unread')}?count=1&within"

    told(riet, "event-2")
    place = client.get(looks_again).content.decode().strip()

    assert 'aria-current="true"' in place
    assert place in client.get(reverse("conversations")).content.decode()
