"""What messages about a conversation say: the texts of the copy guide. Never what somebody wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from notifications.kinds import Kind, Words, always, register
from notifications.models import Group, Message
from requests_app import conversation, messages, moments, phrases, talk, words
from requests_app.messages import About
from requests_app.models import PickUp, ProposedMoment
from requests_app.push_texts import PUSH


@dataclass(frozen=True)
class AboutTalk:
    """What a message is about, as it is now; ``other`` is the name of who is not the reader."""

    pick_up: PickUp
    other: str
    question: ProposedMoment | None

    @property
    def title(self) -> str:
        """The request in a few words."""
        return phrases.title(self.pick_up.help_request)


Say = Callable[[Message, AboutTalk, datetime], Words]
StillTrue = Callable[[Message, AboutTalk, datetime], bool]


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about conversations."""
    _register("message.new", message_new, in_touch)
    _register("pickup.agreed", agreed, is_agreed)
    _register("pickup.changed", changed, is_asked)
    _register("pickup.reminder", reminder, is_ahead)
    _register("thanks.received", thanks, in_touch)
    messages.register_kind("team.talk", team_talk, always)


def gather(rows: Sequence[Message]) -> Mapping[int, AboutTalk]:
    """What these messages are about, in two queries."""
    pick_ups = PickUp.objects.select_related("helper", "help_request__author", "help_request__village__contact_person")
    found = pick_ups.in_bulk({row.params.get("pick_up", 0) for row in rows})
    questions = ProposedMoment.objects.in_bulk({row.params.get("question", 0) for row in rows})
    return {
        row.pk: AboutTalk(
            pick_up=pick_up,
            other=phrases.name(conversation.other_of(pick_up, row.user) if row.user else None),
            question=questions.get(row.params.get("question", 0)),
        )
        for row in rows
        if (pick_up := found.get(row.params.get("pick_up", 0))) is not None
    }


def in_touch(_message: Message, about: AboutTalk, _now: datetime) -> bool:
    """Neither of the two wants no contact."""
    return not conversation.out_of_touch(about.pick_up)


def is_agreed(message: Message, about: AboutTalk, _now: datetime) -> bool:
    """They come together at this moment."""
    agreed_at = about.pick_up.agreed_at
    moment = agreed_at.isoformat() if agreed_at else ""
    return about.pick_up.ended_at is None and moment == message.params.get("moment")


def is_asked(message: Message, about: AboutTalk, now: datetime) -> bool:
    """The other time still waits for an answer."""
    question = about.question
    if question is None or question.answer or question.moment_at <= now or about.pick_up.ended_at:
        return False
    return in_touch(message, about, now)


def is_ahead(message: Message, about: AboutTalk, now: datetime) -> bool:
    """The appointment it reminds of is still to come, at the moment that was meant."""
    on = moments.appointment_on(about.pick_up)
    if about.pick_up.ended_at or message.params.get("times") != about.pick_up.times_agreed:
        return False
    return on is not None and on >= saying.local_day(now) and in_touch(message, about, now)


def message_new(_message: Message, about: AboutTalk, _now: datetime) -> Words:
    """To the other: that there is something, not what."""
    return _words(
        about,
        _("You have a message from %(name)s") % {"name": phrases.short(about.other)},
        _("It's about: %(title)s.") % {"title": about.title},
    )


def agreed(message: Message, about: AboutTalk, now: datetime) -> Words:
    """To both."""
    moment = datetime.fromisoformat(str(message.params["moment"]))
    return _words(
        about,
        _("Agreed: %(moment)s") % {"moment": words.moment(moment, now)},
        _("%(title)s, with %(name)s.") % {"title": about.title, "name": about.other},
        _("Add it to your calendar."),
    )


def changed(_message: Message, about: AboutTalk, now: datetime) -> Words:
    """To the other: answer it in the conversation."""
    if about.question is None:
        return _words(about, _("There is a new time"), _("It's about: %(title)s.") % {"title": about.title})
    return _words(
        about,
        _("Another time: %(moment)s?") % {"moment": words.moment(about.question.moment_at, now)},
        _("%(name)s asks if this is possible too.") % {"name": about.other},
    )


def reminder(_message: Message, about: AboutTalk, now: datetime) -> Words:
    """To both, the day before: "tomorrow" is true when it is sent."""
    pick_up, title = about.pick_up, phrases.short(about.title)
    at, on = moments.appointment_at(pick_up), moments.appointment_on(pick_up)
    if at and on:
        facts = {
            "day": words.capital(saying.day_in_words(on, saying.local_day(now), language())),
            "title": title,
            "time": saying.clock_in_words(at, language()),
        }
        subject = _("%(day)s: %(title)s at %(time)s") % facts
    else:
        subject = _("%(when)s: %(title)s") % {"when": words.when(pick_up.help_request, now), "title": title}
    return _words(about, subject, _("Doesn't it suit you? Please let each other know."))


def thanks(message: Message, about: AboutTalk, _now: datetime) -> Words:
    """To who came: a ready sentence."""
    return _words(
        about,
        _("%(name)s says thank you") % {"name": phrases.short(about.other)},
        f'"{talk.thanks_sentence(str(message.params.get("sentence", "")))}"',
        _("It's about: %(title)s.") % {"title": about.title},
    )


def team_talk(_message: Message, about: About, _now: datetime) -> Words:
    """To the contact person: only that there is something."""
    url = reverse("admin:requests_app_helprequest_change", args=[about.help_request.pk])
    subject, button = _("Somebody would like to talk"), _("Open the overview")
    return Words(subject, _("Open the overview."), url, button, phrases.signature(about))


def _register(name: str, say: Say, still_true: StillTrue) -> None:
    kind = Kind(words=say, gather=gather, still_true=still_true, group=Group.APPOINTMENTS, push=PUSH[name])
    register(name, kind)


def _words(about: AboutTalk, subject: str, *sentences: str) -> Words:
    signature = phrases.signature(About(about.pick_up.help_request, has_address=False))
    url, button = about.pick_up.get_absolute_url(), _("To your conversation")
    return Words(subject, phrases.sentences(*sentences), url, button, signature)
