"""What a neighbour can help with: the categories of the copy guide, and what they demand.

The icon of a category has its name (``static/img/icons.svg``).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """What the help is, in everyday words."""

    GROCERIES = "groceries", _("Groceries")
    RIDE = "ride", _("A lift")
    HOUSE = "house", _("Job in the house")
    GARDEN = "garden", _("Garden")
    COMPANY = "company", _("Coffee or a walk")
    PET = "pet", _("Pet")
    DEVICE = "device", _("Phone or computer")
    PAPERWORK = "paperwork", _("Mail and forms")
    OTHER = "other", _("Something else")


# How long it mostly takes, for who does not know: one of the choices of question 2.
MINUTES: dict[str, int] = {
    Category.GROCERIES: 30,
    Category.RIDE: 60,
    Category.HOUSE: 30,
    Category.GARDEN: 60,
    Category.COMPANY: 60,
    Category.PET: 30,
    Category.DEVICE: 30,
    Category.PAPERWORK: 30,
}
# Somebody else's letters are about money: volunteers need a certificate of conduct for these (architecture, trust).
WITH_CERTIFICATE = frozenset({Category.PAPERWORK})
