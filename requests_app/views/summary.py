"""The last page of asking: what was answered, question by question."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from requests_app import group_words, words
from requests_app.addresses import address_of
from requests_app.cards import name_and_street
from requests_app.models import Audience, HelpRequest, MatchMode
from requests_app.models.help_request import OWN_CIRCLE
from requests_app.views import circle_choice


def summary(draft: HelpRequest, now: datetime) -> list[tuple[str, str, str]]:
    """What was answered, question by question, with the step where it can be changed."""
    audience = {
        Audience.NEIGHBOURS: _("All neighbours in %(village)s who take part") % {"village": draft.village.name},
        Audience.GROUP: capfirst(group_words.fitting(draft)) if draft.audience == Audience.GROUP else "",
        Audience.VOLUNTEERS: _("Only volunteers"),
        Audience.CONTACT: _("Only %(contact)s") % {"contact": draft.village.contact_person},
        **dict.fromkeys(OWN_CIRCLE, circle_choice.in_words(draft) if draft.audience in OWN_CIRCLE else ""),
    }
    says_yes = {
        MatchMode.CHOOSE: _("You say yes please yourself"),
        MatchMode.FIRST: _("Whoever can first is fine"),
    }
    own = _("Of your circle a yes is enough") if draft.audience in OWN_CIRCLE else ""
    rows = [
        (_("What"), words.title(draft), "ask_what"),
        (_("In your words"), draft.text, "ask_what"),
        (_("How many people"), str(draft.slots), "ask_what"),
        (_("When"), words.when(draft, now, full=True), "ask_when"),
        (_("How long"), words.length(draft.minutes), "ask_when"),
        (_("Where"), words.where_for_asker(draft), "ask_when"),
        (_("Address, only for the neighbour who comes"), address_of(draft), "ask_when"),
        (_("Who sees it"), audience[Audience(draft.audience)], "ask_who"),
        (_("Who says yes"), f"{says_yes[MatchMode(draft.match_mode)]}\n{own}".strip(), "ask_who"),
        (_("Your name on the notice board"), name_and_street(draft), ""),
    ]
    return [row for row in rows if row[1]]
