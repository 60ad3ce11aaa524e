"""Who sees my data, and how long is it kept? The periods come from ``samsam/privacy.py``: the page cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from samsam import privacy
from samsam.privacy import MONTH, Period


@dataclass(frozen=True)
class Kind:
    """One kind of data as people know it: who sees it, and the tables it is kept in, all for the same period."""

    title: Promise
    who: Promise
    tables: tuple[str, ...]
    period: Period


KINDS = (
    Kind(
        _("Your request"),
        _("Neighbours who take part see your first name, your street and your text. The village team sees it too."),
        ("requests_app.HelpRequest", "requests_app.Event"),
        privacy.AFTER_CLOSING,
    ),
    Kind(
        _("Your address"),
        _("Only the neighbour who comes sees your address. Only after your yes, and as long as the appointment runs."),
        ("requests_app.RequestAddress",),
        privacy.AFTER_CLOSING,
    ),
    Kind(
        _("That you help"),
        _("The asker sees your first name and your street. The village team sees it too."),
        ("requests_app.Offer", "requests_app.PickUp"),
        privacy.AFTER_CLOSING,
    ),
    Kind(
        _("That you would come if somebody else cannot"),
        _("Only you see this. The asker sees your first name once you come."),
        ("requests_app.Reserve",),
        privacy.AFTER_CLOSING,
    ),
    Kind(
        _("The people in your circle"),
        _("Only you see them. Who you ask sees only your request, and the address after saying yes."),
        ("requests_app.CircleContact",),
        privacy.AS_LONG_AS_THE_ACCOUNT,
    ),
    Kind(
        _("Whom in your circle you asked, and their answer"),
        _("Only you see a yes. Nobody sees a no."),
        ("requests_app.CircleInvite",),
        privacy.AFTER_CLOSING,
    ),
    Kind(
        _("How many e-mails your circle got"),
        _("Nobody looks at this. It is counted, so that nobody gets too many."),
        ("requests_app.CircleMail",),
        privacy.A_DAY,
    ),
    Kind(
        _("That you don't want to be in a circle"),
        _("Nobody looks at this. We keep a code of your address or number, which nobody can read back."),
        ("requests_app.CircleRefusal",),
        privacy.TWO_YEARS,
    ),
    Kind(
        _("Your conversations"),
        _("Only you and your neighbour read them. You see each other's phone number once you both say yes."),
        ("requests_app.ConversationMessage", "requests_app.ProposedMoment"),
        privacy.AFTER_CLOSING,
    ),
    Kind(
        _("I'm going anyway"),
        _("Neighbours who take part see your first name, your street and your text. The village team sees it too."),
        ("requests_app.SpareOffer", "requests_app.SparePlace"),
        privacy.AFTER_LEAVING,
    ),
    Kind(
        _("Your name, e-mail address, phone number and choices"),
        _("Neighbours see your first name and your street. The rest is only seen by the village team."),
        (
            *("accounts.User", "account.EmailAddress", "villages.Residency"),
            *("volunteers.Volunteer", "notifications.Digest"),
        ),
        privacy.AS_LONG_AS_THE_ACCOUNT,
    ),
    Kind(
        _("In which group you take part"),
        _("The group and its host see your first name. The village team sees it if you log in yourself."),
        ("villages.Host", "villages.Member"),
        privacy.AS_LONG_AS_THE_ACCOUNT,
    ),
    Kind(
        _("What we ask you as a volunteer"),
        _("The village team sees what we asked you and what you answered. Neighbours don't."),
        ("volunteers.Ask", "volunteers.Job", "requests_app.RequestAsk"),
        privacy.A_YEAR,
    ),
    Kind(
        _("With whom you have no contact"),
        _("Only you see this. The other is not told."),
        ("moderation.Block",),
        privacy.AS_LONG_AS_THE_ACCOUNT,
    ),
    Kind(
        _("What you tell us, and what we decide"),
        _("Only the village team sees that you told us."),
        ("moderation.Report", "moderation.Decision"),
        privacy.A_YEAR,
    ),
    Kind(
        _("Messages from SamSam"),
        _("Only you read them. The village team sees that something was sent, not the text."),
        ("notifications.Message",),
        privacy.AFTER_SENDING,
    ),
    Kind(
        _("On which devices you get notifications"),
        _("Nobody looks at this. The maker of your browser delivers them and cannot read them."),
        ("notifications.PushSubscription",),
        privacy.AS_LONG_AS_THE_ACCOUNT,
    ),
    Kind(
        _("That you are signed in"),
        _("Nobody looks at this. Your device keeps a cookie, so that you need no new code each time."),
        ("sessions.Session",),
        privacy.LOGGED_IN,
    ),
    Kind(
        _("Confirming your e-mail address"),
        _("Nobody looks at this."),
        ("account.EmailConfirmation",),
        privacy.A_VISIT,
    ),
    Kind(
        _("Tries with a code"),
        _("Nobody looks at this. It stops who tries many codes."),
        ("villages.CodeAttempt", "samsam_cache"),
        privacy.A_DAY,
    ),
    Kind(
        _("The people of the village team"),
        _("Everybody sees the name and the phone number of a contact person."),
        (
            *("villages.ContactPerson", "accounts.StaffRole", "requests_app.Policy", "requests_app.PolicyTrial"),
            *("mfa.Authenticator", "accounts.User_groups", "accounts.User_user_permissions"),
        ),
        privacy.AS_LONG_AS_THE_ROLE,
    ),
    Kind(
        _("What the village team changes"),
        _("Only the village team sees who changed what, each in their own municipality."),
        ("admin.LogEntry",),
        privacy.ACCESS,
    ),
)

# Each period of the declaration as a sentence; the number in it is the declaration's own.
SENTENCES: dict[Period, Promise] = {
    privacy.AS_LONG_AS_THE_ACCOUNT: _("Until %(length)s after you were last here. Before that we warn you twice."),
    privacy.AFTER_CLOSING: _("Until %(length)s after the request closed."),
    privacy.AFTER_LEAVING: _("Until %(length)s after the moment it was for."),
    privacy.TWO_YEARS: _("For %(length)s."),
    privacy.A_YEAR: _("For %(length)s."),
    privacy.ACCESS: _("For %(length)s."),
    privacy.AFTER_SENDING: _("Until %(length)s after we sent it."),
    privacy.A_VISIT: _("Until %(length)s after your visit."),
    privacy.LOGGED_IN: _("Until %(length)s after you were last here with that device."),
    privacy.A_DAY: _("For %(length)s."),
    privacy.AS_LONG_AS_THE_ROLE: _("Until %(length)s after somebody stops working for us."),
}


@login_not_required
@require_safe
def who_sees(request: HttpRequest) -> HttpResponse:
    rows = [{"title": kind.title, "who": kind.who, "kept": kept(kind.period)} for kind in KINDS]
    return render(request, "pages/who_sees.html", {"rows": rows})


def kept(period: Period) -> str:
    """How long, as a sentence."""
    return str(SENTENCES[period]) % {"length": _in_words(period.length)}


def _in_words(length: timedelta) -> str:
    if length % MONTH:
        return ngettext("%(count)s day", "%(count)s days", length.days) % {"count": length.days}
    months = length // MONTH
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
