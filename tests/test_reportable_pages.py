"""Wherever somebody reads a text of another, two taps tell the team: one on the page, one that sends it.

A walk along every link of every page, as each of the people of a small village, looks for words that one of
them wrote. A new page is in it by itself.
"""

import re
from collections import deque
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import Resolver404, resolve, reverse

from accounts.actors import staff, web
from moderation import blocking, reports, subjects
from moderation.models import Report
from requests_app import conversation, escalation, going, lifecycle, offers
from requests_app.models import Audience, SpareOffer, What
from tests import make, team
from tests.cast import as_reader
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# A card or a link in a list leads to the page where the link is; so do these lists of other things.
CARD = re.compile(
    r'<article class="[^"]*" id="(?:spare|request)-.*?</article>|<a [^>]*href="/(?:vragen|ik-ga-toch)/\d+/">.*?</a>',
    re.DOTALL,
)
LISTS = {"mine", "inbox", "conversations"}
# One question about it, with the way back to that page.
STEPS = {"give_back", "too_much", "call_off", "propose_time", "share_phone", "report", "reported", "no_contact"}
NEVER = {"account_logout", "appointment_file"}


@pytest.fixture
def people(beesd):
    """Riet asks, Bram helps her and goes to the shop anyway, Wim joins him and asks too, Samira volunteers."""
    people = {name: make.neighbour(beesd, name) for name in ("Riet", "Bram", "Wim", "Noor")}
    people["Samira"] = make.volunteer(beesd, "Samira").user
    return people


@pytest.fixture
def village(beesd, people):
    """A bit of everything that somebody may write for others; each word says who wrote it."""
    riet, bram, wim = people["Riet"], people["Bram"], people["Wim"]
    taken = make.help_request(beesd, author=riet, title="Rietwoord een", text="Rietwoord twee")
    offers.say_yes(taken.pk, helper=bram, actor=web(bram), now=NOW)
    pick_up = taken.pick_ups.get()
    for by, text in ((riet, "Rietwoord drie"), (bram, "Bramwoord een")):
        conversation.say(pick_up.pk, by=by, kind="words", text=text, key=uuid4(), now=NOW)
    make.help_request(beesd, author=riet, title="Rietwoord vier", slots=3, match_mode="choose")
    asked = make.help_request(beesd, author=wim, title="Wimwoord een", audience=Audience.VOLUNTEERS)
    escalation.ask_volunteers_now(asked.pk, actor=web(wim), now=NOW)
    offered = make.help_request(beesd, author=wim, title="Wimwoord twee", match_mode="choose")
    offers.say_yes(offered.pk, helper=bram, actor=web(bram), now=NOW)
    over = make.help_request(beesd, author=riet, title="Rietwoord vijf")
    offers.say_yes(over.pk, helper=bram, actor=web(bram), now=NOW)
    lifecycle.finish(over.pk, worked=True, actor=web(riet), now=NOW)
    conversation.thank(over.pick_ups.get().pk, by=riet, sentence="came", now=NOW)
    spare = make.spare_offer(beesd, author=bram, title="Bramwoord twee", note="Bramwoord drie", places=3)
    going.take(spare.pk, taker=wim, what=What.GROCERIES, now=NOW)
    going.wish(spare.pk, taker=wim, words="Wimwoord drie", now=NOW)
    return beesd


def main_of(response):
    return unescape(response.content.decode()).partition("<main")[2].partition("</main>")[0]


def walk(client):
    """Every page that links lead to, by its address, from the main pages on."""
    todo, seen = deque(reverse(name) for name in ("board", "mine", "inbox", "volunteer", "conversations")), {}
    while todo:
        path = todo.popleft()
        if path in seen:
            continue
        response = client.get(path, follow=True)
        seen[path] = main_of(response)
        for link in re.findall(r'href="(/[^"#]*)', seen[path]):
            if link not in seen and name_of(link) and name_of(link) not in NEVER:
                todo.append(link)
    return seen


def name_of(path):
    try:
        return resolve(path.partition("?")[0]).url_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("name", ["Riet", "Bram", "Wim", "Noor", "Samira"])
