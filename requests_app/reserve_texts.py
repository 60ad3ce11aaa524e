"""What is said to who stands by, and to who says that something was too much; by the rules of the copy guide."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from notifications.kinds import Words, always
from notifications.models import Channel, Message
from requests_app import messages, phrases
from requests_app.messages import About
from requests_app.models import Reserve


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say."""
    messages.register_kind("reserve.asked", asked, has_first_word)
    messages.register_kind("reserve.settled", settled, always, (Channel.IN_APP,))
    messages.register_kind("talk.heard", heard, always, even_apart=True)
    messages.register_kind("team.too_much", too_much, always, even_apart=True)


def has_first_word(message: Message, about: About, now: datetime) -> bool:
    """A place is free, and this reader is asked for it."""
    if not (messages.is_open(message, about, now) and messages.is_visible(message, about, now)):
        return False
    return Reserve.objects.asked().filter(help_request=about.help_request, helper=message.user_id).exists()


def asked(_message: Message, about: About, now: datetime) -> Words:
    """To who stands by: ``until`` is how long the first word is theirs."""
    first = ""
    if about.until and about.until > now:
        before = saying.before_in_words(about.until, now, language())
        first = _("You are the first we ask. Let us know before %(before)s.") % {"before": before}
    return Words(
        _("Can you come after all?"),
        phrases.sentences(
            phrases.its_about(about),
            _("Somebody else can't make it."),
            first,
            _("Yes and no are both fine."),
        ),
        url=about.help_request.get_absolute_url(),
        button=_("Look at the request"),
        signature=phrases.signature(about),
    )


def settled(_message: Message, about: About, _now: datetime) -> Words:
    """To who stood by and had not answered."""
    title = phrases.its_about(about)
    return Words(_("It's sorted already"), phrases.sentences(title, _("You don't have to do anything.")))


def heard(_message: Message, about: About, _now: datetime) -> Words:
    """To who said so."""
    contact = phrases.contact(about)
    return Words(
        _("Thank you for telling us"),
        phrases.sentences(
            _("%(contact)s knows now. You don't have to explain.") % {"contact": contact},
            _("Rather not wait? You can always call %(contact)s.") % {"contact": contact},
        ),
        url=reverse("mine"),
        button=_("To what is mine"),
        signature=phrases.signature(about),
    )


def too_much(_message: Message, about: About, _now: datetime) -> Words:
    """To the contact person: only that there is something."""
    url = reverse("admin:requests_app_helprequest_change", args=[about.help_request.pk])
    return Words(
        _("A job was too much for somebody"),
        _("Open the overview."),
        url,
        _("Open the overview"),
        phrases.signature(about),
    )
