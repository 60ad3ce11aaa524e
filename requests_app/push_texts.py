"""What a locked screen shows of a message about a request: no name, street, category or reason.

A kind that is not here, like the confirmation of what somebody just did, makes no phone buzz.
"""

from django.utils.translation import gettext_lazy as _

PUSH = {
    "request.escalated": _("We asked volunteers"),
    "circle.taken": _("Someone is coming to help"),
    "circle.given_back": _("Something changed"),
    "circle.over": _("Your request goes to all neighbours"),
    "request.to_contact": _("Your contact person is helping to look"),
    "request.taken": _("Someone is coming to help"),
    "request.taken_helper": _("It's settled. You are helping"),
    "request.changed": _("Something changed"),
    "request.partly_filled": _("This is how it goes on"),
    "request.partly_filled_helper": _("This is how it goes on"),
    "request.ask_done": _("Did it work out?"),
    "request.lapsed": _("The date of your request has passed"),
    "request.hidden": _("Look at your request"),
    "request.restored": _("Look at your request"),
    "offer.received": _("A neighbour would like to help"),
    "offer.accepted": _("Your neighbour says yes"),
    "offer.declined": _("It's sorted already"),
    "offer.taken_back": _("Something changed with your request"),
    "offer.expired": _("Something changed with your request"),
    "offer.expired_helper": _("There was no answer yet"),
    "pickup.agreed": _("You have an appointment"),
    "pickup.reminder": _("You have an appointment tomorrow"),
    "pickup.changed": _("There is a new time"),
    "pickup.given_back": _("Your appointment is off. We keep looking"),
    "pickup.called_off": _("Your appointment is off"),
    "pickup.done_early": _("Your appointment is off"),
    "thanks.received": _("Someone says thank you"),
    "message.new": _("You have a message"),
    "volunteer.asked": _("May we ask you something?"),
    "volunteer.taken": _("It's sorted already"),
    "team.request_waiting": _("A request is waiting for you"),
    "team.request_moved": _("Something new in your overview"),
    "team.not_done": _("A request is waiting for you"),
    "team.talk": _("Something new in your overview"),
    "team.too_much": _("Something new in your overview"),
    "reserve.asked": _("May we ask you something?"),
}
