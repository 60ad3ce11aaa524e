"""How Django's forms become ours: the markup of ``{{ form }}`` and its fields, and what a wrong field says."""

from typing import TYPE_CHECKING

from django.core.validators import ProhibitNullCharactersValidator, validate_email
from django.forms import ChoiceField, DateField, Field, MultipleChoiceField, TimeField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from accounts.example_day import with_day

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Renderer(TemplatesSetting):
    """Fields by ``components/field.html``; widgets stay Django's own, so the admin is left as it is."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


# What any field may say: beside the field it is clear, in a list of all errors it names its field.
FOR_ANY_FIELD: dict[type[Field], dict[str, "StrPromise"]] = {
    Field: {"required": _("Please fill this in")},
    ChoiceField: {"required": _("Please choose one"), "invalid_choice": _("Please choose one of these")},
    MultipleChoiceField: {"invalid_choice": _("Please choose from these")},
}


def use_our_words() -> None:
    """What to do instead of what is wrong, for every field without better words of its own. Done once, at start."""
    words: dict[type[Field], dict[str, StrPromise]] = {
        **FOR_ANY_FIELD,
        DateField: {"invalid": with_day(_("Write the day like this: %(day)s"))},
        TimeField: {"invalid": _("Write the time like this: 10.15")},
    }
    for field, texts in words.items():
        field.default_error_messages = {**field.default_error_messages, **texts}
    ProhibitNullCharactersValidator.message = _("There is a sign in your text that we cannot keep. Type it once more")
    validate_email.message = _("Check your e-mail address. It looks like this: name@example.nl")
