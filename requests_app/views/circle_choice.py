"""The own circle in the pages of asking: whom we ask first, and whether it goes on after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from requests_app import circle, circle_texts, moments
from requests_app.forms.ask import WhoForm
from requests_app.forms.circle import AfterCircleForm, how, is_landline
from requests_app.models import Audience, CircleContact, CircleInvite, HelpRequest, Status
from requests_app.models.help_request import OWN_CIRCLE
from requests_app.transitions import NotAllowed


def chosen_before(draft: HelpRequest, people: Sequence[CircleContact]) -> dict[str, Any]:
    """As it was answered before; at first everybody of the circle is ticked, as most people will want."""
    chosen = set(draft.circle_invites.values_list("contact", flat=True)) or {person.pk for person in people}
    audience = Audience.CIRCLE if draft.audience in OWN_CIRCLE else moments.begins_with(draft)
    return {"audience": audience, "circle": [str(pk) for pk in chosen]}


def keep(form: WhoForm, draft: HelpRequest, owner: User) -> None:
    """Who was typed is in the circle from now on, and asked; who is ticked is asked. A refusal stands in the form."""
    chosen: list[int] = list(form.cleaned_data.get("circle", []))
    asks_circle = form.cleaned_data.get("audience") == Audience.CIRCLE
    try:
        if form.adds:
            chosen.append(circle.add(owner, **form.who(), now=timezone.now()).pk)
        circle.choose(draft.pk, owner=owner, contacts=chosen if asks_circle else [])
    except NotAllowed as refusal:
        form.add_error("way" if form.adds else None, str(refusal))


def after_circle(typed: Mapping[str, Any] | None, draft: HelpRequest) -> AfterCircleForm:
    """What the asker says on the last page: after the circle all neighbours, or nobody but the contact person."""
    contact = draft.village.contact_person
    return AfterCircleForm(
        data=typed,
        village=draft.village.name,
        contact=contact.name if contact else "SamSam",
        neighbours=moments.rungs_of(draft).neighbours,
    )


@dataclass(frozen=True)
class Invited:
    """Somebody who is asked; whom we do not mail with the text to send, and the link that begins a message with it.

    A landline takes no text: its link calls.
    """

    pk: int
    name: str
    how: str
    text: str = ""
    send: str = ""
    road: str = ""  # of that link: mail, sms or call


def invited(help_request: HelpRequest, now: datetime) -> list[Invited]:
    """Who of the circle can still say yes, for the asker's own eyes. Never who said no."""
    return [
        _invited(row, "" if _is_mailed(row) else circle_texts.ready_text(row, now))
        for row in _not_coming(help_request)
    ]


def settled(help_request: HelpRequest, now: datetime) -> list[Invited]:
    """Whom only the asker can tell that it is found or withdrawn, as long as its moment is to come.

    Also who said no: nobody learns of a no.
    """
    over = help_request.status in {Status.TAKEN, Status.WITHDRAWN}
    if not over or help_request.hidden_at or help_request.needed_by is None or help_request.needed_by <= now:
        return []
    rows = [row for row in _not_coming(help_request) if not _is_mailed(row)]
    return [_invited(row, circle_texts.ready_thanks(row)) for row in rows]


def _not_coming(help_request: HelpRequest) -> list[CircleInvite]:
    coming = help_request.pick_ups.filter(ended_at=None, contact__isnull=False).values("contact")
    rows = list(help_request.circle_invites.welcome().exclude(contact__in=coming).select_related("contact"))
    for row in rows:
        row.help_request = help_request
    return rows


def _is_mailed(row: CircleInvite) -> bool:
    return row.told_at is not None and bool(row.contact.email)


def _invited(row: CircleInvite, text: str) -> Invited:
    person, said = row.contact, how(row.contact, mails=row.told_at is not None)
    if not text:
        return Invited(row.pk, person.name, said)
    if person.email:
        return Invited(row.pk, person.name, said, text, f"mailto:{quote(person.email)}?body={quote(text)}", "mail")
    if is_landline(person.phone):
        return Invited(row.pk, person.name, said, text, person.phone.as_rfc3966, "call")
    # Phones differ in what stands before the text; "?&" is read by all of them.
    return Invited(row.pk, person.name, said, text, f"sms:{person.phone.as_e164}?&body={quote(text)}", "sms")


def in_words(draft: HelpRequest) -> str:
    """Who is asked first, by name: for the asker's own eyes."""
    names = [invite.contact.name for invite in draft.circle_invites.welcome().select_related("contact")]
    return _("First your own circle: %(names)s") % {"names": get_text_list(names, _("and"))}
