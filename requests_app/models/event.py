"""What happened to a request: append-only, ids and numbers, never names or text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Road
from accounts.models import Municipality, User
from requests_app.models.help_request import HelpRequest, Status
from requests_app.models.policy import Policy


class Event(models.Model):
    """One fact about one request. Timeline, figures and audit read it; a trigger refuses every change.

    ``params`` holds numbers only: ``asked`` (volunteers asked in this wave), ``wave``, which ``pick_up``, ``ask``,
    ``offer`` or ``reserve`` it is about, ``helper`` (1: the helper's phone number, 0: the asker's), ``from_contact``
    (the change took it back from the contact person), ``hard`` (1: the visit was), ``stops`` (for whom it was too
    much: as in ``stopping.Stops``), ``call`` (1: would like to be called), ``at_once`` (there was no time to ask the
    own circle alone), ``elsewhere`` (the circle's time is over, but neighbours are left out), ``settled`` (removed
    because it worked out in another way), ``groups`` (put before so many), ``night`` and ``off_hours`` (the contact
    person was told in the night, or outside working hours, with no other moment left),
    ``reason`` (why nobody was found: as in ``contact_hours.Reason``), ``off`` (its policy is switched off).
    """

    class Kind(models.TextChoices):
        POSTED = "posted", _("posted")
        EDITED = "edited", _("changed")
        PICKED_UP = "picked_up", _("somebody helps")
        GIVEN_BACK = "given_back", _("helper can't make it")
        CALLED_OFF = "called_off", _("asker called off a helper")
        FINISHED = "finished", _("done")
        PARTLY_DONE = "partly_done", _("done in part")
        NOT_DONE = "not_done", _("did not work out")
        WITHDRAWN = "withdrawn", _("removed")
        PUT_BACK = "put_back", _("put back")
        LAPSED = "lapsed", _("date passed")
        ASKED = "asked", _("volunteers asked")
        NOBODY_TO_ASK = "nobody_to_ask", _("no volunteer to ask now")
        DECLINED = "declined", _("a volunteer can't this time")
        TO_GROUP = "to_group", _("put before a group")
        TO_CONTACT = "to_contact", _("contact person helps to look")
        POLICY_OFF = "policy_off", _("this way of looking stopped")
        PARTLY_FILLED = "partly_filled", _("goes on with fewer people")
        ASKED_DONE = "asked_done", _("asked whether it worked out")
        HIDDEN = "hidden", _("hidden")
        RESTORED = "restored", _("visible again")
        ADDRESS_SHOWN = "address_shown", _("address shown to the helper")
        OFFERED = "offered", _("somebody would like to help")
        OFFER_DECLINED = "offer_declined", _("asker said no, thank you")
        OFFER_TAKEN_BACK = "offer_taken_back", _("took the offer back")
        OFFER_EXPIRED = "offer_expired", _("offer ended without an answer")
        HELD = "held", _("waits one step for the asker's answer")
        AGREED = "agreed", _("another time agreed")
        PHONE_SHOWN = "phone_shown", _("phone number shown to the other")
        WANTS_TO_TALK = "wants_to_talk", _("would like to talk with the contact person")
        TOO_MUCH = "too_much", _("this was too much for who helped")
        RESERVE_ASKED = "reserve_asked", _("who said yes too is asked first")
        ASKED_NEEDED = "asked_needed", _("asked whether it is still needed")
        STILL_NEEDED = "still_needed", _("still needed, says the asker")
        CIRCLE_OVER = "circle_over", _("the time of the asker's own circle is over")
        CALLED = "called", _("contact person spoke with the asker")
        NOBODY_FOUND = "nobody_found", _("contact person found nobody")
        OWNER_REMINDED = "owner_reminded", _("contact person reminded of the deadline")
        TEAM_TOLD = "team_told", _("coordinators told of the missed deadline")
        SET_ASIDE = "set_aside", _("set aside after a fault")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality"), db_index=False
    )
    help_request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="events", verbose_name=_("request"), db_index=False
    )
    kind = models.CharField(_("what"), max_length=16, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status)  # it led to
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    road = models.CharField(_("how"), max_length=10, choices=Road)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy"), db_index=False
    )
    params = models.JSONField(_("numbers"), default=dict, blank=True)
    at = models.DateTimeField(_("moment"))

    Road: ClassVar[type[Road]] = Road

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index("help_request", "id", name="event_of_request"),
            models.Index(fields=["municipality", "-id"], name="event_of_municipality"),
            # The clock has no name.
            models.Index("by", name="event_of_person", condition=Q(by__isnull=False)),
            # Figures count the requests of a month.
            models.Index("municipality", "at", name="event_posted", condition=Q(kind="posted")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%Y-%m-%d %H:%M})"

    @property
    def by_for_staff(self) -> User | None:
        """Who did it, as far as staff may know: a no is nobody's business but the volunteer's own."""
        return None if self.kind == self.Kind.DECLINED else self.by
