"""Lists of staff cost the same whatever the size of a table, and show first what waits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import admin_lists, scoping
from accounts.actors import CLOCK
from accounts.models import Municipality
from notifications.models import Channel, Message, State
from requests_app import escalation
from requests_app.models import Event, HelpRequest, PickUp
from requests_app.record import record
from tests import make, team
from tests.make import NOW
from villages.models import Residency
from volunteers.models import Ask, Volunteer

pytestmark = pytest.mark.django_db

LISTS = sorted(model._meta.label_lower.replace(".", "_") for model in admin.site._registry)


def add_rows(village):
    """One more of everything that grows."""
    help_request = make.help_request(village, author=make.neighbour(village))
    helper = make.neighbour(village)
    PickUp.objects.create(help_request=help_request, slot=1, helper=helper, version=1)
    make.spare_offer(village, author=helper, leaves_at=NOW + timedelta(days=1))
    volunteer = make.volunteer(village)
    for _ in range(3):
        make.ask(volunteer)
    resident = make.resident(village)
    make.report(help_request)
    Message.objects.create(
        municipality=village.municipality,
        kind="request.taken",
        channel=Channel.MAIL,
        key=f"fact-{help_request.pk}",
        user=resident,
        state=State.FAILED,
        failure="The mail server said no",
    )
    return help_request


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def client(village):
    return team.at_work(team.colleague(village.municipality, kind="coordinator"))


def queries(client, url):
    client.get(url)  # the first visit fills caches: content types, the name of the site
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return [query["sql"] for query in captured]


def test_lists_cost_the_same_with_more_rows(client, village):
    urls = [reverse(f"admin:{name}") for name in (*(f"{name}_changelist" for name in LISTS), "index")]
    add_rows(village)
    few = {url: len(queries(client, url)) for url in urls}

    for _ in range(5):
        add_rows(village)
    many = {url: len(queries(client, url)) for url in urls}

    assert many == few
    assert max(many.values()) <= 13


def test_pages_cost_the_same_with_more_beside_them(client, village):
    help_request = add_rows(village)
    rows = [help_request, *(model.objects.latest("pk") for model in (Volunteer, Residency, Event, Message))]
    urls = [reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) for row in rows]
    few = {url: len(queries(client, url)) for url in urls}

    for _ in range(5):
        PickUp.objects.filter(help_request=help_request).update(ended_at=NOW, end=PickUp.End.GIVEN_BACK)
        PickUp.objects.create(help_request=help_request, slot=1, helper=make.neighbour(village), version=1)
        record(help_request, Event.Kind.EDITED, make.web(make.user()), NOW)
        make.ask(rows[1])
    many = {url: len(queries(client, url)) for url in urls}

    assert many == few


def test_no_list_counts_a_whole_table(client, village, monkeypatch):
    monkeypatch.setattr(admin_lists, "MOST_COUNTED", 2)
    for _ in range(4):
        add_rows(village)

    for name in LISTS:
        counts = [sql for sql in queries(client, reverse(f"admin:{name}_changelist")) if "COUNT(" in sql]
        assert all("LIMIT 2" in sql for sql in counts), (name, counts)

    answer = client.get(reverse("admin:requests_app_helprequest_changelist"))
    assert answer.context["cl"].result_count == 2


def test_asks_beside_a_volunteer_are_the_newest_few(client, village, monkeypatch):
    monkeypatch.setattr(admin_lists.Newest, "most", 3)
    volunteer = make.volunteer(village)
    asks = [make.ask(volunteer) for _ in range(5)]

    answer = client.get(reverse("admin:volunteers_volunteer_change", args=[volunteer.pk]))
    shown = [form.instance for form in answer.context["inline_admin_formsets"][0].formset.forms]

    assert shown == sorted(asks, key=lambda ask: -ask.pk)[:3]
    assert Ask.objects.count() == 5


def test_beside_a_volunteer_a_no_looks_like_silence(client, village):
    ask = make.ask(make.volunteer(village))

    def words_with(answer):
        Ask.objects.update(answer=answer)
        page = client.get(reverse("admin:volunteers_volunteer_change", args=[ask.volunteer_id])).content.decode()
        return re.sub(r"<[^>]+>", " ", page[page.index('id="asks-group"') :])

    assert words_with(Ask.Answer.NO) == words_with(Ask.Answer.SILENT) == words_with(Ask.Answer.WITHDRAWN)
    assert words_with(Ask.Answer.YES) != words_with(Ask.Answer.NO)


def test_moments_of_a_volunteer_are_named_in_words_not_by_their_code(client, village):
    volunteer = make.volunteer(village, suits=["0-morning", "4-evening"])

    page = client.get(reverse("admin:volunteers_volunteer_change", args=[volunteer.pk])).content.decode()

    assert "maandagochtend, vrijdagavond" in page
    assert "0-morning" not in page


def test_what_nobody_did_says_so_without_a_word_of_the_machine(client, village):
    help_request = make.help_request(village)
    event = record(help_request, Event.Kind.ASKED, CLOCK, NOW, wave=1, asked=2)

    for url in (
        reverse("admin:requests_app_helprequest_change", args=[help_request.pk]),
        reverse("admin:requests_app_event_change", args=[event.pk]),
        reverse("admin:requests_app_event_changelist"),
    ):
        assert "None" not in re.sub(r"<[^>]+>", " ", client.get(url).content.decode())


def test_request_is_found_by_title_name_mail_and_village(client, village):
    riet = make.neighbour(village, "Riet")
    wanted = make.help_request(village, author=riet, title="Heg knippen")
    make.help_request(village, author=make.neighbour(village, "Joop"), title="Boodschappen")
    url = reverse("admin:requests_app_helprequest_changelist")

    for query in ({"q": "heg"}, {"q": "Riet"}, {"q": riet.email.upper()}, {"q": "riet heg"}):
        assert list(client.get(url, query).context["cl"].result_list) == [wanted], query
    assert client.get(url, {"q": "\0"}).status_code == 400
    assert list(client.get(url, {"q": "niemand@samsam.example"}).context["cl"].result_list) == []


def test_words_are_looked_for_in_the_newest_rows_only(client, village, monkeypatch):
    monkeypatch.setattr(scoping, "SEARCHED", 1)
    author = make.neighbour(village)
    make.help_request(village, author=author, title="Heg knippen vorig jaar")
    newest = make.help_request(village, author=author, title="Heg knippen")

    answer = client.get(reverse("admin:requests_app_helprequest_changelist"), {"q": "heg"})

    assert list(answer.context["cl"].result_list) == [newest]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status__exact": "open"}, {"open", "contact", "hidden"}),
        ({"rung__exact": "contact"}, {"contact"}),
        ({"hidden": "yes"}, {"hidden"}),
        ({"hidden": "no", "category__exact": "garden"}, {"garden"}),
        ({"hidden": "zomaar"}, {"open", "contact", "hidden", "garden"}),
    ],
)
def test_requests_are_filtered(client, village, query, found):
    rows = {
        name: make.help_request(village, title=name, category="garden" if name == "garden" else "ride")
        for name in ("open", "contact", "hidden", "garden")
    }
    rows = {name: row.pk for name, row in rows.items()}
    HelpRequest.objects.filter(pk=rows["contact"]).update(rung="contact")
    HelpRequest.objects.filter(pk=rows["hidden"]).update(hidden_at=NOW)
    HelpRequest.objects.filter(pk=rows["garden"]).update(status="done")

    answer = client.get(reverse("admin:requests_app_helprequest_changelist"), query)

    assert {row.title for row in answer.context["cl"].result_list} == found
    assert "status__exact=draft" not in answer.content.decode()


def test_filter_on_every_value_of_a_column_is_refused():
    with pytest.raises(ImproperlyConfigured, match="street"):
        admin_lists.scoped_filter(HelpRequest, "street")


def test_requests_are_filtered_by_villages_that_are_on(client, village):
    make.help_request(village)
    other = make.village("Rumpt", of=village.municipality)
    make.village("Slapend", of=village.municipality, on=False)
    make.help_request(other)

    url = reverse("admin:requests_app_helprequest_changelist")
    answer = client.get(url, {"village__id__exact": other.pk})

    choices = next(spec for spec in answer.context["cl"].filter_specs if spec.title == "dorp").lookup_choices
    assert [name for _pk, name in choices] == ["Beesd", "Rumpt"]
    assert {row.village for row in answer.context["cl"].result_list} == {other}


def test_residencies_are_filtered_by_how_far_they_are(client, village):
    people = {name: make.neighbour(village, name) for name in ("confirmed", "outdated", "ended")}
    people["waiting"] = make.resident(village, "waiting")
    Residency.objects.filter(user=people["outdated"]).update(expires_at=NOW)
    Residency.objects.filter(user=people["ended"]).update(ended_at=NOW)
    url = reverse("admin:villages_residency_changelist")

    for wanted in people:
        answer = client.get(url, {"proof": wanted})
        assert [row.user.first_name for row in answer.context["cl"].result_list] == [wanted]
    assert len(client.get(url, {"proof": "zomaar"}).context["cl"].result_list) == 4


def test_volunteers_are_filtered_by_who_may_be_asked(client, village):
    make.volunteer(village, "Vrij")
    make.volunteer(village, "Pauze", paused_until=NOW + timedelta(days=3650))
    make.volunteer(village, "Gestopt", ended_at=NOW)
    url = reverse("admin:volunteers_volunteer_changelist")

    free, busy, everybody = (client.get(url, query) for query in ({"free": "yes"}, {"free": "no"}, {}))

    assert {row.user.first_name for row in free.context["cl"].result_list} == {"Vrij"}
    assert {row.user.first_name for row in busy.context["cl"].result_list} == {"Pauze", "Gestopt"}
    assert len(everybody.context["cl"].result_list) == 3


def test_villages_are_filtered_by_switched_on(client, village):
    off = make.village("Slapend", of=village.municipality, on=False)
    url = reverse("admin:villages_village_changelist")

    assert list(client.get(url, {"on": "yes"}).context["cl"].result_list) == [village]
    assert list(client.get(url, {"on": "no"}).context["cl"].result_list) == [off]
    assert len(client.get(url).context["cl"].result_list) == 2


def test_failed_messages_come_first_and_the_others_on_demand(client, village):
    add_rows(village)
    failed = Message.objects.get(state=State.FAILED)
    url = reverse("admin:notifications_message_changelist")

    first, everything, sent = (client.get(url, query) for query in ({}, {"state": "all"}, {"state": "sent"}))
    of_kind = client.get(url, {"kind": "request.posted", "state": "all"})

    assert list(first.context["cl"].result_list) == [failed]
    assert len(everything.context["cl"].result_list) == Message.objects.count()
    assert failed not in sent.context["cl"].result_list
    assert {row.kind for row in of_kind.context["cl"].result_list} == {"request.posted"}


def test_first_page_shows_what_waits_most_urgent_first(client, village):
    requests = [make.help_request(village, title=title) for title in ("later", "eerst")]
    for help_request, days in zip(requests, (2, 1), strict=True):
        escalation.hand_to_contact(help_request.pk, actor=make.web(help_request.author), now=NOW)
        HelpRequest.objects.filter(pk=help_request.pk).update(owner_deadline_at=NOW + timedelta(days=days))
    make.help_request(village, title="nog bij buren")
    waiting = make.resident(village, "Nieuw")
    add_rows(village)

    answer = client.get(reverse("admin:index"))
    _behind, with_contact, told, neighbours, volunteers, newcomers, failed = answer.context["waiting"]

    assert [item.what for item in with_contact.items] == ["eerst", "later"]
    assert [item.what for item in told.items] == ["Iemand is niet aardig"]
    assert waiting.first_name in [item.what for item in neighbours.items]
    assert [item.detail for item in failed.items] == ["The mail server said no"]
    for items in (with_contact, told, neighbours, volunteers, newcomers, failed):
        assert client.get(items.url).status_code == 200
        assert all(client.get(item.url).status_code == 200 for item in items.items)
    assert "Verweg" not in answer.content.decode()


def test_first_page_names_requests_first(client):
    labels = [app["app_label"] for app in client.get(reverse("admin:index")).context["app_list"]]

    assert labels == ["requests_app", "volunteers", "villages", "notifications", "moderation", "accounts"]


def test_first_page_says_so_when_nothing_waits(client):
    answer = client.get(reverse("admin:index"))

    assert [items.items for items in answer.context["waiting"]] == [[]] * 7
    assert "Er wachten geen vragen" in answer.content.decode()


def test_first_page_is_about_ones_own_municipality(village):
    add_rows(village)
    elsewhere = team.at_work(team.colleague(make.municipality()))
    nobody = team.at_work(team.colleague())

    for client in (elsewhere, nobody):
        assert [items.items for items in client.get(reverse("admin:index")).context["waiting"]] == [[]] * 7
    assert Municipality.objects.count() == 2


def test_nonsense_in_the_address_is_never_a_fault(client, village):
    add_rows(village)
    url = reverse("admin:requests_app_helprequest_changelist")
    nonsense = [
        *({"p": "x"}, {"p": "99999999999999999999"}, {"o": "1.2.x"}, {"village__id__exact": "x"}),
        *({"village__id__exact": "9" * 30}, {"status__exact": "\0"}, {"_to_field": "password"}, {"nonsense": "1"}),
        *({"author__email__startswith": "a"}, {"text__startswith": "K"}, {"e": "1"}, {"village__id__exact": "\0"}),
        *({"hidden": "\0"}, {"owner__isnull": "x"}, {"rung__in": "a,b"}),
    ]

    statuses = {str(query): client.get(url, query).status_code for query in nonsense}
    chosen = [{"action": "hide", "_selected_action": pk} for pk in ("x", "\0", "9" * 30, "")]
    posted = {str(data): client.post(url, data).status_code for data in chosen}
    pages = {pk: client.get(f"{url}{pk}/change/").status_code for pk in ("x", "99999999999999999999", "_00")}

    assert {query: status for query, status in statuses.items() if status >= 500} == {}
    assert statuses["{'text__startswith': 'K'}"] == 400
    assert statuses["{'author__email__startswith': 'a'}"] == 400
    assert set(pages.values()) == {404}
    assert {data: status for data, status in posted.items() if status >= 500} == {}


def test_versions_of_a_policy_say_which_is_in_force_and_show_the_times_that_decide(village):
    make.policy(village.municipality)
    make.policy(village.municipality, first_wave_after=timedelta(minutes=1), contact_after=timedelta(hours=3))
    make.policy(village.municipality, switched_off_at=NOW)
    boss = team.at_work(team.superuser())

    text = " ".join(boss.get(reverse("admin:requests_app_policy_changelist")).content.decode().split())

    rows = dict(zip((3, 2, 1), text.split('class="field-in_force"')[1:], strict=True))
    assert rows[3].startswith(">uitgezet op 10 mrt")
    assert rows[2].startswith(">ja<")
    assert all(words in rows[2] for words in (">1 min<", ">12 % van de tijd die er is<", ">3 uur<"))
    assert rows[1].startswith(">alleen voor lopende vragen<")


def test_chances_of_a_version_are_read_as_they_are_typed(village):
    policy = make.policy(village.municipality, goals=[0.6, 0.98], caps=[5, 8])
    client = team.at_work(team.colleague(village.municipality, kind="coordinator"))

    page = client.get(reverse("admin:requests_app_policy_change", args=[policy.pk])).content.decode()

    assert "0,6 0,98" in page
    assert "5 8" in page
    assert "0.98" not in page


def test_village_without_quiet_hours_says_so(village):
    make.village("Tricht", quiet=False)
    boss = team.at_work(team.superuser())

    text = boss.get(reverse("admin:villages_village_changelist")).content.decode()

    assert '<td class="field-quiet">21:00-08:00</td>' in text
    assert '<td class="field-quiet">nooit</td>' in text


def test_messages_are_named_in_words_not_by_their_code(village):
    riet = make.neighbour(village, "Riet")
    Message.objects.create(user=riet, kind="request.taken", municipality=village.municipality)
    boss = team.at_work(team.superuser())

    text = boss.get(reverse("admin:notifications_message_changelist"), {"state": "all"}).content.decode()

    assert "request.taken</td>" not in text
    assert "Er komt iemand helpen" in text


def test_municipalities_where_nobody_works_are_no_filter_nor_a_list_to_scroll(village):
    make.policy(village.municipality)
    other = make.village().municipality
    nobody = make.municipality("Nergenshuizen")
    boss = team.at_work(team.superuser())

    for model in ("requests_app_policy", "villages_village", "accounts_staffrole"):
        filters = boss.get(reverse(f"admin:{model}_changelist")).context["cl"].filter_specs
        offered = [pk for spec in filters if spec.title == "gemeente" for pk, _name in spec.lookup_choices]
        form = boss.get(reverse(f"admin:{model}_add")).content.decode()
        assert {village.municipality_id, other.pk} <= set(offered)
        assert nobody.pk not in offered
        assert "Nergenshuizen" not in form
