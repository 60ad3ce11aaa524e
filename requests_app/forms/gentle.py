"""A gentle word about what somebody typed: private things are taken out, heavy ones may be softer, danger is answered.

What a form's buttons beside "Next" ask for is done here, with what was typed: nothing is stored, nothing gets lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from moderation import checks
from requests_app import wordings

# Fields that all neighbours read. A place may have a house number: it is where to be.
LEAVE: dict[str, frozenset[str]] = {"text": frozenset(), "title": frozenset(), "place_text": frozenset({"house"})}
READ_BY_ALL = ("text", "title")
DANGER = "danger"
TAKE_OUT, SOFTEN, EXAMPLE, LOOK, EXAMPLES = "take-out", "soften", "example", "look", "examples"
LONGEST = 2000  # characters looked at; what is longer is refused anyway

PRIVATE = {
    "phone": gettext_lazy(
        "Your text has a phone number. Please remove it. You can share it with your neighbour later"
    ),
    "mail": gettext_lazy(
        "Your text has an e-mail address. Please remove it. You can share it with your neighbour later"
    ),
    "bank": gettext_lazy("Your text has a bank account number. Please remove it"),
    "house": gettext_lazy(
        "Your text has a house number. Please remove it. Only the neighbour who comes gets your address"
    ),
    "pin": gettext_lazy("Your text has a PIN. Please remove it. Never give it to anyone"),
    "digid": gettext_lazy("Your text has a DigiD code. Please remove it. Never give it to anyone"),
    "bsn": gettext_lazy("Your text has a citizen service number. Please remove it. Your neighbour doesn't need it"),
}
THINGS = {
    "phone": gettext_lazy("a phone number"),
    "mail": gettext_lazy("an e-mail address"),
    "bank": gettext_lazy("a bank account number"),
    "house": gettext_lazy("a house number"),
    "pin": gettext_lazy("a PIN"),
    "digid": gettext_lazy("a DigiD code"),
    "bsn": gettext_lazy("a citizen service number"),
}


@dataclass(frozen=True)
class Hint:
    """Something that could be said softer: the words, why, and whether there are other words for it."""

    kind: str
    words: str
    advice: str
    can_soften: bool


@dataclass(frozen=True)
class Notes:
    """What is said beside a text. ``seen`` goes along with the form: nothing is said twice before going on."""

    danger: bool
    hints: tuple[Hint, ...]

    @property
    def seen(self) -> str:
        return " ".join([DANGER] * self.danger + [hint.kind for hint in self.hints])


def not_private(text: str, *, house_number: bool = False) -> str:
    """The text itself; with something private in it an error that names it. A place may have a ``house_number``."""
    found = checks.private_in(text, leave=LEAVE["place_text"] if house_number else ())
    kinds = list(dict.fromkeys(finding.kind for finding in found))
    if len(kinds) == 1:
        raise forms.ValidationError(PRIVATE[kinds[0]], code="private")
    if kinds:
        words = [str(THINGS[kind]) for kind in kinds]
        things = _("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}
        raise forms.ValidationError(_("Your text has %(things)s. Please remove them") % {"things": things}, "private")
    return text


def notes_on(form: forms.Form) -> Notes:
    """What to say about the words in this form, as they stand on the page."""
    values = [str(form[name].value() or "") for name in READ_BY_ALL if name in form.fields]
    text = "\n".join(value[:LONGEST] for value in values)
    language = get_language() or ""
    if checks.in_danger(text):  # who to call, and nothing about the choice of words
        return Notes(danger=True, hints=())
    hints = tuple(
        Hint(one.kind, text[one.start : one.end], checks.advice(one.kind, language), bool(one.instead))
        for one in checks.soft_in(text)
    )
    return Notes(danger=False, hints=hints)


def unseen(form: forms.Form, typed: Mapping[str, str]) -> bool:
    """Whether there is something to say that was not on the page this was sent from."""
    return not set(notes_on(form).seen.split()) <= set(typed.get("seen", "").split())


def examples_for(form: forms.Form) -> list[str]:
    """Sentences for what was chosen; none where nothing is chosen yet."""
    return wordings.examples(str(form["category"].value() or ""), get_language() or "")


def pressed(typed: QueryDict) -> str:
    """Which button of this module was pressed, if any."""
    button = typed.get("then", "").partition(":")[0]
    return button if button in {TAKE_OUT, SOFTEN, EXAMPLE, LOOK, EXAMPLES} else ""


def refilled(typed: QueryDict) -> dict[str, str]:
    """What was typed, changed as the pressed button asks."""
    button, _colon, about = typed.get("then", "").partition(":")
    data: dict[str, str] = {name: typed.get(name, "") for name in typed}
    data["text"] = data.get("text", "").replace("\r\n", "\n")
    if button == TAKE_OUT and about in LEAVE and about in data:
        data[about] = _each_part(data[about], lambda text: _without_private(text, LEAVE[about]))
    elif button == SOFTEN:
        for name in READ_BY_ALL:
            data[name] = _each_part(data.get(name, ""), lambda text: checks.softened(text, about))
    elif button == EXAMPLE:
        data["text"] = _with_sentence(data["text"], data.get("category", ""), about)
    return data


def _each_part(text: str, change: Callable[[str], str]) -> str:
    """The beginning changed, as far as it was looked at; what is longer stays as it was typed."""
    return f"{change(text[:LONGEST])}{text[LONGEST:]}"


def _without_private(text: str, leave: frozenset[str]) -> str:
    return checks.without(text, checks.private_in(text, leave=leave))


def _with_sentence(text: str, category: str, number: str) -> str:
    """The example after what was typed; a second time it is there already."""
    sentences = dict(enumerate(wordings.examples(category, get_language() or "")))
    sentence = sentences.get(int(number)) if number in {"0", "1", "2"} else None
    return text if sentence is None or sentence in text else f"{text.rstrip()} {sentence}".lstrip()
