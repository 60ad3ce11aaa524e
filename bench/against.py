"""Seven races: thirty at the same moment, most of them to help, one or more to change what they are after.

Each is one round in a room, and says in its docstring which ends there are; anything else is wrong.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.actors import web
from bench.doors import AT_ONCE, Press
from bench.room import CHANCE, Room, Round, active, sorry
from moderation.models import Block
from notifications.models import Channel, Message
from requests_app import escalation, offers
from requests_app.models import Event, MatchMode, Offer, PickUp, Status
from requests_app.texts import OFFER_OVER, TOO_LATE
from volunteers.models import Ask

REASON = "Er staat een adres in."
OFFER_TOO = 10  # neighbours, while two offers are accepted
PAIRS = 10  # neighbours who in one tab say yes, and in the other that they want no contact with who asks
LONG_AGO = timedelta(days=40)
LATE = (HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND)
LATE_OR_HIDDEN = (*LATE, HTTPStatus.FOUND)


def withdraw(room: Room) -> Round:
    """Take against withdraw. It is off the board and nobody comes: nobody said yes, or one did and is called off."""
    with room.request() as asked:
        takes = room.takes(asked, room.neighbours[1:])
        button = Press(room.tab(room.author), reverse("withdraw", args=[asked.pk]))
        seen, (answer,) = room.race(takes, button)
        asked.refresh_from_db()
        came = list(asked.pick_ups.values_list("end", flat=True))
        rules = {
            "withdrawn, with good news": asked.status == Status.WITHDRAWN and answer.done,
            "one came, or none": came in ([], [PickUp.End.CALLED_OFF]),
            "as many as got a yes": len(came) == sum(one.done for one in seen),
            "who came is told": _told(asked.pk, "pickup.called_off") == len(came),
        }
        end = "somebody came, and was called off" if came else "nobody came"
        return room.judge(asked, end, rules, takes, seen, answer, kindly=LATE)


def hide(room: Room) -> Round:
    """Take against hide. Hidden, with who said yes before that as its helper, or nobody; never one who came after."""
    with room.request() as asked:
        takes = room.takes(asked, room.neighbours[1:])
        where = reverse("admin:requests_app_helprequest_changelist")
        words = {"action": "hide", ACTION_CHECKBOX_NAME: str(asked.pk), "reason": REASON}
        seen, (answer,) = room.race(takes, Press(room.tab(room.moderator), where, words))
        asked.refresh_from_db()
        order = list(
            asked.events.filter(kind__in=[Event.Kind.PICKED_UP, Event.Kind.HIDDEN])
            .order_by("pk")
            .values_list("kind", flat=True)
        )
        came = active(asked)
        rules = {
            "hidden, with good news": asked.hidden_at is not None and answer.done,
            "a yes before it, or none": order in ([Event.Kind.HIDDEN], [Event.Kind.PICKED_UP, Event.Kind.HIDDEN]),
            "as many as got a yes": len(came) == sum(one.done for one in seen),
            "who asked reads why": REASON in room.tab(room.author).look(asked.get_absolute_url()).page,
        }
        end = "somebody came before" if came else "nobody came"
        return room.judge(asked, end, rules, takes, seen, answer, kindly=LATE_OR_HIDDEN)


def escalate(room: Room) -> Round:
    """Take against escalate, by clock and asker. One comes; no volunteer was asked, or each once: and not any more."""
    Ask.objects.update(asked_at=timezone.now() - LONG_AGO)  # else nobody could be asked again today
    with room.request(next_at=timezone.now()) as asked:
        takes = room.takes(asked, room.neighbours[1:])
        button = Press(room.tab(room.author), reverse("ask_volunteers_now", args=[asked.pk]))
        with ThreadPoolExecutor(1) as clock:
            clock.submit(_sweep, CHANCE.uniform(0, 0.05))
            seen, (answer,) = room.race(takes, button)
        asked.refresh_from_db()
        asks = list(Ask.objects.filter(subject=asked.pk).values_list("volunteer", "answer"))
        waves = asked.events.filter(kind=Event.Kind.ASKED).count()
        rules = {
            "one comes": asked.status == Status.TAKEN and sum(one.done for one in seen) == 1,
            "nobody is asked twice": len(dict(asks)) == len(asks) and waves == bool(asks),
            "nobody is asked any more": {answer for _, answer in asks} <= {Ask.Answer.WITHDRAWN},
            "who was asked hears that": _told(asked.pk, "volunteer.taken") == len(asks),
            "no mail still asks": not _mails_that_ask(asked.pk),
            "who asked gets an answer": answer.status == HTTPStatus.FOUND,
        }
        end = "volunteers were asked first" if asks else "no volunteer was asked"
        return room.judge(asked, end, rules, takes, seen, answer)


def block(room: Room) -> Round:
    """Take against block. Nobody comes to somebody they want no contact with: one of the others does, or nobody."""
    with room.request() as asked:
        wary, others = room.neighbours[:PAIRS], room.neighbours[PAIRS : AT_ONCE - PAIRS]
        takes = room.takes(asked, [*wary, *others])
        parting = reverse("no_contact", args=[room.author.pk])
        seen, answers = room.race(takes, *(Press(room.tab(person, 1), parting) for person in wary))
        asked.refresh_from_db()
        came = [pick_up.helper for pick_up in active(asked)]
        apart = set(Block.objects.filter(other=room.author).values_list("by", flat=True))
        rules = {
            "all are kept apart": apart == {person.pk for person in wary} and all(one.done for one in answers),
            "nobody who is comes": not apart & {person.pk for person in came},
            "nor sees that they do": not any(room.helps(person, asked) for person in wary[:2]),
        }
        Block.objects.all().delete()
        end = "somebody else comes" if came else "nobody comes"
        return room.judge(asked, end, rules, takes, seen, *answers, kindly=LATE_OR_HIDDEN)


def give_back(room: Room) -> Round:
    """Take against give back. Who came does not any more: exactly one other does, or nobody, and it is open."""
    with room.request() as asked:
        first, *others = room.neighbours
        offers.say_yes(asked.pk, helper=first, actor=web(first), now=timezone.now())
        takes = room.takes(asked, others)
        seen, (answer,) = room.race(takes, Press(room.tab(first), reverse("give_back", args=[asked.pk])))
        asked.refresh_from_db()
        gone = asked.pick_ups.get(helper=first)
        came = active(asked)
        rules = {
            "given back, with good news": gone.end == PickUp.End.GIVEN_BACK and answer.done,
            "as many as got a yes": len(came) == sum(one.done for one in seen),
            "at most one": len(came) <= 1,
            "who gave back sees that": not room.helps(first, asked),
        }
        return room.judge(asked, "somebody else comes" if came else "open again", rules, takes, seen, answer)


def edit(room: Room) -> Round:
    """Take against edit of the places, of two: one more, or one less.

    One more: three places of which two or three are taken. One less: one place and one helper; or two were coming,
    then who asked reads that it cannot be less, and two come.
    """
    wanted = CHANCE.choice((1, 3))
    with room.request(slots=2) as asked:
        takes = room.takes(asked, room.neighbours[1:])
        words = {"version": str(asked.version), "text": asked.text, "title": asked.title, "slots": str(wanted)}
        words |= {"day": "any", "minutes": "30", "place": "home", "address": "Voorstraat 12"}
        button = Press(room.tab(room.author), reverse("edit", args=[asked.pk]), words)
        seen, (answer,) = room.race(takes, button)
        asked.refresh_from_db()
        came = len(active(asked))
        kept = answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
        rules = {
            "changed, or two were coming": asked.slots == (2 if kept else wanted) and (answer.done or kept),
            "one more is never refused": not (kept and wanted == 3),
            "as many come as there is place for": came == asked.slots or (asked.slots, came) == (3, 2),
            "as many as got a yes": came == sum(one.done for one in seen),
            "who asked reads why not": not kept or _fewer_than(2) in answer.page,
        }
        return room.judge(asked, f"{came} of {asked.slots}", rules, takes, seen, answer)


def accept(room: Room) -> Round:
    """Accept of two offers for one place, while more neighbours offer. Exactly one of the two comes.

    Each tap on that one is good news, each on the other says that the offer has ended; so do all other offers.
    """
    with room.request(match_mode=MatchMode.CHOOSE) as asked:
        two, others = room.neighbours[:2], room.neighbours[2 : 2 + OFFER_TOO]
        for person in two:
            offers.say_yes(asked.pk, helper=person, actor=web(person), now=timezone.now())
        takes = room.takes(asked, others)
        offered = list(Offer.objects.filter(help_request=asked).order_by("pk"))
        taps = [
            Press(room.tab(room.author, number), reverse("accept_offer", args=[asked.pk, offered[number % 2].pk]))
            for number in range(AT_ONCE - len(takes))
        ]
        seen, answers = room.race(takes, *taps)
        asked.refresh_from_db()
        came = active(asked)
        chosen = next((number for number, offer in enumerate(offered) if came and offer.helper == came[0].helper), -1)
        mine, other = answers[chosen % 2 :: 2], answers[1 - chosen % 2 :: 2]
        settled = set(Offer.objects.filter(help_request=asked).exclude(pk=offered[chosen].pk).values_list("answer"))
        rules = {
            "one of the two comes": asked.status == Status.TAKEN and len(came) == 1 and chosen >= 0,
            "good news for each tap on it": all(one.done for one in mine),
            "the other has ended": all(_has_ended(one.status, one.page) for one in other),
            "nobody waits for an answer": settled <= {(Offer.Answer.SETTLED,)},
        }
        failed = sum(one.failed for one in [*seen, *answers])
        end = "the first" if chosen == 0 else "the second"
        # Who offered in time got a yes to that, not to a place: the rules about places are looked at without them.
        late = [(press, one) for press, one in zip(takes, seen, strict=True) if not one.done]
        round_ = room.judge(asked, end, rules, [press for press, _ in late], [one for _, one in late])
        return Round(round_.end, round_.wrong, failed)


RACES = {
    "take against withdraw": withdraw,
    "take against hide": hide,
    "take against escalate": escalate,
    "take against block": block,
    "take against give back": give_back,
    "take against edit of the places": edit,
    "accept of two offers": accept,
}


def _fewer_than(coming: int) -> str:
    """What who asked reads when so many are coming already."""
    with translation.override("nl"):
        text = gettext("%(count)s people are already coming. Choose %(count)s or more") % {"count": coming}
    return text.partition(". ")[0]


def _has_ended(status: int, page: str) -> bool:
    return status == HTTPStatus.CONFLICT and (sorry(OFFER_OVER) in page or sorry(TOO_LATE) in page)


def _told(pk: int, kind: str) -> int:
    """How many people read this on the site."""
    told = Message.objects.filter(kind=kind, channel=Channel.IN_APP, params__help_request=pk)
    return told.values("user").distinct().count()


def _mails_that_ask(pk: int) -> int:
    rows = Message.objects.filter(kind="volunteer.asked", channel=Channel.MAIL, params__help_request=pk)
    return rows.exclude(state=Message.State.DROPPED).count()


def _sweep(pause: float) -> None:
    """The clock, which comes somewhere in between."""
    try:
        time.sleep(pause)
        escalation.sweep(timezone.now())
    finally:
        connection.close()
