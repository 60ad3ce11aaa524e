"""The page of a conversation, as each of the two sees it and as nobody else does."""

from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import staff, web
from moderation import blocking
from moderation.models import Block
from notifications.models import Message, State
from requests_app import conversation, lifecycle, moderating, offers, pace, talk
from requests_app.models import ConversationMessage, Event, PickUp, Status
from tests import make
from tests.cast import as_reader
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HTMX = {"HX-Request": "true", "HX-Target": "talk"}
FRIDAY_10 = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
PAGES = ("conversation", "propose_time", "share_phone", "appointment_file", "afterwards")
VERBS = ("conversation", "propose_time", "share_phone", "thank", "keep_apart", "ask_to_talk")


@pytest.fixture
def riet(beesd):
    return make.neighbour(beesd, "Riet", phone="+31687654321")


@pytest.fixture
def joris(beesd):
    return make.neighbour(beesd, "Joris", street="Achterstraat", phone="+31611112222")


@pytest.fixture
def pick_up(beesd, riet, joris):
    help_request = make.help_request(beesd, author=riet, address="Voorstraat 12", slots=2)
    offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
    return PickUp.objects.select_related("help_request").get()


@pytest.fixture
def visit(client):
    """``visit(person)``: the same browser, logged in as this person, reading English."""

    def arrive(person):
        as_reader(client, person)
        return client

    return arrive


def text_of(response):
    return unescape(response.content.decode())


def url(name, pick_up, *more):
    return reverse(name, args=[pick_up.pk, *more])


def page(client, pick_up, **extra):
    return client.get(url("conversation", pick_up), **extra)


def say(pick_up, by, text):
    conversation.say(pick_up.pk, by=by, kind="words", text=text, key=uuid4(), now=timezone.now())


def ask_time(pick_up, by, at=FRIDAY_10):
    conversation.propose(pick_up.pk, by=by, moment_at=at, now=timezone.now())
    return pick_up.proposed_moments.get(answer="")


def card_of(response):
    return text_of(response).partition('class="card deal')[2].partition("</section>")[0]


def talk_of(text):
    """What htmx swaps, of a page or of a part, without the tokens that differ each time."""
    part = text.partition('id="talk" tabindex="-1">')[2].partition('<form class="composer')[0] or text
    part = part.partition('<section class="card deal')[2].partition("data-looks-again></div>")[0]
    head, *tails = part.split('name="csrfmiddlewaretoken" value="')
    return head + "".join(tail.partition('"')[2] for tail in tails)


# -- whose it is


def test_for_everybody_else_it_does_not_exist_also_for_the_other_helper(visit, beesd, pick_up):
    bram = make.neighbour(beesd, "Bram")
    offers.say_yes(pick_up.help_request_id, helper=bram, actor=web(bram), now=NOW)
    others = [bram, make.neighbour(beesd), beesd.contact_person.user]

    for person in others:
        client = visit(person)
        assert [client.get(url(name, pick_up)).status_code for name in PAGES] == [404] * len(PAGES)
        assert [client.post(url(name, pick_up)).status_code for name in VERBS] == [404] * len(VERBS)

    assert not pick_up.messages.exists()
    assert not Block.objects.exists()


def test_it_is_private_and_kept_by_no_browser(visit, pick_up, joris):
    client = visit(joris)

    for name in ("conversation", "propose_time", "share_phone"):
        assert "no-store" in client.get(url(name, pick_up)).headers["Cache-Control"]
    client.logout()
    assert page(client, pick_up).status_code == 302


def test_each_reads_who_wrote_what_and_who_sees_the_address(visit, pick_up, riet, joris):
    say(pick_up, joris, "Zal ik om twee uur komen?")
    say(pick_up, riet, "<b>Graag</b>")

    asker, helper = text_of(page(visit(riet), pick_up)), text_of(page(visit(joris), pick_up))

    assert "Joris is helping you with groceries" in asker
    assert "Joris, Achterstraat" in asker
    assert "Only Joris sees this" in asker
    assert "You are helping Riet with groceries" in helper
    assert "Voorstraat 12" in helper
    assert asker.count("msg--me") == helper.count("msg--me") == 1
    assert "&lt;b&gt;Graag" in page(visit(joris), pick_up).content.decode()
    assert "Never hand over your bank card or PIN." in asker


def test_request_page_leads_both_to_the_conversation(visit, pick_up, riet, joris):
    for person in (riet, joris):
        shown = text_of(visit(person).get(reverse("help_request", args=[pick_up.help_request_id])))
        assert url("conversation", pick_up) in shown
        assert "To your conversation" in shown


