"""Who is told what about helping as a volunteer. Mail to the team holds nothing of the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import saying
from accounts.models import User
from accounts.reader import language
from notifications.kinds import Kind, Signature, Words, register
from notifications.models import Group, Message
from notifications.outbox import enqueue
from villages import daylight
from villages.models import Village
from volunteers.models import Volunteer

Say = Callable[[Message, Volunteer, datetime], Words]
LONGEST_NAME = 24  # leaves room for the rest of a subject


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say to volunteers, and to the contact person about them."""
    _register("volunteer.welcomed", welcomed_words, is_welcomed)
    _register("volunteer.talk_first", talk_first_words, is_waiting)
    _register("volunteer.pause_ending", pause_ending_words, takes_a_break, Group.ASKED)
    _register("volunteer.certificate_ending", certificate_words, certificate_ends, Group.ASKED)
    _register("volunteer.still_right", still_right_words, is_questioned)
    _register("volunteer.left_in_peace", left_in_peace_words, is_left_in_peace)
    _register("volunteer.heard", heard_words, always)
    _register("team.volunteer", team_words, is_waiting)
    _register("team.buddy", buddy_words, wants_company)
    _register("team.volunteer_rests", too_much_words, always)


def applied(volunteer: Volunteer, now: datetime) -> None:
    """The contact person: somebody would like to help."""
    _tell_contact("team.volunteer", volunteer, f"applied-{now:%Y%m%d%H%M%S}", now)


def welcomed(volunteer: Volunteer, now: datetime) -> None:
    """The volunteer: the contact person said yes."""
    _tell("volunteer.welcomed", volunteer.user, volunteer, f"welcomed-{now:%Y%m%d%H%M%S}", now)


def talk_first(volunteer: Volunteer, now: datetime) -> None:
    """The volunteer: the contact person would like to get to know you first."""
    _tell("volunteer.talk_first", volunteer.user, volunteer, f"talk-{now:%Y%m%d%H%M%S}", now)


def looks_for_a_buddy(volunteer: Volunteer, now: datetime) -> None:
    """The contact person: somebody would rather go together."""
    _tell_contact("team.buddy", volunteer, f"buddy-{now:%Y%m%d}", now)


def too_much(volunteer: Volunteer, now: datetime) -> None:
    """The contact person, who looks in; and the volunteer: we heard you. Once a day."""
    _tell_contact("team.volunteer_rests", volunteer, f"too-much-{now:%Y%m%d}", now)
    _tell("volunteer.heard", volunteer.user, volunteer, "", now, key=f"heard-{now:%Y%m%d}:user-{volunteer.user_id}")


def pause_ending(volunteer: Volunteer, now: datetime) -> None:
    """The volunteer: your break ends tomorrow."""
    if volunteer.paused_until:
        fact = f"pause-{volunteer.paused_until:%Y%m%d%H%M}"
        _tell("volunteer.pause_ending", volunteer.user, volunteer, fact, now)


def certificate_ending(volunteer: Volunteer, now: datetime) -> None:
    """The volunteer: your certificate ends, in time for a new one."""
    fact = f"certificate-{volunteer.certificate_until_on}"
    _tell("volunteer.certificate_ending", volunteer.user, volunteer, fact, now)


def still_right(volunteer: Volunteer, now: datetime) -> None:
    """The volunteer, once a year: is this still right?"""
    _tell("volunteer.still_right", volunteer.user, volunteer, f"still-right-{now:%Y%m%d}", now)


def left_in_peace(volunteer: Volunteer, now: datetime) -> None:
    """The volunteer: we ask nothing now, and one tap brings you back."""
    _tell("volunteer.left_in_peace", volunteer.user, volunteer, f"left-in-peace-{now:%Y%m%d}", now)


def gather(messages: Sequence[Message]) -> Mapping[int, Volunteer]:
    """Whom these messages are about, in one query."""
    rows = Volunteer.objects.select_related("user", "village__contact_person")
    found = rows.in_bulk({message.params["volunteer"] for message in messages if "volunteer" in message.params})
    about = {message.pk: found.get(message.params.get("volunteer")) for message in messages}
    return {pk: volunteer for pk, volunteer in about.items() if volunteer is not None}


# -- still true?


def always(_message: Message, _volunteer: Volunteer, _now: datetime) -> bool:
    """It was said, and stays so."""
    return True


def is_waiting(_message: Message, volunteer: Volunteer, _now: datetime) -> bool:
    """The contact person has not said yes yet."""
    return volunteer.approved_at is None and volunteer.ended_at is None


def is_welcomed(_message: Message, volunteer: Volunteer, _now: datetime) -> bool:
    """The contact person said yes."""
    return volunteer.approved_at is not None and volunteer.ended_at is None


def takes_a_break(_message: Message, volunteer: Volunteer, now: datetime) -> bool:
    """The break is not over, nor made longer."""
    return _ends_tomorrow(volunteer, now) and volunteer.ended_at is None


def certificate_ends(_message: Message, volunteer: Volunteer, now: datetime) -> bool:
    """No newer one was seen, and it still holds."""
    until = volunteer.certificate_until_on
    return until is not None and until >= saying.local_day(now) and volunteer.certificate_word_at is None


