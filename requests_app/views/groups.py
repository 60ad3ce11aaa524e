"""The page of a group: what lies before it, who does what, and for the host who takes part without a phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import web
from accounts.kept import answers, keeps_typed
from requests_app import deeds, groups, tables, words
from requests_app.addresses import address_for
from requests_app.cards import Card, card
from requests_app.forms.group import DoesForm, PersonForm
from requests_app.models import HelpRequest, Offer, Status
from requests_app.pace import TooFast
from requests_app.transitions import NotAllowed
from requests_app.views.answers import Request, too_fast
from villages import groups as village_groups
from villages import refusals
from villages.models import Group, Member, home_of

MOST = 30  # a table with more on it is read by nobody


@dataclass
class OnTheTable:
    """One request before the group. ``address`` is there for the host of who comes without an account."""

    help_request: HelpRequest
    card: Card
    coming: list[Any]
    offered: list[Offer] = field(default_factory=list)
    address: str = ""
    form: DoesForm | None = None


@require_safe
@never_cache
def page(request: Request, pk: int) -> HttpResponse:
    """What lies before it and is still to come; for others than its people it is not there."""
    group = _group(request, pk)
    return render(request, "requests_app/group.html", _context(request, group, timezone.now()))


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def people(request: Request, pk: int) -> HttpResponse:
    """Who takes part without an account: for its hosts."""
    group = _hosted(request, pk)
    form = PersonForm(data=request.POST or None, initial=answers(request))
    if request.method == "POST" and form.is_valid():
        try:
            village_groups.add_person(pk, host=request.user, name=form.cleaned_data["name"], now=timezone.now())
        except refusals.NotAllowed as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Added. You can say now what this person does."))
            return redirect("group_people", pk)
    context = {"group": group, "village": group.place.village, "people": _people(group), "form": form}
    return render(request, "requests_app/group_people.html", context, status=422 if form.errors else 200)


def remove(request: Request, pk: int, member: int) -> HttpResponse:
    """Out of the group: the name is erased at once."""
    _hosted(request, pk)
    if request.method == "POST":
        done = _("Removed from the group. We keep nothing of this person.")
        _verb(request, lambda now: groups.remove(member, host=request.user, now=now), done)
    return redirect("group_people", pk)


def say_yes_for(request: Request, pk: int, help_request: int) -> HttpResponse:
    """The host says who does it."""
    group = _hosted(request, pk)
    if request.method != "POST":
        return redirect("group", pk)
    on_table = tables.lying_before(group, request.user, timezone.now()).filter(pk=help_request).first()
    if on_table is None:
        raise Http404
    form = DoesForm(data=request.POST, people=_people(group), deeds=deeds.deeds_of(on_table.category))
    if not form.is_valid():
        context = _context(request, group, timezone.now(), bound={help_request: form})
        return render(request, "requests_app/group.html", context, status=422)
    said = form.cleaned_data
    name = dict(form.fields["member"].choices)[str(said["member"])]  # type: ignore[attr-defined]  # a choice field
    actor = web(request.user)
    try:
        _verb(
            request,
            lambda now: groups.say_yes_for(
                help_request, member=said["member"], host=request.user, deed=said["deed"], actor=actor, now=now
            ),
            _("%(name)s is put down. Thank you.") % {"name": name},
        )
    except TooFast:
        return too_fast(request, reverse("group", args=[pk]))
    return redirect("group", pk)


def give_back_for(request: Request, pk: int, help_request: int) -> HttpResponse:
    """They can't make it after all."""
    _hosted(request, pk)
    member = request.POST.get("member", "")
    if request.method == "POST" and member.isdecimal() and len(member) < 19:
        done, actor = _("That's fine. We keep looking."), web(request.user)
        _verb(
            request,
            lambda now: groups.give_back_for(
                help_request, member=int(member), host=request.user, actor=actor, now=now
            ),
            done,
        )
    return redirect("group", pk)


def _context(
    request: Request, group: Group, now: datetime, *, bound: dict[int, DoesForm] | None = None
) -> dict[str, Any]:
    is_host = group.hosts.filter(user=request.user).exists()
    return {
        "group": group,
        "place": group.place,
        "village": group.place.village,
        "section": "mine",
        "is_host": is_host,
        "table": _table(request, group, now, is_host=is_host, bound=bound or {}),
        "form": next(iter(bound.values()), None) if bound else None,
    }


def _table(
    request: Request, group: Group, now: datetime, *, is_host: bool, bound: dict[int, DoesForm]
) -> list[OnTheTable]:
    home, crowd = home_of(request.user), _people(group) if is_host else []
    rows = list(tables.lying_before(group, request.user, now)[:MOST])
    offered = Offer.objects.waiting().filter(help_request__in=rows, member__group=group).select_related("member")
    told = []
    for row in rows:
        coming: list[Any] = [tables.with_part(pick_up) for pick_up in tables.known_of(row, {group.pk})]
        for pick_up in coming:
            pick_up.ours = is_host and pick_up.member is not None and pick_up.member.group_id == group.pk
        there = OnTheTable(row, card(row, request.user, home, now), coming)
        told.append(there)
        if not is_host:
            continue
        there.offered = [offer for offer in offered if offer.help_request_id == row.pk]
        if any(pick_up.ours for pick_up in coming):
            there.address = address_for(row, request.user) or words.where(row)
        taken = {it.member_id for it in (*coming, *there.offered)}
        free = [person for person in crowd if person.pk not in taken]
        if free and row.status == Status.OPEN and row.author_id != request.user.pk:
            offered_deeds = deeds.deeds_of(row.category)
            there.form = bound.get(row.pk) or DoesForm(people=free, deeds=offered_deeds, auto_id=f"does-{row.pk}-%s")
            there.form.ask_of(free)  # also after a mistake: it was read with everybody of the group
    return told


def _people(group: Group) -> Sequence[Member]:
    return list(Member.objects.without_account().filter(group=group))


def _group(request: Request, pk: int) -> Group:
    rows = Group.objects.of(request.user, timezone.now()).select_related("place__village__contact_person")
    group = rows.filter(pk=pk).first()
    if group is None:
        raise Http404
    return group


def _hosted(request: Request, pk: int) -> Group:
    rows = Group.objects.hosted_by(request.user).select_related("place__village__contact_person")
    group = rows.filter(pk=pk).first()
    if group is None:
        raise Http404
    return group


def _verb(request: Request, verb: Callable[[datetime], object], done: str) -> None:
    try:
        verb(timezone.now())
    except TooFast:
        raise  # a page of its own
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