# -- writing


def send(client, pick_up, key=None, **data):
    data.setdefault("key", key or str(uuid4()))
    return client.post(url("conversation", pick_up), data, follow=True)


def test_a_quick_answer_and_own_words(visit, pick_up, riet, joris):
    client = visit(joris)
    send(client, pick_up, quick="fine")
    send(client, pick_up, text="Tot donderdag.\r\nIk bel aan.")

    assert [message.text for message in pick_up.messages.all()] == ["fine", "Tot donderdag.\nIk bel aan."]
    client = visit(riet)
    client.cookies["django_language"] = "nl"
    assert "Dat is goed" in text_of(page(client, pick_up))


def test_the_same_form_twice_says_that_it_was_sent(visit, pick_up, joris):
    client, key = visit(joris), str(uuid4())
    send(client, pick_up, key, quick="fine")

    again = send(client, pick_up, key, quick="fine")

    assert "You had sent this already" in text_of(again)
    assert pick_up.messages.count() == 1


def test_what_was_typed_beside_a_quick_answer_is_not_lost(visit, pick_up, joris):
    answer = send(visit(joris), pick_up, quick="fine", text="Nog een vraag")

    assert "Nog een vraag</textarea>" in text_of(answer)
    assert pick_up.messages.get().text == "fine"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Write a message, or choose a quick answer"),
        ({"text": "  "}, "Write a message, or choose a quick answer"),
        ({"text": "a" * 501}, "Make your text shorter. 500 characters fit"),
    ],
)
def test_a_message_that_cannot_be_sent_is_explained_and_kept(visit, pick_up, joris, data, said):
    answer = send(visit(joris), pick_up, **data)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert data.get("text", "").strip() in text_of(answer)
    assert not pick_up.messages.exists()


@pytest.mark.parametrize("nonsense", [{"quick": "nothing"}, {"key": "x", "text": ""}, {"text": "\0"}])
def test_nonsense_stores_nothing(visit, pick_up, joris, nonsense):
    assert send(visit(joris), pick_up, **nonsense).status_code == 422
    assert not pick_up.messages.exists()


def test_opening_the_conversation_is_having_read_its_news(visit, pick_up, riet, joris):
    say(pick_up, joris, "Hoi")
    client = visit(riet)
    client.head(url("conversation", pick_up))
    assert Message.objects.filter(user=riet, kind="message.new", read_at=None, channel="in_app").exists()

    page(client, pick_up)

    assert not Message.objects.filter(user=riet, kind="message.new", read_at=None, channel="in_app").exists()
    assert not Message.objects.filter(user=riet, kind="message.new", state=State.DUE).exists()


def test_many_messages_are_read_page_by_page(visit, pick_up, joris, django_assert_max_num_queries):
    rows = [
        ConversationMessage(
            pick_up=pick_up, author=joris, text=f"Bericht {n}.", key=uuid4(), at=NOW + timedelta(minutes=n)
        )
        for n in range(talk.PAGE + 5)
    ]
    ConversationMessage.objects.bulk_create(rows)
    client = visit(joris)

    with django_assert_max_num_queries(20):
        newest = text_of(page(client, pick_up))
    older = text_of(client.get(url("conversation", pick_up), {"before": pick_up.messages.all()[5].pk}))

    assert ("Bericht 5." in newest, "Bericht 4." in newest, "You are going to help" in newest) == (True, False, False)
    assert ("Bericht 5." in older, "Bericht 4." in older, "You are going to help" in older) == (False, True, True)
    assert "data-looks-again" not in older.partition("<main")[2]
    assert client.get(url("conversation", pick_up), {"before": "x"}).status_code == 404


# -- htmx


def test_page_after_a_message_is_that_of_a_fresh_page(visit, pick_up, joris):
    client = visit(joris)

    swapped = client.post(url("conversation", pick_up), {"key": str(uuid4()), "text": "Tot donderdag."}, headers=HTMX)

    text = text_of(swapped)
    assert "<html" not in text
    assert "Tot donderdag." in talk_of(text)
    assert talk_of(text) == talk_of(text_of(page(client, pick_up)))
    assert text.count("hx-swap-oob") == 2  # the key and the field of the form: it is empty, and new


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_page_after_an_answer_is_that_of_a_fresh_page(visit, pick_up, riet, joris, answer):
    question = ask_time(pick_up, joris)
    client = visit(riet)

    swapped = client.post(url("answer_time", pick_up, question.pk), {"answer": answer}, headers=HTMX, follow=True)

    assert "<html" not in text_of(swapped)
    assert talk_of(text_of(swapped)) == talk_of(text_of(page(client, pick_up)))
    assert "hx-swap-oob" not in text_of(swapped)  # what somebody is typing is left alone


