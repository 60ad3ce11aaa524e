"""What is read in a conversation: messages, and between them what happened, told from its facts. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.models import User
from accounts.reader import language
from requests_app import words
from requests_app.models import ConversationMessage, Event, PickUp, ProposedMoment

PAGE = 50
MOST_FACTS = 60  # times proposed and edits; a conversation that long is a talk by phone

Kind, Answer = ConversationMessage.Kind, ProposedMoment.Answer


@dataclass(frozen=True)
class Line:
    """``whose``: me, other or system. ``when``: in words, on the first line of a day with its day."""

    whose: str
    text: str
    at: datetime
    pk: int = 0  # of a message
    when: str = ""
    opens_day: bool = False


@dataclass(frozen=True)
class Talk:
    """``older``: where the page of older messages begins, if there is one."""

    lines: list[Line]
    older: int | None


def quick_answers() -> dict[str, str]:
    """Ready answers by their code, in the reader's language."""
    return {
        "thanks": _("Thank you very much!"),
        "fine": _("That's all right"),
        "later": _("Could it be later?"),
        "call": _("Please call me"),
    }


def thanks_sentences() -> dict[str, str]:
    """Ready sentences of thanks by their code."""
    return {
        "came": _("So nice that you came."),
        "help": _("You helped me very well."),
        "time": _("Thank you for your time."),
    }


def thanks_sentence(code: str) -> str:
    """One of them; the first if it is not there any more."""
    sentences = thanks_sentences()
    return sentences.get(code, sentences["came"])


def read(pick_up: PickUp, viewer: User, now: datetime, *, has_address: bool, before: int | None = None) -> Talk:
    """The newest messages, or those older than ``before``, with what happened meanwhile. Four queries at most."""
    rows = pick_up.messages.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    newest = list(rows[: PAGE + 1])
    shown, more = newest[:PAGE], len(newest) > PAGE
    since = shown[-1].at if more else None
    until = pick_up.messages.filter(pk=before).values_list("at", flat=True).first() if before else None
    lines = [_message(row, viewer) for row in reversed(shown)]
    lines += [
        fact
        for fact in _facts(pick_up, viewer, now, has_address=has_address)
        if (since is None or fact.at >= since) and (until is None or fact.at < until)
    ]
    lines.sort(key=lambda line: line.at)
    return Talk(list(_with_days(lines, now)), shown[-1].pk if more else None)


def stamp(pick_up: PickUp, now: datetime, *, is_apart: bool) -> str:
    """Changes when there is something new to show in the conversation."""
    message = pick_up.messages.order_by("-pk").values_list("pk", flat=True).first()
    question = pick_up.proposed_moments.order_by("-pk").values_list("pk", "answer").first()
    phones = bool(pick_up.author_phone_at) + 2 * bool(pick_up.helper_phone_at)
    facts = (message, *(question or ()), pick_up.end, pick_up.times_agreed, phones, pick_up.help_request.version)
    return "-".join(str(fact or 0) for fact in (*facts, int(is_apart), saying.local_day(now).toordinal()))


def _message(row: ConversationMessage, viewer: User) -> Line:
    text = row.text
    if row.kind == Kind.QUICK:
        text = quick_answers().get(text, text)
    elif row.kind == Kind.THANKS:
        text = thanks_sentence(text)
    return Line("me" if row.author_id == viewer.pk else "other", text, row.at, row.pk)


def _facts(pick_up: PickUp, viewer: User, now: datetime, *, has_address: bool) -> Iterator[Line]:
    helps = viewer.pk == pick_up.helper_id
    other = pick_up.help_request.author if helps else pick_up.neighbour
    facts = {"name": other.first_name}
    yield _system(pick_up.taken_at, *_begin(facts, helps=helps, has_address=has_address))
    edits = Event.objects.filter(help_request=pick_up.help_request_id, kind=Event.Kind.EDITED, at__gt=pick_up.taken_at)
    for at in edits.order_by("pk").values_list("at", flat=True)[:MOST_FACTS]:
        if pick_up.ended_at is None or at < pick_up.ended_at:
            edited = _("%(name)s changed the request.") % facts if helps else _("You changed your request.")
            yield _system(at, edited)
    for question in pick_up.proposed_moments.order_by("-pk")[:MOST_FACTS]:
        yield from _question(question, facts, now, own=question.by_id == viewer.pk)
    if pick_up.author_phone_at and pick_up.helper_phone_at:
        at = max(pick_up.author_phone_at, pick_up.helper_phone_at)
        yield _system(at, _("You gave each other your phone number."))
    if pick_up.ended_at:
        yield _system(pick_up.ended_at, *_end(pick_up, facts, helps=helps, has_address=has_address))


def _begin(facts: dict[str, str], *, helps: bool, has_address: bool) -> Iterator[str]:
    yield _("You are going to help %(name)s.") % facts if helps else _("%(name)s is going to help you.") % facts
    if has_address:
        yield _("You can see the address now.") if helps else _("%(name)s can see your address now.") % facts


def _question(question: ProposedMoment, facts: dict[str, str], now: datetime, *, own: bool) -> Iterator[Line]:
    about = facts | {"moment": words.moment(question.moment_at, now)}
    asked = _("You asked: is %(moment)s possible too?") if own else _("%(name)s asked: is %(moment)s possible too?")
    yield _system(question.made_at, asked % about)
    if question.answered_at is None:
        return
    if question.answer == Answer.ACCEPTED:
        yield _system(question.answered_at, _("Agreed: %(moment)s.") % about)
    elif question.answer == Answer.KEPT:
        kept = _("%(name)s can't make it then. It stays as it was.") if own else _("You said: it stays as it was.")
        yield _system(question.answered_at, kept % about)
    elif question.answer == Answer.TAKEN_BACK:
        back = _("You took that back.") if own else _("%(name)s took that back.")
        yield _system(question.answered_at, back % about)


def _end(pick_up: PickUp, facts: dict[str, str], *, helps: bool, has_address: bool) -> Iterator[str]:
    if pick_up.end == PickUp.End.GIVEN_BACK:
        yield _("You cancelled.") if helps else _("%(name)s can't make it after all.") % facts
    elif pick_up.end == PickUp.End.CALLED_OFF:
        yield _("%(name)s doesn't need you now.") % facts if helps else _("You cancelled.")
    else:
        yield _("The appointment is over.")
    if has_address:
        yield _("You can't see the address any more.") if helps else _("%(name)s can't see your address now.") % facts


def _system(at: datetime, *sentences: str) -> Line:
    return Line("system", " ".join(sentences), at)


def _with_days(lines: list[Line], now: datetime) -> Iterator[Line]:
    day = None
    for line in lines:
        opens_day = saying.local_day(line.at) != day
        day = saying.local_day(line.at)
        when = words.moment(line.at, now) if opens_day else saying.clock_in_words(line.at, language())
        yield replace(line, when=when, opens_day=opens_day)
