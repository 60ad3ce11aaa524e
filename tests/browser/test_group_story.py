"""Riet asks the group of the Klokhuis first: Bram drives, and Hanna, its host, notes that Jan carries."""

import pytest
from django.utils import timezone

from requests_app import escalation
from requests_app.models import HelpRequest, Status
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def klokhuis(village):
    hanna = make.neighbour(village, "Hanna", email="hanna@samsam.example")
    bram = make.neighbour(village, "Bram", email="bram@samsam.example")
    group = make.group(village, "het Klokhuis", host=hanna, members=(bram,))
    group.place.address = "Dorpsplein 1"
    group.place.save()
    return group


@pytest.fixture
def draft(village, riet, klokhuis):
    """As far as the third question."""
    return make.draft(village, author=riet, slots=2, now=timezone.now())


def test_a_group_takes_it_up_together(visit, village, riet, klokhuis, draft):
    asker, host, member = visit(), visit(), visit()
    asker.has_logged_in(riet.email)
    asker.open(f"/vraag/{draft.pk}/wie/")
    asker.choose("De groep van het Klokhuis")
    asker.press("Verder")
    assert asker.reads("We leggen het voor aan de groep van het Klokhuis")
    asker.press("Plaats mijn vraag")
    escalation.sweep(timezone.now())

    # The host notes somebody without a phone, and what he does; and prints the list.
    host.has_logged_in("hanna@samsam.example")
    host.open("/van-mij/")
    host.page.get_by_role("main").get_by_role("link", name="het Klokhuis").click()
    host.settle()
    assert host.reads("Boodschappen van de Spar")
    host.follow("Wie meedoet zonder telefoon")
    host.page.get_by_label("Voornaam").fill("Jan")
    host.press("Zet erbij")
    assert host.reads("Jan")
    host.follow("Terug naar de groep")
    host.page.get_by_text("Iemand zonder telefoon doet het").click()
    host.page.get_by_label("Wie doet het?").select_option("Jan")
    host.page.get_by_label("Welk deel?").select_option("Ik til")
    host.press("Noteren")
    assert host.reads("Jan staat erbij")
    assert host.reads("Voorstraat 12")
    host.follow("Lijst voor op tafel")
    assert host.reads("☑ Jan, tilt")

    # Who has an account takes the other part, and sees who comes along.
    member.has_logged_in("bram@samsam.example")
    member.open(f"/vragen/{draft.pk}/")
    member.choose("Ik rijd")
    member.press("Ja, ik help Riet")
    assert member.reads("Ik rijd")
    assert member.reads("Jan, tilt")

    asker.open(f"/vragen/{draft.pk}/")
    assert asker.reads("Bram")
    assert asker.reads("tilt")
    assert HelpRequest.objects.get(pk=draft.pk).status == Status.TAKEN