def test_looking_again_brings_what_is_new_and_nothing_otherwise(visit, pick_up, riet, joris):
    client = visit(riet)
    look = text_of(page(client, pick_up)).partition("<main")[2].partition('hx-get="')[2].partition('"')[0]

    assert client.get(look, headers=HTMX).status_code == 204
    say(pick_up, joris, "Hoi Riet")
    again = client.get(look, headers=HTMX)

    assert "Hoi Riet" in text_of(again)
    assert talk_of(text_of(again)) == talk_of(text_of(page(client, pick_up)))
    assert client.get(look).status_code == 200  # opened as a page it is a page


# -- the appointment


def test_another_time_is_asked_and_answered(visit, pick_up, riet, joris):
    client = visit(joris)
    assert "For example 12-3-2026" in text_of(client.get(url("propose_time", pick_up)))
    asked = client.post(url("propose_time", pick_up), {"day": "vrijdag", "time": "10.00"}, follow=True)
    assert "You asked: is Friday 13 March at 10:00 possible too?" in card_of(asked)
    assert "Agreed" not in card_of(asked)

    client = visit(riet)
    shown = page(client, pick_up)
    assert "Joris asks: is Friday 13 March at 10:00 possible too?" in card_of(shown)
    question = pick_up.proposed_moments.get()
    agreed = client.post(url("answer_time", pick_up, question.pk), {"answer": "yes"}, follow=True)

    assert "Friday 13 March at 10:00" in card_of(agreed)
    assert "Agreed" in card_of(agreed)
    assert "Add to your calendar" in card_of(agreed)


def test_a_question_that_was_taken_back_just_before_gets_a_friendly_page(visit, pick_up, riet, joris):
    question = ask_time(pick_up, joris)
    conversation.keep(pick_up.pk, question_pk=question.pk, by=joris, now=NOW)

    late = visit(riet).post(url("answer_time", pick_up, question.pk), {"answer": "yes"})

    assert late.status_code == 409
    assert "That time is not asked any more" in text_of(late)
    assert url("conversation", pick_up) in text_of(late)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"day": "31-2-2026", "time": "10"}, "Write the day like this"),
        ({"day": "9-3-2026", "time": "10"}, "Choose a day that is still to come"),
        ({"day": "vandaag", "time": "8.00"}, "This moment has already begun"),
        ({"day": "morgen", "time": "half tien"}, "Write the time like this"),
        ({"day": "10-3-2028", "time": "10"}, "Choose a day within a year"),
        ({}, "Write the time like this"),
    ],
)
def test_a_time_that_cannot_be_understood_is_explained(visit, pick_up, joris, data, said):
    answer = visit(joris).post(url("propose_time", pick_up), data)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not pick_up.proposed_moments.exists()


def test_opening_the_address_of_an_answer_changes_nothing(visit, pick_up, riet, joris):
    question = ask_time(pick_up, joris)
    client = visit(riet)

    for name in ("thank", "keep_apart", "ask_to_talk"):
        assert client.get(url(name, pick_up)).status_code == 302
    for answer in (client.get, client.post):
        assert answer(url("answer_time", pick_up, question.pk)).headers["Location"] == url("conversation", pick_up)

    question.refresh_from_db()
    assert question.answer == ""
    assert not Block.objects.exists()


def test_the_calendar_file_is_there_once_there_is_a_time(visit, pick_up, riet, joris):
    client = visit(joris)
    assert client.get(url("appointment_file", pick_up)).status_code == 404
    question = ask_time(pick_up, joris)
    conversation.accept(pick_up.pk, question_pk=question.pk, by=riet, actor=web(riet), now=NOW)

    file = client.get(url("appointment_file", pick_up))

    assert file.headers["Content-Type"].startswith("text/calendar")
    assert b"DTSTART:20260313T090000Z" in file.content
    lifecycle.call_off(pick_up.help_request_id, pick_up_pk=pick_up.pk, actor=web(riet), now=NOW)
    assert client.get(url("appointment_file", pick_up)).status_code == 404


