"""The pages of a group: for its people, for the host, on paper, and for the asker."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import web
from requests_app import escalation, group_words, groups, offers, timeline
from requests_app.models import Audience, GroupAsk, HelpRequest, MatchMode, Offer, PickUp
from requests_app.models.help_request import Rung
from tests import make
from tests.make import NOW
from villages.models import Member, Village

pytestmark = pytest.mark.usefixtures("clock")
HOUR = timedelta(hours=1)


@pytest.fixture
def hanna(beesd):
    return make.neighbour(beesd, "Hanna")


@pytest.fixture
def bram(beesd):
    return make.neighbour(beesd, "Bram")


@pytest.fixture
def klokhuis(beesd, hanna, bram):
    return make.group(beesd, "het Klokhuis", host=hanna, members=(bram, "Jan", "Mien"))


@pytest.fixture
def asked(beesd, klokhuis):
    """It lies before the group, and before nobody else."""
    return put_before(beesd)


def put_before(beesd, **fields):
    help_request = make.help_request(beesd, **{"audience": Audience.GROUP, "slots": 3, **fields})
    escalation.sweep(NOW)
    help_request.refresh_from_db()
    assert help_request.rung == Rung.GROUP
    return help_request


def text_of(answer):
    return " ".join(answer.content.decode().split())


def page_of(group):
    return reverse("group", args=[group.pk])


def test_its_people_find_it_among_what_is_theirs_and_others_find_nothing(client, beesd, klokhuis, asked, bram):
    client.force_login(bram)
    assert page_of(klokhuis) in text_of(client.get(reverse("mine")))
    assert asked.title in text_of(client.get(page_of(klokhuis)))
    assert "Noteren" not in text_of(client.get(page_of(klokhuis)))

    client.force_login(make.neighbour(beesd))
    assert "Mijn groep" not in text_of(client.get(reverse("mine")))
    assert client.get(page_of(klokhuis)).status_code == 404
    assert client.get(asked.get_absolute_url()).status_code == 404


def test_the_address_is_not_on_it_until_somebody_comes(client, klokhuis, asked, hanna):
    client.force_login(hanna)
    assert "Voorstraat 12" not in text_of(client.get(page_of(klokhuis)))
    jan = klokhuis.members.get(name="Jan")

    said = {"member": jan.pk, "deed": "carry"}
    answer = client.post(reverse("group_yes", args=[klokhuis.pk, asked.pk]), said, follow=True)

    text = text_of(answer)
    assert "Jan staat erbij" in text
    assert "Voorstraat 12" in text
    pick_up = PickUp.objects.get()
    assert (pick_up.member, pick_up.deed) == (jan, "carry")

    client.post(reverse("group_back", args=[klokhuis.pk, asked.pk]), {"member": jan.pk})
    assert "Voorstraat 12" not in text_of(client.get(page_of(klokhuis)))


def test_nobody_chosen_is_said_in_the_form(client, klokhuis, asked, hanna):
    client.force_login(hanna)

    answer = client.post(reverse("group_yes", args=[klokhuis.pk, asked.pk]), {"member": ""})

    assert answer.status_code == 422
    assert "Kies wie het doet" in text_of(answer)
    assert not PickUp.objects.exists()


def test_who_does_it_already_is_no_choice_after_a_mistake_either(client, klokhuis, asked, hanna):
    jan = klokhuis.members.get(name="Jan")
    groups.say_yes_for(asked.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW)
    client.force_login(hanna)

    fresh = text_of(client.get(page_of(klokhuis)))
    refused = text_of(client.post(reverse("group_yes", args=[klokhuis.pk, asked.pk]), {"member": ""}))

    for text in (fresh, refused):
        assert f'<option value="{jan.pk}">' not in text
        assert f">{klokhuis.members.get(name='Mien').name}</option>" in text


def test_only_a_host_says_who_does_it(client, klokhuis, asked, bram):
    jan = klokhuis.members.get(name="Jan")
    client.force_login(bram)

    for name, args in (("group_yes", [klokhuis.pk, asked.pk]), ("group_back", [klokhuis.pk, asked.pk])):
        assert client.post(reverse(name, args=args), {"member": jan.pk}).status_code == 404
    assert client.get(reverse("group_people", args=[klokhuis.pk])).status_code == 404
    assert client.get(reverse("group_list", args=[klokhuis.pk])).status_code == 404
    assert not PickUp.objects.exists()


def test_looking_changes_nothing(client, klokhuis, asked, hanna):
    client.force_login(hanna)
    jan = klokhuis.members.get(name="Jan")

    client.get(reverse("group_yes", args=[klokhuis.pk, asked.pk]))
    client.get(reverse("group_back", args=[klokhuis.pk, asked.pk]))
    client.get(reverse("group_remove", args=[klokhuis.pk, jan.pk]))

    assert not PickUp.objects.exists()
    assert Member.objects.filter(name="Jan").exists()


def test_the_host_keeps_first_names_and_lets_them_go(client, klokhuis, asked, hanna):
    client.force_login(hanna)
    url = reverse("group_people", args=[klokhuis.pk])

    client.post(url, {"name": "  Piet "})
    client.post(url, {"name": "piet"})
    piet = Member.objects.get(name="Piet")
    groups.say_yes_for(asked.pk, member=piet.pk, host=hanna, actor=web(hanna), now=NOW)
    refused = client.post(reverse("group_remove", args=[klokhuis.pk, piet.pk]), follow=True)
    assert "Piet helpt nu iemand" in text_of(refused)
    groups.give_back_for(asked.pk, member=piet.pk, host=hanna, actor=web(hanna), now=NOW)
    client.post(reverse("group_remove", args=[klokhuis.pk, piet.pk]))

    piet.refresh_from_db()
    assert (piet.name, piet.left_at) == ("", NOW)
    assert "Piet" not in text_of(client.get(url))
    assert client.post(url, {"name": ""}).status_code == 422
    assert "maxlength" not in client.get(url).content.decode()  # a browser cuts in silence
    assert "Maak de naam korter" in text_of(client.post(url, {"name": "x" * 41}))


@pytest.mark.parametrize("name", ["06 12 34 56 78", "piet@example.nl", "http://piet.example", "12", "?"])
def test_a_first_name_in_a_group_is_no_number_or_address(client, klokhuis, hanna, name):
    client.force_login(hanna)

    page = client.post(reverse("group_people", args=[klokhuis.pk]), {"name": name})

    assert page.status_code == 422
    assert "Schrijf alleen een voornaam" in text_of(page)
    assert not Member.objects.filter(name=name).exists()


def test_list_for_the_table_shows_what_neighbours_see_with_the_parts(client, klokhuis, asked, hanna):
    jan = klokhuis.members.get(name="Jan")
    groups.say_yes_for(asked.pk, member=jan.pk, host=hanna, deed="carry", actor=web(hanna), now=NOW)
    client.force_login(hanna)

    text = text_of(client.get(reverse("group_list", args=[klokhuis.pk])))

    for words in (asked.title, "Riet, Voorstraat", "☐ Ik rijd", "☑ Jan, tilt", "Nog 2 mensen nodig"):
        assert words in text
    assert "Voorstraat 12" not in text


def test_who_has_an_account_takes_a_part_and_sees_who_else_comes_with_which(client, klokhuis, asked, hanna, bram):
    jan = klokhuis.members.get(name="Jan")
    groups.say_yes_for(asked.pk, member=jan.pk, host=hanna, deed="carry", actor=web(hanna), now=NOW)
    client.force_login(bram)
    page = text_of(client.get(asked.get_absolute_url()))
    assert "Welk deel doe jij?" in page
    assert "We legden het voor aan je groep" in page

    client.post(reverse("take", args=[asked.pk]), {"deed": "drive"})

    page = text_of(client.get(asked.get_absolute_url()))
    assert "Ik rijd" in page
    assert "Jan, tilt" in page
    client.force_login(asked.author)
    page = text_of(client.get(asked.get_absolute_url()))
    assert ", rijdt" in page
    assert ", tilt" in page


def test_a_part_that_is_none_is_no_part(client, klokhuis, asked, bram):
    client.force_login(bram)

    client.post(reverse("take", args=[asked.pk]), {"deed": "nonsense"})

    assert PickUp.objects.get().deed == ""


def test_nobody_of_a_circle_is_named_to_who_comes_along(client, beesd, klokhuis, bram):
    asker = make.neighbour(beesd, "Riet")
    els = make.in_circle(asker, "Els")
    help_request = make.circle_request(beesd, els, author=asker, slots=2, match_mode=MatchMode.FIRST)
    from requests_app import circle

    circle.accept(help_request.circle_invites.get().pk, now=NOW)
    circle.go_on_now(help_request.pk, actor=web(asker), now=NOW)
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW)
    client.force_login(bram)

    assert "Els" not in text_of(client.get(help_request.get_absolute_url()))


def test_who_comes_from_the_board_or_another_group_does_not_read_who_has_no_account(client, beesd, klokhuis, hanna):
    other_host = make.neighbour(beesd, "Piet")
    other = make.group(beesd, "De Brink", host=other_host, members=("Kees",))
    asked = make.help_request(beesd, slots=3)
    while not asked.group_asks.exists():
        asked.refresh_from_db()
        escalation.sweep(asked.next_at)
    jan = klokhuis.members.get(name="Jan")
    groups.say_yes_for(asked.pk, member=jan.pk, host=hanna, deed="carry", actor=web(hanna), now=NOW)
    els = make.neighbour(beesd, "Els")
    offers.say_yes(asked.pk, helper=els, actor=web(els), now=NOW)

    def reads(person, address):
        client.force_login(person)
        return text_of(client.get(address))

    seen = {
        "from the board": reads(els, asked.get_absolute_url()),
        "of another group": reads(other_host, page_of(other)),
        "on its table": reads(other_host, reverse("group_list", args=[other.pk])),
    }
    for who, page in seen.items():
        assert "Jan" not in page, who
        assert "Iemand van de groep" in page, who
        assert "tilt" in page, who
    assert "Jan" in reads(hanna, page_of(klokhuis))
    assert "Jan" in reads(asked.author, asked.get_absolute_url())


def test_asker_says_yes_to_who_was_put_down(client, beesd, klokhuis, hanna):
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE)
    mien = klokhuis.members.get(name="Mien")
    groups.say_yes_for(help_request.pk, member=mien.pk, host=hanna, actor=web(hanna), now=NOW)
    client.force_login(hanna)
    assert "wacht op een ja" in text_of(client.get(page_of(klokhuis)))
    client.force_login(help_request.author)
    page = text_of(client.get(help_request.get_absolute_url()))
    assert "Mien wil je helpen" in page
    assert "uit de groep van Hanna" in page

    client.post(reverse("accept_offer", args=[help_request.pk, Offer.objects.get().pk]))

    assert PickUp.objects.get().name == "Mien"
    page = text_of(client.get(help_request.get_absolute_url()))
    assert "Naar jullie gesprek" not in page


# -- The asker chooses, and reads what happens


def test_asker_may_want_the_group_first_where_one_fits(client, beesd, klokhuis):
    draft = make.draft(beesd)
    client.force_login(draft.author)
    who = reverse("ask_who", args=[draft.pk])
    assert "De groep van het Klokhuis" in text_of(client.get(who))

    client.post(who, {"audience": "group", "match_mode": "choose"})
    check = text_of(client.get(reverse("ask_check", args=[draft.pk])))

    assert "We leggen het voor aan de groep van het Klokhuis" in check
    assert "Als een vrijwilliger of iemand van de groep ja zegt" in check
    klokhuis.delete()
    assert "De groep van" not in text_of(client.get(who))


def test_a_village_without_groups_sees_nothing_of_all_this(client, beesd, riet):
    draft = make.draft(beesd, author=riet)
    client.force_login(riet)
    pages = [
        reverse("ask_who", args=[draft.pk]),
        reverse("ask_check", args=[draft.pk]),
        reverse("mine"),
        reverse("board"),
    ]

    for url in pages:
        assert "groep" not in text_of(client.get(url)).lower().split("<main")[1], url


def test_neighbours_left_out_cannot_be_chosen(client, beesd, klokhuis):
    Village.objects.filter(pk=beesd.pk).update(skips_neighbours=True)
    draft = make.draft(beesd)
    client.force_login(draft.author)
    who = reverse("ask_who", args=[draft.pk])

    assert "Alle buren in Beesd" not in text_of(client.get(who))
    assert client.post(who, {"audience": "neighbours", "match_mode": "choose"}).status_code == 422
    now = timeline.preview(HelpRequest.objects.get(pk=draft.pk), NOW)[0]
    assert now.what == "Je vraag staat niet op het prikbord"


def test_timeline_tells_before_and_after(beesd, klokhuis, english):
    help_request = make.help_request(beesd)

    coming = [line for line in timeline.timeline(help_request, NOW) if "Klokhuis" in line.what]
    assert [(line.state, line.what) for line in coming] == [
        ("next", "Nobody yet? Then we put it before the group of het Klokhuis")
    ]
    assert coming[0].at == help_request.next_at

    escalation.sweep(help_request.next_at)
    help_request = HelpRequest.objects.select_related("village", "author", "policy").get(pk=help_request.pk)
    told = [(line.state, line.what) for line in timeline.timeline(help_request, NOW) if "Klokhuis" in line.what]
    assert told == [
        ("done", "It was put before the group of het Klokhuis"),
        ("now", "Your request lies before the group of het Klokhuis"),
    ]


def test_page_of_a_group_takes_as_many_queries_for_nine_as_for_two(client, beesd, klokhuis, hanna):
    client.force_login(hanna)

    def look(count):
        for _ in range(count):
            put_before(beesd, author=make.neighbour(beesd))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(klokhuis)).status_code == 200
        return len(queries)

    assert look(2) == look(7)


def test_once_it_is_over_it_is_not_on_the_table(client, klokhuis, asked, hanna):
    with time_machine.travel(asked.needed_by + HOUR, tick=False):
        client.force_login(hanna)
        assert asked.title not in text_of(client.get(page_of(klokhuis)))
    assert GroupAsk.objects.count() == 1


def test_who_has_no_phone_hears_from_the_host_that_it_is_off(client, beesd, hanna, klokhuis):
    help_request = put_before(beesd, match_mode=MatchMode.FIRST)
    jan = Member.objects.get(name="Jan")
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW)
    page = reverse("call_off", args=[help_request.pk, help_request.pick_ups.get().pk])
    client.force_login(help_request.author)

    assert "Jan hoort het van de gastvrouw of gastheer van de groep" in text_of(client.get(page))
    assert "Jan hoort het van de gastvrouw of gastheer van de groep" in text_of(client.post(page, follow=True))


def test_a_group_without_a_host_is_not_named_for_nothing_is_put_before_it(beesd, klokhuis):
    make.group(beesd, "de Schakel").hosts.all().delete()

    assert group_words.fitting(make.help_request(beesd)) == "de groep van het Klokhuis"
