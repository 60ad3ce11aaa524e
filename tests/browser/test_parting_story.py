"""Something is not right, and no more contact: in a browser, with and without JavaScript."""

import pytest

from accounts.actors import web
from moderation.models import Report
from requests_app import offers
from requests_app.models import HelpRequest, Status
from tests import make
from tests.make import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_tell_the_team_and_part_with_an_appointment_that_runs(visit, clock):
    village = make.village("Beesd")
    riet = make.neighbour(village, "Riet")
    joris = make.neighbour(village, "Joris", email="joris@samsam.example")
    help_request = make.help_request(village, author=riet)
    offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
    visitor = visit()
    visitor.has_logged_in("joris@samsam.example")

    visitor.open(help_request.get_absolute_url())
    visitor.follow("Klopt er iets niet?")  # the first tap
    visitor.choose("Iemand vraagt om geld of een pinpas")
    visitor.press("Verstuur")  # the second
    assert visitor.reads("Dank je. We kijken ernaar.")
    assert visitor.reads("voor morgen 10.00 uur")
    assert Report.objects.get().reporter == joris

    visitor.follow("Geen contact meer")
    assert visitor.reads("Jullie hebben nog een afspraak")
    visitor.press("Geen contact meer")
    assert visitor.reads("Je kunt het altijd terugdraaien")
    assert HelpRequest.objects.get().status == Status.OPEN

    visitor.open("/prikbord/")
    assert not visitor.sees("Boodschappen")
    visitor.open("/van-mij/")
    visitor.follow("Wie ik liever niet tegenkom")
    visitor.page.get_by_role("button", name="Toch weer contact").click()
    visitor.settle()
    assert visitor.reads("Je hebt contact met iedereen.")
    visitor.open("/prikbord/")
    assert visitor.reads("Boodschappen")
