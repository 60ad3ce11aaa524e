"""Figures on the desk of staff: for the team in full, to share without small numbers, and as files."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import web
from requests_app import lifecycle, offers
from requests_app.figures import counting, months, publishing
from requests_app.models import QuarterToShare
from samsam.pages.figures import words
from tests import make, team
from tests.make import NOW
from villages.models import Village

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = months.closes(date(2026, 1, 1), 3)  # the first quarter may be shared
PAGES = ["figures", "figures_file", "figures_to_share", "figure_words", "figure_words_file"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=True):
        yield


@pytest.fixture
def village():
    return make.village("Beesd", quiet=False)


@pytest.fixture
def desk(village):
    client = team.at_work(team.colleague(village.municipality))
    client.cookies["django_language"] = "en"
    return client


def taken(village, *, times=1, now=NOW, **fields):
    for _ in range(times):
        help_request = make.help_request(village, now=now, **fields)
        helper = make.neighbour(village)
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now + HOUR)
        lifecycle.finish(help_request.pk, worked=True, actor=web(help_request.author), now=now + 2 * HOUR)


def counted(village):
    counting.count_municipality(village.municipality_id, LATER)


def shown(client, name, **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client, name, **query):
    answer = client.get(reverse(name), query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:]), delimiter=";"))


@pytest.mark.parametrize("name", PAGES)
def test_figures_are_for_staff_with_their_second_factor(client, village, name):
    url = reverse(name)

    visitor = client.get(url)
    client.force_login(make.neighbour(village))
    resident = client.get(url)
    client.force_login(village.contact_person.user)  # the second factor was not shown
    without = client.get(url)
    own = team.at_work(village.contact_person.user).get(url)

    assert visitor.status_code == without.status_code == 302
    assert resident.status_code == 404
    assert own.status_code == 200
    assert "no-store" in own["Cache-Control"]


@pytest.mark.parametrize("name", ["figures", "figures_file", "figures_to_share", "figures_to_share_file"])
def test_figures_of_another_municipality_are_not_there(desk, village, name):
    elsewhere = make.village("Verweg")
    for place in (village, elsewhere):
        taken(place)
        counted(place)

    assert desk.get(reverse(name), {"municipality": elsewhere.municipality.code}).status_code == 404
    assert desk.get(reverse("figures"), {"village": elsewhere.slug}).status_code == 404
    own = desk.get(reverse(name)).content.decode()
    assert "Verweg" not in own
    assert elsewhere.municipality.name not in own


def test_who_works_for_two_municipalities_chooses_and_a_superuser_sees_all(village):
    other = make.village("Rumpt")
    for place in (village, other):
        taken(place, times=2)
        counted(place)
    both = team.at_work(team.colleague(village.municipality, other.municipality))

    for client in (both, team.at_work(team.superuser())):
        for place in (village, other):
            page = shown(client, "figures", municipality=place.municipality.code)
            assert f'<th scope="row">{place.name}</th>' in page
    nobody = team.at_work(team.colleague())
    assert nobody.get(reverse("figures")).status_code == 404


def test_new_village_is_told_that_there_is_nothing_yet(desk):
    page = shown(desk, "figures")
    share = shown(desk, "figures_to_share")

    assert "Nobody asked anything here in these months." in page
    assert '<svg class="chart__svg"' not in page
    assert "Nothing can be shared yet." in share
    assert desk.get(reverse("figures_to_share_file")).status_code == 404


def test_team_sees_everything_small_numbers_too(desk, village):
    taken(village, times=3)
    taken(village, category="ride")
    make.help_request(village, category="ride")
    counted(village)

    page = shown(desk, "figures", **{"from": "2026-01", "to": "2026-05"})

    assert "<dt>Requests</dt><dd><strong>5</strong>" in page
    assert "<dt>Found</dt><dd><strong>100 %</strong> <span>4 of 4</span>" in page
    assert "<dt>First reaction</dt><dd><strong>within 1 hour</strong>" in page
    assert "<dt>Open after 24 hours</dt><dd><strong>20 %</strong> <span>1</span>" in page
    for caption in ("Who helped", "Requests by month", "Found, by month"):
        assert f">{caption}</figcaption>" in page
    for name in ("Beesd", "A lift", "Groceries", "March 2026"):
        assert f'<th scope="row">{name}</th>' in page


def test_village_and_months_stand_in_the_address(desk, village):
    other = make.village("Rumpt", of=village.municipality)
    taken(village, times=3)
    taken(other)
    taken(other, now=NOW - timedelta(days=40), help_on=date(2026, 1, 31))
    counted(village)

    def requests(**query):
        return shown(desk, "figures", **query).split("<dt>Requests</dt><dd><strong>")[1].split("<")[0]

    period = {"from": "2026-03", "to": "2026-03"}
    assert requests() == "5"
    assert requests(**period) == "4"
    assert requests(village=other.slug) == "2"
    assert requests(village=other.slug, **period) == "1"
    assert requests(**{"from": "2026-03", "to": "2026-01"}) == "5"  # the wrong way around
    assert requests(**{"from": "2019-01", "to": "gisteren"}) == "5"
    assert "Rumpt" in rows(desk, "figures_file", village=other.slug)[0]["village"]


def test_one_month_has_bars_and_no_line(desk, village):
    taken(village)
    counted(village)

    page = shown(desk, "figures", **{"from": "2026-03", "to": "2026-03"})

    assert ">Who helped</figcaption>" in page
    assert ">Requests by month</figcaption>" not in page


def test_page_costs_the_same_with_more_behind_it(desk, village):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            shown(desk, "figures")
        return len(captured)

    taken(village)
    counted(village)
    few = queries()
    for name in ("Rumpt", "Tricht", "Enspijk"):
        taken(make.village(name, of=village.municipality), times=2, category="pet")
    counted(village)

    assert queries() == few
    assert few <= 9


def test_what_is_shared_shows_no_small_number(desk, village):
    small = make.village("Rumpt", of=village.municipality)
    large = make.village("Tricht", of=village.municipality)
    taken(village, times=12)
    taken(small, times=3)
    taken(large, times=11, category="ride")
    counted(village)

    page = shown(desk, "figures_to_share")
    found = rows(desk, "figures_to_share_file")
    numbers = [row for row in found if row["split"] != "measure"]
    measures = {row["column"]: row["number"] for row in found if row["split"] == "measure"}

    assert list(measures) == list(words.MEASURES_TO_SHARE)
    assert (measures["reaction_hours"], measures["volunteers"]) == ("1", "")
    assert "Quarter 1 of 2026" in page
    assert "<dt>Requests</dt><dd><strong>26</strong>" in page
    assert all(row["number"] == "" or int(row["number"]) >= 10 for row in numbers)
    told = {(row["split"], row["village"], row["column"]): row["number"] for row in numbers}
    assert told["", "", ""] == "26"
    assert told["", "Rumpt", ""] == told["", "Tricht", ""] == ""
    assert told["", "Beesd", ""] == "12"
    assert told["month", "Beesd", "2026-02-01"] == ""
    rumpt = page.split('<th scope="row">Rumpt</th>')[1:]
    assert len(rumpt) == len(publishing.SPLITS)
    assert all(set(row.split("</tr>")[0].replace("<td>", "").split("</td>")) == {"–", ""} for row in rumpt)


def test_quarter_stands_in_the_address_and_another_is_not_there(desk, village):
    taken(village, times=12)
    counted(village)

    assert "Quarter 1 of 2026" in shown(desk, "figures_to_share", quarter="2026-1")
    assert desk.get(reverse("figures_to_share"), {"quarter": "2025-4"}).status_code == 404
    assert desk.get(reverse("figures_to_share_file"), {"quarter": "2026-2"}).status_code == 404


def test_quarter_with_fewer_than_ten_people_shares_nothing(desk, village):
    taken(village, times=9)
    counted(village)

    assert "Fewer than 10 people asked something in this quarter." in shown(desk, "figures_to_share")
    assert {row["number"] for row in rows(desk, "figures_to_share_file")} == {""}


def test_what_was_shared_stays_when_a_village_is_switched_off(desk, village):
    taken(village, times=12)
    counted(village)
    Village.objects.filter(pk=village.pk).update(switched_on_at=None)

    assert '<th scope="row">Beesd</th>' in shown(desk, "figures_to_share")


def test_file_for_the_team_adds_up_to_the_page(desk, village):
    taken(village, times=2)
    taken(village, category="ride")
    counted(village)

    found = rows(desk, "figures_file")

    assert list(found[0]) == list(words.TEAM_FILE)
    assert {(row["month"], row["village"], row["category"], row["asked"], row["neighbour"]) for row in found} == {
        ("2026-03-01", "Beesd", "groceries", "2", "2"),
        ("2026-03-01", "Beesd", "ride", "1", "1"),
    }
    assert found[0]["reaction_hours"] == "1"


def test_name_that_looks_like_a_formula_is_no_formula_in_the_files(desk, village):
    Village.objects.filter(pk=village.pk).update(name='=HYPERLINK("https://kwaad.example")')
    taken(village, times=12)
    counted(village)

    names = {row["village"] for name in ("figures_file", "figures_to_share_file") for row in rows(desk, name)}

    assert names - {""} == {'\'=HYPERLINK("https://kwaad.example")'}


def test_dictionary_explains_every_column_on_the_page_and_as_a_file(desk):
    page = shown(desk, "figure_words")
    told = {row["name"]: row["meaning"] for row in rows(desk, "figure_words_file")}

    for name in (*words.TEAM_FILE, *words.SHARE_FILE, *words.MEASURES_TO_SHARE):
        assert f'<th scope="row">{name}</th>' in page
        assert told[name]


def test_dictionary_in_the_documents_has_every_column():
    document = (Path(__file__).parent.parent / "docs" / "figures-dictionary.md").read_text(encoding="utf-8")

    assert {
        name for name in (*words.TEAM_FILE, *words.SHARE_FILE, *words.MEASURES_TO_SHARE) if f"`{name}`" not in document
    } == set()


def test_first_page_of_staff_leads_to_the_figures(desk):
    assert f'href="{reverse("figures")}"' in shown(desk, "admin:index")


def test_figures_hold_no_names(desk, village):
    riet = make.neighbour(village, "Rietje-Bijzonder")
    taken(village, times=2, author=riet)
    counted(village)

    assert "Rietje" not in shown(desk, "figures") + str(QuarterToShare.objects.values_list("numbers"))
