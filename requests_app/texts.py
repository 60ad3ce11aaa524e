"""What is said to somebody whose verb is refused: sentences of the copy guide that stand in more than one place."""

from django.utils.translation import gettext_lazy as _

GONE = _("This page is not here (any more). Go to the notice board")
TOO_LATE = _("Another neighbour was just before you. Thank you for offering")
GROUP_FULL = _("The group is just complete. Thank you for offering")
HAS_BEEN = _("This has been already. There is nothing to give back")
BEEN_ALREADY = _("This has been already. There is nothing to cancel")
OFFER_OVER = _("This offer has ended. We keep looking. You don't have to do anything")
CIRCLE_LATE = _("This request is not open for you any more. Thank you for looking")
CIRCLE_EMPTY = _("Choose whom we ask first")
PAST_DAY = _("Choose a day that is still to come")
# "Ik ga toch"
PLACE_GONE = _("Another neighbour was just before you. There is no place left")
LEFT_ALREADY = _("This has passed already. Look on the board what else there is")
FURTHEST_SPARE = _("Choose a day within 14 days")
