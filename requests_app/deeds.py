"""The parts of a pick-up: who does what, in a few words each. No Django but for the words, no database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.categories import Category


class Deed(models.TextChoices):
    """What somebody takes upon them; empty: they come and help."""

    DRIVE = "drive", _("I drive")
    CARRY = "carry", _("I carry")
    SHOP = "shop", _("I do the shopping")
    TOOLS = "tools", _("I bring tools")
    COFFEE = "coffee", _("I make coffee")
    COME = "come", _("I come and help")


DEEDS: dict[str, tuple[Deed, ...]] = {
    Category.GROCERIES: (Deed.SHOP, Deed.DRIVE, Deed.CARRY),
    Category.RIDE: (Deed.DRIVE, Deed.COME),
    Category.HOUSE: (Deed.CARRY, Deed.TOOLS, Deed.DRIVE, Deed.COME),
    Category.GARDEN: (Deed.TOOLS, Deed.CARRY, Deed.COFFEE, Deed.COME),
    Category.COMPANY: (Deed.COME, Deed.COFFEE, Deed.DRIVE),
    Category.OTHER: (Deed.DRIVE, Deed.CARRY, Deed.TOOLS, Deed.COME),
}
# The same, as others read it: "Bram: drives".
DOES = {
    Deed.DRIVE: _("drives"),
    Deed.CARRY: _("carries"),
    Deed.SHOP: _("does the shopping"),
    Deed.TOOLS: _("brings tools"),
    Deed.COFFEE: _("makes coffee"),
    Deed.COME: _("comes and helps"),
}


def deeds_of(category: str) -> tuple[Deed, ...]:
    """What there is to choose from; nothing where the help is one thing, like walking a dog."""
    return DEEDS.get(category, ())


def does(deed: str) -> str:
    """What this person does, for others to read; empty where they chose no part."""
    return str(DOES[Deed(deed)]) if deed in Deed.values else ""
