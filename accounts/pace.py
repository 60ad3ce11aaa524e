"""How fast one person may go on: one window and one sentence, wherever something is counted.

Counted are rows of the database: with the broker away, or on many machines, it holds. No models here.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

WINDOW = timedelta(minutes=10)  # as the sentence says
TOO_FAST = _("That was a bit fast. Try again in 10 minutes")