def is_questioned(_message: Message, volunteer: Volunteer, _now: datetime) -> bool:
    """There is no answer yet."""
    return volunteer.retire_at is not None and volunteer.ended_at is None


def is_left_in_peace(_message: Message, volunteer: Volunteer, _now: datetime) -> bool:
    """Nobody tapped to come back."""
    return volunteer.retired_at is not None and volunteer.ended_at is None


def wants_company(_message: Message, volunteer: Volunteer, _now: datetime) -> bool:
    """The wish still stands."""
    return volunteer.buddy and volunteer.ended_at is None


# -- what is said


def welcomed_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the volunteer."""
    return _words(
        volunteer,
        _("You help as a volunteer now"),
        _("%(contact)s said yes.") % {"contact": _contact(volunteer)},
        _("We only ask you if no neighbour could. You can always say no."),
        _("Something you want to talk about? %(contact)s is there for you.") % {"contact": _contact(volunteer)},
    )


def talk_first_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the volunteer."""
    return _words(
        volunteer,
        _("%(contact)s would like to talk with you first") % {"contact": _short(_contact(volunteer))},
        _("Just to get to know each other. %(contact)s will call you.") % {"contact": _contact(volunteer)},
        _("You can call too, whenever it suits you."),
    )


def pause_ending_words(_message: Message, volunteer: Volunteer, now: datetime) -> Words:
    """To the volunteer."""
    subject = _("Your break ends tomorrow") if _ends_tomorrow(volunteer, now) else _("Your break")
    return _words(volunteer, subject, _("Want a bit more rest? Then extend your break."))


def certificate_words(_message: Message, volunteer: Volunteer, now: datetime) -> Words:
    """To the volunteer."""
    until = volunteer.certificate_until_on
    day = saying.day_in_words(until, saying.local_day(now), language()) if until else ""
    return _words(
        volunteer,
        _("Your certificate ends on %(day)s") % {"day": day},
        _("Until the new one is there, we'll ask you for other jobs."),
        _("%(contact)s can help you with it.") % {"contact": _contact(volunteer)},
    )


def still_right_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the volunteer."""
    return _words(
        volunteer,
        _("Is this still right?"),
        _("Once a year we ask you: what do you like to do, and how often may we ask?"),
        _("One tap is enough."),
        _("No answer? Then we leave you in peace, and you can always come back."),
    )


def left_in_peace_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the volunteer."""
    return _words(
        volunteer,
        _("We leave you in peace for now"),
        _("Thank you for all you did."),
        _("We don't ask you anything any more."),
        _("Feel like it again? One tap is enough."),
    )


def heard_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the volunteer."""
    return _words(
        volunteer,
        _("Thank you for telling us"),
        _("%(contact)s knows now. You don't have to explain.") % {"contact": _contact(volunteer)},
        _("Rather not wait? You can always call %(contact)s.") % {"contact": _contact(volunteer)},
    )


def team_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the contact person: only that there is somebody."""
    return _to_team(volunteer, _("Somebody would like to help as a volunteer"))


def buddy_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the contact person."""
    return _to_team(volunteer, _("A volunteer would rather go together"))


def too_much_words(_message: Message, volunteer: Volunteer, _now: datetime) -> Words:
    """To the contact person."""
    return _to_team(volunteer, _("A volunteer would like you to look in"))


def _ends_tomorrow(volunteer: Volunteer, now: datetime) -> bool:
    until = volunteer.paused_until
    return until is not None and saying.local_day(until) == saying.local_day(now) + timedelta(days=1)


def _register(name: str, say: Say, still_true: Callable[..., bool], group: Group | None = None) -> None:
    push = gettext_lazy("Something new in your overview") if name.startswith("team.") else ""
    register(name, Kind(words=say, gather=gather, still_true=still_true, group=group, push=push))


def _words(volunteer: Volunteer, subject: str, *sentences: str) -> Words:
    return Words(subject, " ".join(sentences), reverse("volunteer"), _("To your page"), _signature(volunteer.village))


def _to_team(volunteer: Volunteer, subject: str) -> Words:
    url = reverse("admin:volunteers_volunteer_change", args=[volunteer.pk])
    return Words(subject, _("Open the overview."), url, _("Open the overview"), _signature(volunteer.village))


def _contact(volunteer: Volunteer) -> str:
    contact = volunteer.village.contact_person
    return contact.name if contact else _("The contact person")


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _signature(village: Village) -> Signature | None:
    contact = village.contact_person
    return Signature(village.name, saying.phone_in_words(contact.phone.as_national)) if contact else None


def _tell_contact(kind: str, volunteer: Volunteer, fact: str, now: datetime) -> None:
    contact = volunteer.village.contact_person
    if contact:
        _tell(kind, contact.user, volunteer, fact, now)


def _tell(kind: str, reader: User, volunteer: Volunteer, fact: str, now: datetime, *, key: str = "") -> None:
    """Mail waits for the village's first waking moment."""
    enqueue(
        kind,
        reader,
        key or f"volunteer-{volunteer.pk}:{fact}:{kind}:user-{reader.pk}",
        {"volunteer": volunteer.pk},
        municipality=volunteer.municipality_id,
        not_before=daylight.awake(now, *volunteer.village.rests()),
        now=now,
    )