def test_phone_numbers_stand_on_the_page_of_both_once_both_gave_them(visit, pick_up, riet, joris):
    client = visit(joris)
    assert "Your number is 06 - 11 11 22 22." in text_of(client.get(url("share_phone", pick_up)))
    given = client.post(url("share_phone", pick_up), {"yes": "1"}, follow=True)
    assert "You would like to exchange phone numbers" in card_of(given)
    client = visit(riet)
    asked = page(client, pick_up)
    assert "Joris would like to exchange phone numbers" in card_of(asked)
    assert "11112222" not in card_of(asked).replace(" ", "")

    both = client.post(url("share_phone", pick_up), {"yes": "1"}, follow=True)

    assert "+31-6-11112222" in card_of(both)
    assert "+31-6-87654321" in card_of(page(visit(joris), pick_up))
    lifecycle.give_back(pick_up.help_request_id, helper=joris, actor=web(joris), now=NOW)
    assert "87654321" not in text_of(page(visit(joris), pick_up))


def test_who_has_no_number_here_can_write_it(visit, beesd, riet):
    bram = make.neighbour(beesd, "Bram")
    help_request = make.help_request(beesd, author=riet)
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW)
    pick_up, client = help_request.pick_ups.get(), visit(bram)

    wrong = client.post(url("share_phone", pick_up), {"phone": "12"})
    client.post(url("share_phone", pick_up), {"phone": "06 12 34 00 00"})

    assert wrong.status_code == 422
    assert "like this: 06 12 34 56 78" in text_of(wrong)
    bram.refresh_from_db()
    assert str(bram.phone) == "+31612340000"


# -- over


def test_after_the_appointment_both_can_read_and_nobody_sees_the_address(visit, pick_up, riet, joris, clock):
    say(pick_up, joris, "Tot donderdag.")
    lifecycle.finish(pick_up.help_request_id, worked=True, actor=web(riet), now=NOW)

    for person in (riet, joris):
        shown = text_of(page(visit(person), pick_up))
        assert "Tot donderdag." in shown
        assert "Voorstraat 12" not in shown
        assert "composer" in shown  # a forgotten bag
    clock.move_to(NOW + timedelta(days=7))
    for person in (riet, joris):
        shown = text_of(page(visit(person), pick_up))
        assert "Tot donderdag." in shown
        assert "This conversation is over. You can still read it." in shown
        assert "composer" not in shown
        assert "data-looks-again" not in shown.partition("<main")[2]

    late = send(visit(joris), pick_up, text="Toch nog iets")
    assert late.status_code == 422
    assert "Toch nog iets" in text_of(late)  # what was typed is not lost


@pytest.mark.parametrize("blocker", ["riet", "joris"])
def test_without_contact_the_page_says_so_gently_and_the_same_to_both(visit, pick_up, riet, joris, blocker):
    say(pick_up, joris, "Hoi")
    one, other = (riet, joris) if blocker == "riet" else (joris, riet)
    blocking.block(one, other, now=NOW)

    for person in (riet, joris):
        shown = text_of(page(visit(person), pick_up))
        assert "You can't write to each other here any more. Is there something? Call Marieke." in shown
        assert "composer" not in shown
        assert "Voorstraat 12" not in shown
        assert "Another time" not in shown
        assert "Hoi" in shown
        assert "Cancel" in shown  # the way out stays


def test_words_that_staff_hid_are_not_read_here_either(visit, beesd, pick_up, joris):
    contact = staff(beesd.contact_person.user)
    moderating.hide(pick_up.help_request_id, reason="Eerst even kijken", actor=contact, now=NOW)

    client = visit(joris)

    assert "Boodschappen van de Spar" not in text_of(page(client, pick_up))
    assert "Boodschappen van de Spar" not in text_of(client.get(reverse("conversations")))


def test_three_taps_and_a_thank_you(visit, clock, beesd, riet, joris):
    help_request = make.help_request(beesd, author=riet)
    offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
    pick_up, client = help_request.pick_ups.get(), visit(riet)
    finish = reverse("finish", args=[help_request.pk])
    assert finish not in card_of(page(client, pick_up))  # the day is still to come
    clock.move_to(help_request.needed_by)
    assert finish in card_of(page(client, pick_up))

    asked = client.get(finish)  # tap 1
    assert [word in text_of(asked) for word in ("Yes, it worked out", "In part", "No, it didn't")] == [True] * 3
    thanks = client.post(finish, {"worked": "partly"}, follow=True)  # tap 2
    assert thanks.redirect_chain[-1][0] == url("afterwards", pick_up)
    said = client.post(url("thank", pick_up), {"sentence": "came"}, follow=True)  # tap 3

    assert "So nice that you came." in text_of(said)
    assert help_request.events.filter(kind=Event.Kind.PARTLY_DONE).exists()
    assert "So nice that you came." in text_of(page(visit(joris), pick_up))


