"""Asking, in three questions: what, when and where, who sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.sentence import Sentence
from requests_app.categories import Category
from requests_app.forms.circle import CircleFields
from requests_app.forms.gentle import LOOK, not_private
from requests_app.forms.when import WhenForm
from requests_app.ladder import Numbers
from requests_app.models import Audience, HelpRequest, MatchMode
from requests_app.models.help_request import MAX_SLOTS, TEXT_LENGTH, TITLE_LENGTH
from villages.models import Village

# The text is looked at while somebody writes, a moment after the last letter; what there is to say stands below it.
LOOKED_AT = {"data-hx-post": "", "data-hx-trigger": "input changed delay:1s", "data-hx-target": "#gentle"}
LOOKED_AT |= {"data-hx-vals": f'{{"then": "{LOOK}"}}'}
WHAT = ("category", "text", "title", "slots")
CHOOSE_MEANS = _("You first see who would like to help. Then you say: yes please.")
FIRST_MEANS = _("Then it's settled. That neighbour also sees your address.")
FIRST_THE_CIRCLE = _("People you already know. Nobody can? Then your request goes to all neighbours.")
FIRST_ALONE = _("People you already know. Nobody can? Then we look on for you.")
THE_GROUP = _("They do it together. Nobody can? Then we look on for you.")
# Figures below this one are said in words: nobody can be counted out.
SMALL_FIGURE = 10


class WhatForm(forms.Form):
    """Question 1. ``changes`` is what ``lifecycle`` takes."""

    takes_out = True  # its pages have the button that takes something private out

    category = forms.ChoiceField(
        label=_("What can a neighbour help you with?"),
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what a neighbour can help with")},
    )
    text = Sentence(
        label=_("Tell us briefly what needs doing"),
        help_text=_("1 or 2 sentences is enough. Don't write a phone number or house number here."),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, **LOOKED_AT}),
        error_messages={"required": _("Tell us briefly what needs doing")},
    )
    title = Sentence(
        label=_("Your request in a few words"),
        help_text=_("Neighbours read this first. Leave it empty? Then it says: Groceries, or what you chose."),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    slots = forms.TypedChoiceField(
        label=_("How many people do you need?"),
        choices=[(str(n), str(n)) for n in range(1, MAX_SLOTS + 1)],
        coerce=int,
        initial="1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many people you need")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if data := kwargs.get("data"):  # a browser sends a line end as two characters and counts it as one
            kwargs["data"] = data = data.copy()
            data["text"] = data.get("text", "").replace("\r\n", "\n")
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        return not_private(self.cleaned_data["text"])

    def clean_title(self) -> str:
        return " ".join(not_private(self.cleaned_data["title"]).split())

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WHAT if name in self.cleaned_data}


class EditForm(WhatForm, WhenForm):
    """A posted request, all on one page: not the category, whose policy runs, and not who sees it."""

    category = None  # type: ignore[assignment]  # Django's way to leave out a field of a base
    # Which version the form was made from: two windows do not undo each other unseen.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    field_order = ("text", "title", "slots")

    def changes(self) -> dict[str, Any]:
        return WhatForm.changes(self) | WhenForm.changes(self)


class WhoForm(CircleFields):
    """Question 3: who may see it, whom of one's own circle we ask first, and who says yes."""

    audience = forms.ChoiceField(
        label=_("Who may see your request?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may see your request")},
    )
    match_mode = forms.ChoiceField(
        label=_("How do you choose who comes?"),
        choices=[  # each with its explanation
            (MatchMode.CHOOSE, format_lazy("{}\n{}", MatchMode.CHOOSE.label, CHOOSE_MEANS)),
            (MatchMode.FIRST, format_lazy("{}\n{}", MatchMode.FIRST.label, FIRST_MEANS)),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who says yes")},
    )

    def __init__(
        self,
        *args: Any,
        village: Village,
        neighbours: int,
        volunteers: int,
        rungs: Numbers,
        group: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)  # with ``people`` and ``mails``, as of the circle
        contact = village.contact_person.name if village.contact_person else "SamSam"
        self.asks_group = rungs.groups
        names = {"village": village.name, "contact": contact, "count": volunteers}
        everybody = _("All neighbours in %(village)s who take part") % names
        few = volunteers < SMALL_FIGURE
        known = _("A few people whom %(contact)s knows") if few else _("%(count)d people whom %(contact)s knows")
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)  # (for the type checker)
        field.choices = [  # each with its explanation, as components/field.html shows it
            *([(Audience.NEIGHBOURS, f"{everybody}\n{_chance(neighbours)}")] if rungs.neighbours else []),
            (Audience.CIRCLE, f"{_('My own circle first')}\n{FIRST_THE_CIRCLE if rungs.neighbours else FIRST_ALONE}"),
            *([(Audience.GROUP, f"{capfirst(group)}\n{THE_GROUP}")] if rungs.groups else []),
            *([(Audience.VOLUNTEERS, f"{_('Only volunteers')}\n{known % names}")] if rungs.volunteers else []),
            (Audience.CONTACT, f"{_('Only %(contact)s') % names}\n{_('Your contact person calls you.')}"),
        ]

    def clean(self) -> dict[str, Any]:
        self.check_circle()
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("audience", "match_mode") if name in self.cleaned_data}


def what_of(help_request: HelpRequest) -> dict[str, Any]:
    """The answers to question 1 so far."""
    return {name: getattr(help_request, name) for name in WHAT}


def _chance(neighbours: int) -> str:
    if neighbours < SMALL_FIGURE:
        return str(_("Then the chance is greatest that somebody can."))
    words = ngettext(
        "Then the chance is greatest that somebody can. Now %(count)d neighbour.",
        "Then the chance is greatest that somebody can. Now %(count)d neighbours.",
        neighbours,
    )
    return words % {"count": neighbours}
