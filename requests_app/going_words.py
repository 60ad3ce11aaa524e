"""What neighbours do anyway, in the reader's words: one sentence that says who, what and where to."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.models import SpareOffer, What
from requests_app.models.going import SpareKind
from requests_app.words import capital, moment


def sentence(spare: SpareOffer) -> str:
    """As in "Joris is going to the Spar anyway", "Joris has something to share: three portions of soup"."""
    words = {"name": spare.author.first_name or _("A neighbour"), "title": spare.title}
    if spare.kind == SpareKind.SHARING:
        return _("%(name)s has something to share: %(title)s") % words
    return _("%(name)s is going to %(title)s anyway") % words


def when(spare: SpareOffer, now: datetime) -> str:
    """As in "Thursday at 14:00"."""
    return capital(moment(spare.leaves_at, now))


def room(spare: SpareOffer) -> str:
    """As in "2 places left", "1 portion left", "Full"."""
    left = spare.places - spare.places_taken
    if left == 0:
        return _("No places left")
    if spare.kind == SpareKind.SHARING:
        return ngettext("%(n)s portion left", "%(n)s portions left", left) % {"n": left}
    return ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left}


def buttons(spare: SpareOffer) -> list[tuple[str, str]]:
    """What a neighbour can ask for in one tap: the value and the words of each button."""
    bring = next((what for what in (What.GROCERIES, What.PARCEL) if what in spare.what), None)
    found = [(str(bring), _("Bring something for me"))] if bring else []
    if What.PERSON in spare.what:
        found.append((What.PERSON, _("May I come along?")))
    if What.PORTION in spare.what:
        found.append((What.PORTION, _("A portion for me, please")))
    return found


def joins(what: str) -> str:
    """What who has a place reads about it."""
    words: dict[str, str] = {What.PERSON: _("You are coming along"), What.PORTION: _("There is a portion for you")}
    return words.get(what, _("Something comes along for you"))
