"""Who sees my data, the accessibility statement, helping safely: complete, never at odds with what we keep to."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from samsam import privacy
from samsam.pages import who_sees
from samsam.privacy import Period
from tests import make

pytestmark = pytest.mark.django_db


def text_of(client, path, language="en"):
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_table_with_something_personal_is_told_with_its_own_period():
    declared = {**privacy.TABLES, **privacy.WITHOUT_MODEL}
    kept = {
        (name, period) for name, table in declared.items() for period, columns in table.personal.items() if columns
    }
    told = {(name, kind.period) for kind in who_sees.KINDS for name in kind.tables}

    assert told == kept


def test_number_on_the_page_is_that_of_the_declaration(monkeypatch, english):
    longer = Period(3 * privacy.AFTER_CLOSING.length, privacy.AFTER_CLOSING.since)
    monkeypatch.setitem(who_sees.SENTENCES, longer, who_sees.SENTENCES[privacy.AFTER_CLOSING])

    assert who_sees.kept(privacy.AFTER_CLOSING) == "Until 6 months after the request closed."
    assert who_sees.kept(longer) == "Until 18 months after the request closed."


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [("en", 1, "1 day"), ("en", 30, "1 month"), ("nl", 180, "6 maanden"), ("nl", 45, "45 dagen")],
)
def test_length_is_said_in_days_or_months(monkeypatch, language, days, words):
    period = Period(timedelta(days=days), "it was written")
    monkeypatch.setitem(who_sees.SENTENCES, period, "%(length)s")

    with translation.override(language):
        assert who_sees.kept(period) == words


def test_page_says_who_sees_what_and_how_long(client):
    page = text_of(client, "/wie-ziet-mijn-gegevens/")

    assert page.count('class="card card--flat"') == len(who_sees.KINDS)
    assert re.search(r"Your address</h3>\s*<p>Only the neighbour who comes.*?6 months after", page, re.DOTALL)


@pytest.mark.parametrize("path", ["/wie-ziet-mijn-gegevens/", "/toegankelijkheid/"])
def test_page_says_whom_to_call(client, settings, path):
    settings.PHONE = ""
    assert "Choose your village, then you see whom you can call." in text_of(client, path)

    settings.PHONE = "030 123 45 67"
    assert "Call us. We look at it with you." in text_of(client, path)

    client.force_login(make.neighbour(make.village("Beesd")))
    assert "Call Marieke" in text_of(client, path)


def test_statement_says_what_we_aim_at_how_we_test_and_what_is_not_good_yet(client):
    page = text_of(client, "/toegankelijkheid/")

    for words in (
        "WCAG 2.2, level AA",
        "in part",
        "Nobody has tested SamSam with a screen reader yet",
        "Nov. 26, 2026",
    ):
        assert words in page


@pytest.mark.parametrize("path", ["/wie-ziet-mijn-gegevens/", "/toegankelijkheid/"])
def test_every_page_leads_to_both(client, path):
    assert f'href="{path}"' in text_of(client, "/letters/")


def test_every_page_leads_to_how_to_help_safely(client):
    assert 'href="/veilig-helpen/"' in text_of(client, "/letters/")

    page = text_of(client, "/veilig-helpen/", "nl")

    assert "Geef nooit je pinpas of pincode mee." in page
    assert 'href="tel:112"' in page