def test_every_page_with_a_text_of_somebody_else_has_the_link(client, village, people, name):
    as_reader(client, people[name])
    pages = walk(client)
    reading = {path: set(re.findall(r"(\w+)woord", CARD.sub("", text))) - {name} for path, text in pages.items()}
    reading = {path: authors for path, authors in reading.items() if authors}

    for path, authors in reading.items():
        if name_of(path) in LISTS | STEPS:
            continue
        links = set(re.findall(r"/meld-het/(\w+)/(\d+)/", pages[path]))
        found = [subjects.find(kind, int(pk), people[name]) for kind, pk in links]
        assert authors <= {it.about.first_name for it in found if it}, path
        assert all(f"/meld-het/{kind}/{pk}/" in pages for kind, pk in links), "the link opens"
    # It looked at what it should: somebody who only lives there sees cards, and their pages.
    assert {"help_request", "spare_offer"} & {name_of(path) for path in reading}
    assert name not in ("Riet", "Bram") or any(name_of(path) == "conversation" for path in reading)


def test_the_asker_can_tell_about_who_offers_to_help_and_want_no_contact(client, village, people):
    as_reader(client, people["Wim"])
    pages = walk(client)

    for name in ("report", "no_contact"):
        args = ["person", people["Bram"].pk] if name == "report" else [people["Bram"].pk]
        assert any(reverse(name, args=args) in text for path, text in pages.items() if name_of(path) == "help_request")


def test_conversation_and_its_afterwards_lead_to_no_more_contact(client, village, people):
    as_reader(client, people["Bram"])
    pages = walk(client)
    part = reverse("no_contact", args=[people["Riet"].pk])

    for page in ("conversation", "afterwards"):
        assert all(part in text for path, text in pages.items() if name_of(path) == page)
        assert any(name_of(path) == page for path in pages)


# -- what a neighbour does anyway


@pytest.fixture
def spare(village):
    return SpareOffer.objects.get(village=village)


def test_what_a_neighbour_does_anyway_is_told_about_in_two_taps_and_hidden_by_the_team(client, people, spare):
    as_reader(client, people["Noor"])
    link = reverse("report", args=["spare", spare.pk])
    assert link in main_of(client.get(spare.get_absolute_url()))
    assert "Bramwoord twee" in main_of(client.get(link))

    client.post(link, {"reason": "unreal"})

    report = Report.objects.get()
    assert (report.about, report.subject_kind, report.subject) == (people["Bram"], going.SUBJECT, spare.pk)
    boss = team.colleague(spare.municipality)
    reports.decide(report.pk, outcome=Report.Outcome.HIDDEN, answer="Dit kan niet.", actor=staff(boss), now=NOW)
    spare.refresh_from_db()
    assert spare.hidden_at == NOW
    assert client.get(spare.get_absolute_url()).status_code == 404
    as_reader(client, people["Bram"])
    page = main_of(client.get(spare.get_absolute_url()))
    assert "Dit kan niet." in page
    assert "Noor" not in page


def test_staff_find_it_from_the_report(people, spare):
    boss = team.colleague(spare.municipality)
    subject = subjects.find("spare", spare.pk, people["Noor"])
    reports.report(subject, reporter=people["Noor"], reason="unreal", text="", now=NOW)

    page = team.at_work(boss).get("/beheer/moderation/report/").content.decode()

    assert reverse("admin:requests_app_spareoffer_change", args=[spare.pk]) in page


def test_hidden_already_is_simply_decided(people, spare):
    boss = team.colleague(spare.municipality)
    subject = subjects.find("spare", spare.pk, people["Noor"])
    told = reports.report(subject, reporter=people["Noor"], reason="unreal", text="", now=NOW)
    going.hide(spare.pk, reason="Al gezien.", actor=staff(boss), now=NOW)

    reports.decide(told.pk, outcome=Report.Outcome.HIDDEN, answer="Dit kan niet.", actor=staff(boss), now=NOW)

    assert Report.objects.get().outcome == "hidden"
    assert going.reason_of(spare) == "Al gezien."


@pytest.mark.parametrize("what", ["own", "elsewhere", "past", "called_off", "blocked", "nothing"])
def test_what_one_may_not_see_of_it_cannot_be_told_about(client, clock, people, spare, what):
    reader = people["Bram"] if what == "own" else people["Noor"]
    if what == "elsewhere":
        reader = make.neighbour(make.village())
    elif what == "past":
        clock.move_to(spare.leaves_at + timedelta(minutes=1))
    elif what == "called_off":
        going.call_off(spare.pk, now=NOW)
    elif what == "blocked":
        blocking.block(people["Bram"], reader, now=NOW)
    as_reader(client, reader)
    path = reverse("report", args=["spare", 10**9 if what == "nothing" else spare.pk])

    assert client.get(path).status_code == client.post(path, {"reason": "unreal"}).status_code == 404
    assert not Report.objects.exists()
