"""Riet asks who she knows before the village: Els by mail, Henk by a text from her own phone."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from notifications.delivery import deliver
from requests_app.models import HelpRequest, Status
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(village, riet):
    """As far as the third question."""
    return make.draft(village, author=riet, match_mode="choose", now=timezone.now())


def adds(visitor, name, way):
    visitor.page.get_by_label("Voornaam").fill(name)
    visitor.page.get_by_label("E-mailadres of telefoonnummer").fill(way)
    visitor.press("Zet erbij")


def link_for(address):
    letter = [one for one in mail.outbox if one.to == [address]][-1]
    return re.search(r"https?://\S+?(/kring/\S+)", letter.body).group(1)


def test_own_circle_first_by_mail_without_an_account_and_by_text(visit, clock, village, riet, draft):
    asker, els = visit(), visit()
    asker.has_logged_in(riet.email)

    # Question 3: nobody is in the circle yet; two people come in, and what was chosen stays.
    asker.open(f"/vraag/{draft.pk}/wie/")
    asker.choose("Eerst mijn eigen kring")
    asker.page.get_by_text("Wie zit er in mijn kring?").first.click()
    adds(asker, "Els", "els@kring.example")
    adds(asker, "Henk", "06 12 34 56 78")
    assert asker.page.get_by_label("Eerst mijn eigen kring").is_checked()
    assert asker.page.get_by_label("Els").is_checked()
    assert asker.page.get_by_label("Henk").is_checked()
    asker.press("Verder")

    # The last look: who is asked, when it goes on, and the yes for that.
    assert asker.reads("Eerst je eigen kring: Els en Henk")
    assert asker.reads("Morgen om 8.00 uur")
    asker.choose("Dan mogen alle buren het zien")
    asker.press("Plaats mijn vraag")
    assert asker.reads("Je kring kan nu reageren")
    text = asker.page.get_by_label("Stuur deze tekst zelf naar Henk").input_value()
    assert "Hoi Henk" in text
    sms = asker.page.get_by_role("link", name="Stuur als sms").get_attribute("href")
    assert sms.startswith("sms:+31612345678?&body=Hoi%20Henk")

    # Els has no account. Looking changes nothing; her yes settles it.
    deliver(timezone.now())
    link = link_for("els@kring.example")
    els.open(link)
    assert els.reads("Riet vraagt jou als eerste")
    assert not els.sees("Voorstraat")
    assert not els.sees("Henk")
    assert HelpRequest.objects.get(pk=draft.pk).status == Status.OPEN
    els.press("Ja, ik help Riet")
    assert els.reads("Voorstraat 12")
    asker.open(f"/vragen/{draft.pk}/")
    assert asker.reads("Els")
    assert asker.reads("els@kring.example")
    asker.open("/berichten/")
    assert asker.reads("Els komt je helpen")

    # Too late for Henk, until Els can't after all.
    henk = visit()
    henk.open(re.search(r"/kring/\S+", text).group())
    assert henk.reads("Deze vraag staat niet meer voor je open")
    els.press("Afzeggen")
    assert els.reads("We laten het Riet weten en zoeken verder")
    assert not els.sees("Voorstraat 12")
    henk.open(re.search(r"/kring/\S+", text).group())
    assert henk.reads("Riet vraagt jou als eerste")
    asker.open("/berichten/")
    assert asker.reads("Els kan toch niet")

    # Henk would rather not be asked at all.
    henk.press("Haal mij uit de kring")
    henk.press("Haal mij uit de kring") if henk.sees("Liever niet gevraagd") else None
    assert henk.reads("Je zit in geen enkele kring meer")
    asker.open("/mijn-kring/")
    assert asker.reads("Els")
    assert not asker.sees("Henk")