def test_a_group_is_thanked_one_by_one_on_the_page_of_the_request(visit, clock, beesd, riet, joris, pick_up):
    bram = make.neighbour(beesd, "Bram")
    offers.say_yes(pick_up.help_request_id, helper=bram, actor=web(bram), now=NOW)
    clock.move_to(pick_up.help_request.needed_by)
    client = visit(riet)

    done = client.post(reverse("finish", args=[pick_up.help_request_id]), {"worked": "yes"}, follow=True)

    for row in PickUp.objects.all():
        assert url("afterwards", row) in text_of(done)
    assert client.get(reverse("finish", args=[pick_up.help_request_id])).status_code == 302


def test_rather_not_again_and_a_talk_are_said_quietly(visit, beesd, pick_up, riet, joris):
    lifecycle.finish(pick_up.help_request_id, worked=True, actor=web(riet), now=NOW)
    client = visit(joris)

    apart = client.post(url("keep_apart", pick_up), follow=True)
    talked = client.post(url("ask_to_talk", pick_up), follow=True)

    assert "Nobody is told." in text_of(apart)
    assert "Marieke knows that you would like to talk." in text_of(talked)
    assert (Block.objects.get().by, Block.objects.get().kind) == (joris, "apart")
    assert Message.objects.filter(kind="team.talk", user=beesd.contact_person.user).exists()
    for place in (url("afterwards", pick_up), url("conversation", pick_up)):
        told = text_of(visit(riet).get(place))
        assert "would like to talk." not in told
        assert "for each other any more" not in told


def test_nonsense_is_no_thanks_and_somebody_else_does_not_finish(visit, pick_up, riet, joris):
    client = visit(joris)
    assert client.post(reverse("finish", args=[pick_up.help_request_id]), {"worked": "yes"}).status_code == 404
    lifecycle.finish(pick_up.help_request_id, worked=True, actor=web(riet), now=NOW)

    visit(riet).post(url("thank", pick_up), {"sentence": "nothing"})
    refused = visit(joris).post(url("thank", pick_up), {"sentence": "came"}, follow=True)

    assert refused.status_code == 200
    assert not pick_up.messages.exists()


# -- the list


def test_conversations_stand_in_a_list_the_newest_first(visit, beesd, pick_up, riet, joris):
    say(pick_up, joris, "Hoi")
    second = make.help_request(beesd, author=joris, title="Fiets plakken")
    offers.say_yes(second.pk, helper=riet, actor=web(riet), now=NOW)

    shown = text_of(visit(riet).get(reverse("conversations")))
    mine = text_of(visit(riet).get(reverse("mine")))

    assert shown.index("Fiets plakken") < shown.index("Boodschappen van de Spar")
    assert shown.count("card--ask") == 1
    assert url("conversation", pick_up) in mine
    assert reverse("conversations") in text_of(visit(riet).get(reverse("inbox")))


def test_who_has_no_conversation_reads_so(visit, beesd, pick_up):
    assert "No messages yet." in text_of(visit(make.neighbour(beesd)).get(reverse("conversations")))


def test_the_list_goes_on_and_costs_the_same(visit, monkeypatch, beesd, riet, joris, django_assert_max_num_queries):
    monkeypatch.setattr(pace, "MOST_REQUESTS", 99)  # as if it were on many days
    for number in range(22):
        help_request = make.help_request(beesd, author=riet, title=f"Vraag {number} hier")
        offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
        lifecycle.finish(help_request.pk, worked=True, actor=web(riet), now=NOW)
    client = visit(joris)

    with django_assert_max_num_queries(8):
        first = text_of(client.get(reverse("conversations")))
    more = first.partition(f"{reverse('conversations')}?before=")[2].partition('"')[0]
    rest = text_of(client.get(reverse("conversations"), {"before": more}))

    assert ("Vraag 21 hier" in first, "Vraag 1 hier" in first) == (True, False)
    assert ("Vraag 21 hier" in rest, "Vraag 1 hier" in rest, "Vraag 0 hier" in rest) == (False, True, True)
    assert PickUp.objects.filter(help_request__status=Status.DONE).count() == 22


def test_who_wants_to_tell_the_team_about_the_other_gets_there(visit, pick_up, riet, joris):
    for reader, other in ((riet, joris), (joris, riet)):
        client = visit(reader)
        path = reverse("report", args=["person", other.pk])

        assert path in text_of(page(client, pick_up))
        assert client.get(path).status_code == 200
