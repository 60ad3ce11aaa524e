"""Becoming a volunteer, standing by, too much and heard: in a browser, with and without JavaScript."""

import re

import pytest
from django.utils import timezone

from accounts.actors import web
from requests_app import lifecycle, offers
from requests_app.models import HelpRequest, Reserve, Status
from tests import make
from volunteers import care, verbs
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def samira(village):
    return make.neighbour(village, "Samira", email="samira@samsam.example")


def test_two_choices_and_a_button_make_a_volunteer_after_the_contact_persons_yes(visit, village, samira):
    visitor = visit()
    visitor.has_logged_in("samira@samsam.example")
    visitor.open("/vrijwilliger/")
    visitor.choose("Koffie of wandeling")
    visitor.choose("1 vraag per week")
    visitor.page.get_by_text("Vertel meer over jezelf").click()
    visitor.choose("Ik doe liever licht werk")
    visitor.look()
    visitor.press("Ik help als vrijwilliger")

    assert visitor.reads("Marieke krijgt nu bericht")
    assert visitor.reads("Marieke weet het en kijkt mee")
    volunteer = Volunteer.objects.get()
    assert (volunteer.light, volunteer.week_limit, volunteer.approved_at) == (True, 1, None)

    verbs.welcome(volunteer.pk, now=timezone.now())
    visitor.open("/vrijwilliger/")
    assert not visitor.sees("Marieke weet het en kijkt mee")
    visitor.page.get_by_text("Over jou").click()
    visitor.choose("Alleen op een plek")
    visitor.look()
    visitor.page.locator("form", has=visitor.page.get_by_label("Alleen op een plek")).get_by_role("button").click()
    visitor.settle()
    assert Volunteer.objects.get().where == "place"
    visitor.press("Zoek een maatje")
    assert visitor.reads("Marieke zoekt samen met jou een maatje")


def test_yearly_question_takes_one_tap_and_so_does_coming_back(visit, village, samira):
    now = timezone.now()
    volunteer = make.volunteer(village, "Els")
    Volunteer.objects.filter(pk=volunteer.pk).update(user=samira, check_at=now)
    visitor = visit()
    visitor.has_logged_in("samira@samsam.example")

    care.sweep(now)
    visitor.open("/vrijwilliger/")
    assert visitor.reads("Klopt dit nog?")
    visitor.press("Ja, dit klopt")
    assert visitor.reads("Alles blijft zoals het is")

    Volunteer.objects.update(retire_at=now, check_at=None)
    care.sweep(now)
    visitor.open("/vrijwilliger/")
    assert visitor.reads("We laten je nu met rust")
    visitor.press("Je mag me weer vragen")
    assert visitor.reads("Fijn dat je er weer bent")


def test_second_yes_stands_by_and_comes_when_the_first_cannot(visit, village, samira, riet):
    bram = make.neighbour(village, "Bram")
    help_request = make.help_request(village, author=riet)
    visitor = visit()
    visitor.has_logged_in("samira@samsam.example")
    visitor.open(help_request.get_absolute_url())
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=timezone.now())

    visitor.page.get_by_role("button", name=re.compile("Ja, ik help")).click()
    visitor.settle()
    assert visitor.reads("En als het toch niet doorgaat")
    visitor.complaints[:] = [line for line in visitor.complaints if "409" not in line]  # the browser names the status
    visitor.press("Vraag mij als het toch niet doorgaat")
    assert visitor.reads("Je staat klaar")
    assert Reserve.objects.get().helper == samira

    lifecycle.give_back(help_request.pk, helper=bram, actor=web(bram), now=timezone.now())
    visitor.open(help_request.get_absolute_url())
    assert visitor.reads("We vragen jou als eerste")
    visitor.page.get_by_role("button", name=re.compile("Ja, ik help")).click()
    visitor.settle()
    assert visitor.reads("Je helpt Riet|Jij helpt Riet")


def test_too_much_is_said_from_the_conversation_and_after_a_hard_visit(visit, village, samira, riet):
    now = timezone.now()
    posted = [make.help_request(village, author=riet, title=title) for title in ("Boodschappen", "Heg knippen")]
    for help_request in posted:
        offers.say_yes(help_request.pk, helper=samira, actor=web(samira), now=now)
    lifecycle.finish(posted[0].pk, worked=True, actor=web(riet), now=now)
    done, runs = (help_request.pick_ups.get() for help_request in posted)
    visitor = visit()
    visitor.has_logged_in("samira@samsam.example")

    visitor.open(f"{done.get_absolute_url()}na-afloop/")
    visitor.press("Dit was zwaar. Ik wil even praten")
    assert visitor.reads("Marieke weet dat je wilt praten|Marieke weet nu dat je wilt praten")

    visitor.open(runs.get_absolute_url())
    visitor.follow("Dit is te veel voor mij")
    visitor.choose("Deze klus is meer dan burenhulp")
    visitor.page.get_by_label(re.compile("Wil je erover praten")).check()
    visitor.press("Dit is te veel voor mij")
    assert visitor.reads("Je hoeft niets uit te leggen")
    again = HelpRequest.objects.get(pk=posted[1].pk)
    assert (again.status, again.owner) == (Status.OPEN, village.contact_person.user)
