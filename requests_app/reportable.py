"""What residents can tell us about here: a request, what a neighbour does anyway, and a person they met."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from moderation import reports, subjects
from moderation.models import Report
from requests_app import going, going_words, moderating, moments, parting, words
from requests_app.models import CircleInvite, HelpRequest, SpareOffer, Status
from requests_app.transitions import NotAllowed
from villages.models import home_of

REQUEST, SPARE, PERSON = "request", "spare", "person"
PERSON_LABEL = "accounts.user"


def register_kinds() -> None:
    """Tell ``moderation`` what can be told about, who may see it, and whose it is."""
    subjects.register(
        REQUEST,
        subjects.Kind(
            label=moderating.SUBJECT,
            words=_("request"),
            find=_request,
            staff_page=lambda pk: reverse("admin:requests_app_helprequest_change", args=[pk]),
            hide=_hide,
        ),
    )
    subjects.register(
        SPARE,
        subjects.Kind(
            label=going.SUBJECT,
            words=_("I'm going anyway"),
            find=_spare,
            staff_page=lambda pk: reverse("admin:requests_app_spareoffer_change", args=[pk]),
            hide=_hide_spare,
        ),
    )
    subjects.register(
        PERSON,
        subjects.Kind(
            label=PERSON_LABEL,
            words=_("person"),
            find=_person,
            staff_page=lambda pk: reverse("admin:accounts_user_change", args=[pk]),
        ),
    )


def _request(viewer: User, pk: int) -> subjects.Subject | None:
    rows = HelpRequest.objects.visible_to(viewer).exclude(author=viewer).exclude(status=Status.DRAFT)
    found = rows.select_related("author", "village__contact_person__user").filter(pk=pk).first()
    return _subject(found) if found else None


def stranger_asks(invite: CircleInvite, now: datetime) -> None:
    """Somebody put in a circle does not know who asks: the team hears that, and not who told it. Twice: a no-op."""
    with translation.override(settings.LANGUAGE_CODE):
        text = gettext("Somebody was asked through a circle, and does not know who asks.")
    reports.report_without_account(_subject(invite.help_request), reason=Report.Reason.OTHER, text=text, now=now)


def _subject(found: HelpRequest) -> subjects.Subject:
    contact = found.village.contact_person
    return subjects.Subject(
        kind=REQUEST,
        label=moderating.SUBJECT,
        pk=found.pk,
        title=words.title(found),
        url=found.get_absolute_url(),
        about=found.author,
        municipality=found.municipality_id,
        contact=contact.user if contact else None,
        awake=moments.awake_in(found.village),
    )


def _spare(viewer: User, pk: int) -> subjects.Subject | None:
    rows = SpareOffer.objects.visible_to(viewer).exclude(author=viewer)
    found = rows.select_related("author", "village__contact_person__user").filter(pk=pk).first()
    if found is None:
        return None
    contact = found.village.contact_person
    return subjects.Subject(
        kind=SPARE,
        label=going.SUBJECT,
        pk=pk,
        title=going_words.sentence(found),
        url=found.get_absolute_url(),
        about=found.author,
        municipality=found.municipality_id,
        contact=contact.user if contact else None,
        awake=moments.awake_in(found.village),
    )


def _person(viewer: User, pk: int) -> subjects.Subject | None:
    """Belongs to where they live; of somebody who lives nowhere now, to where the one who tells it does."""
    person = parting.acquaintance(viewer, pk)
    home = (home_of(person) or home_of(viewer)) if person else None
    if person is None or home is None:
        return None
    contact = home.village.contact_person
    return subjects.Subject(
        kind=PERSON,
        label=PERSON_LABEL,
        pk=pk,
        title=person.first_name,
        url=reverse("mine"),
        about=person,
        municipality=home.municipality_id,
        contact=contact.user if contact else None,
        awake=moments.awake_in(home.village),
    )


def _hide(pk: int, reason: str, actor: Actor, now: datetime) -> None:
    if HelpRequest.objects.filter(pk=pk).exclude(hidden_at=None).exists():
        return
    try:
        moderating.hide(pk, reason=reason, actor=actor, now=now)
    except NotAllowed as refusal:
        raise reports.NotAllowed(str(refusal)) from refusal


def _hide_spare(pk: int, reason: str, actor: Actor, now: datetime) -> None:
    if SpareOffer.objects.filter(pk=pk).exclude(hidden_at=None).exists():
        return
    try:
        going.hide(pk, reason=reason, actor=actor, now=now)
    except NotAllowed as refusal:
        raise reports.NotAllowed(str(refusal)) from refusal
