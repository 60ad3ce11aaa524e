"""What our templates say in one word: an icon, the control of a form field.

Icons stand once in ``static/img/icons.svg`` and are pointed at. So a card weighs the same in a page and in a part
swapped in by htmx, a page with a hundred icons stays small, and the file is fetched once and kept. Each icon's id is
the code of a category (``groceries``) or a short word; the list with the names Phosphor gave them is in
``docs/licences.md``.
"""

import re

import segno
from django import template
from django.conf import settings
from django.forms import CheckboxInput, Select
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import ChoiceWidget
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from phonenumber_field.phonenumber import PhoneNumber

from samsam.rendering import FOR_ANY_FIELD

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small picture beside words; screen readers pass it by."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name or "other",
    )


@register.simple_tag
def control(field: BoundField, look: str = "") -> SafeString:
    """The field's own control, with the attributes every control of ours has.

    The browser's own messages are off (``novalidate``), so ``aria-required`` says what ``required`` would have said.
    ``look`` is ``short`` for a day, a time or a code.
    """
    field.form.use_required_attribute = False
    attrs: dict[str, str | bool] = {"placeholder": False}  # a placeholder is not a label
    if field.field.required:
        attrs["aria-required"] = "true"
    if field.field.widget.attrs.get("autocomplete") == "one-time-code":
        attrs["inputmode"] = "numeric"  # our codes are digits
    if not isinstance(field.field.widget, CheckboxInput):
        own = field.field.widget.attrs.get("class", "")
        attrs["class"] = " ".join(filter(None, [own, "input", "input--short" if look == "short" else ""]))
    return field.as_widget(attrs=attrs)


@register.simple_tag
def reword(field: BoundField, label: str, hint: str = "") -> str:
    """Give a field of somebody else's form our words; shows nothing itself."""
    field.label, field.help_text = label, hint
    return ""


@register.filter
def kind(field: BoundField) -> str:
    """Which shape a field has on the page: ``choices`` (to pick from), ``check`` (one box), ``hidden`` or ``line``."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, ChoiceWidget) and not isinstance(widget, Select):
        return "choices"
    return "line"


@register.filter
def has_private(field: BoundField) -> bool:
    """Whether something private stands in this field, on a page with a button that takes it out."""
    errors = field.form.errors.as_data().get(field.name, [])
    return getattr(field.form, "takes_out", False) and any(error.code == "private" for error in errors)


@register.filter
def options(field: BoundField) -> list[BoundWidget]:
    """The choices of a field, one by one."""
    field.form.use_required_attribute = False
    return list(field)


@register.filter
def first_id(field: BoundField) -> str:
    """The id an error in the summary links to: the control, or the first of its choices."""
    return f"{field.auto_id}_0" if kind(field) == "choices" else str(field.auto_id)


@register.filter
def naming(error: str, field: BoundField) -> str:
    """An error in the summary, away from its field: where any field may say it, with the field's own words."""
    if error not in {str(words) for texts in FOR_ANY_FIELD.values() for words in texts.values()}:
        return error
    label = str(field.label)
    return f"{label} {error}" if label.endswith("?") else f"{label}: {error[:1].lower()}{error[1:]}"


@register.filter
def first_line(label: str) -> str:
    """The words of a choice. A label of two lines has its explanation in the second."""
    return str(label).partition("\n")[0]


@register.filter
def second_line(label: str) -> str:
    """The explanation of a choice, or nothing."""
    return str(label).partition("\n")[2]


@register.filter
def any_second_line(field: BoundField) -> bool:
    """Whether one of the choices has an explanation."""
    return any(second_line(option.choice_label) for option in options(field))


@register.filter
def sentence(words: str) -> str:
    """With its full stop, also where whoever typed it left that out."""
    words = str(words).rstrip()
    return f"{words}." if words and words[-1] not in ".!?…" else words


# A sentence ends after a word, not after the letter of a name ("J. de Boer").
SENTENCE_END = re.compile(r"(?<=\w\w)([.!?])\s+(?=[^\W\d_a-z])")


@register.filter
def first_sentence(words: str) -> str:
    """As the heading of the rest: without its full stop."""
    first, end, _rest = _sentences(words)
    return first + end.strip(".")


@register.filter
def more_sentences(words: str) -> str:
    """What follows the first sentence, or nothing."""
    return _sentences(words)[2]


def _sentences(words: str) -> tuple[str, str, str]:
    first, *rest = SENTENCE_END.split(str(words), maxsplit=1)
    return (first, rest[0], rest[1]) if rest else (first, "", "")


@register.simple_tag
def qr(text: str) -> SafeString:
    """A square that the camera of a phone reads, as SVG in the page: dark on white, whatever the theme."""
    square = segno.make(text, error="m", micro=False)
    drawn = square.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308 (segno's own, of nothing but squares)


@register.simple_tag
def site_phone() -> PhoneNumber | None:
    """The number to call where no village is known; works without the database."""
    return PhoneNumber.from_string(settings.PHONE, region="NL") if settings.PHONE else None
