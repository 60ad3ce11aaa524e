"""What is over, or not for them any more, for who was asked or stood by: that, kindly, and nothing of the request."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from requests_app.models import HelpRequest, PickUp, RequestAsk, Reserve, Status
from requests_app.texts import GONE
from requests_app.views.answers import Request


def page(request: Request, pk: int) -> HttpResponse:
    """The link of the mail, for who may not see the request (any more). For everybody else it is not there."""
    help_request = once_theirs(request.user, pk)
    if help_request is None:
        raise Http404(GONE)
    context = {
        "title": title(help_request, timezone.now()),
        "text": thanks(),
        "url": reverse("board"),
        "link": _("Back to the board"),
        "pk": pk,
        "stands_by": help_request.stands_by,  # type: ignore[attr-defined]  # annotated
        "may_stand_by": help_request.status == Status.TAKEN,
    }
    return render(request, "409.html", context)


def once_theirs(user: User, pk: int) -> HelpRequest | None:
    """A request that was asked of this person, or that they stood by for: whatever became of it.

    Not what staff hid, and nothing of somebody with whom they have no contact.
    """
    asked = Exists(RequestAsk.objects.filter(help_request=OuterRef("pk"), ask__volunteer__user=user))
    theirs = Reserve.objects.filter(help_request=OuterRef("pk"), helper=user)
    rows = HelpRequest.objects.filter(asked | Exists(theirs), ~Q(status=Status.DRAFT), pk=pk, hidden_at=None)
    rows = rows.annotate(stands_by=Exists(theirs.filter(ended_at=None)), came=Exists(_came()))
    return rows.without_blocked(user).first()


def title(help_request: HelpRequest, now: datetime) -> str:
    """What is true of it: never that somebody was found where nobody was."""
    if help_request.status == Status.OPEN:
        return _("You are not asked any more")
    if help_request.came:  # type: ignore[attr-defined]  # annotated
        return _("It's sorted already")
    if help_request.status == Status.LAPSED:
        passed = help_request.needed_by is not None and help_request.needed_by <= now
        return _("The date has passed") if passed else _("We are not looking any more")
    return _("This is not needed any more")


def thanks() -> str:
    """Nothing is asked of them any more."""
    return _("Thank you for looking. You don't have to do anything.")


def _came() -> QuerySet[PickUp]:
    """Who comes, or came."""
    return PickUp.objects.filter(Q(ended_at=None) | Q(end=PickUp.End.DONE), help_request=OuterRef("pk"))
