"""Asking something: three questions, a check, done. Each answer is stored at once; nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import web
from accounts.kept import answers, keeps_typed
from moderation import checks
from requests_app import circle, circle_mail, drafts, group_words, lifecycle, moments, timeline
from requests_app.addresses import address_of, known_address
from requests_app.cards import preview_of
from requests_app.forms import gentle
from requests_app.forms.ask import WhatForm, WhoForm, what_of
from requests_app.forms.circle import ADD
from requests_app.forms.when import WhenForm, when_of
from requests_app.models import Audience, HelpRequest, MatchMode, Status
from requests_app.models.help_request import OWN_CIRCLE
from requests_app.pace import EnoughToday
from requests_app.transitions import NotAllowed
from requests_app.views import circle_choice
from requests_app.views.answers import Request, place_to_ask, show, too_fast
from requests_app.views.lines import steps_in_words
from requests_app.views.summary import summary
from requests_app.views.usual import usual_wait_in_words
from villages.models import Residency, Tally
from volunteers.models import Volunteer

STEPS = ("ask_what", "ask_when", "ask_who", "ask_check")
BACK, STOP = "back", "stop"  # what the buttons beside "Next" say; those keep what was typed, too


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def start(request: Request) -> HttpResponse:
    """Question 1 for who has no draft yet; who has one goes on with it."""
    home = place_to_ask(request)
    if isinstance(home, HttpResponse):
        return home
    if request.method == "POST":
        return _begin(request, home)
    typed = answers(request)
    draft = HelpRequest.objects.filter(author=request.user, village=home.village, status=Status.DRAFT).first()
    if draft and not typed:
        return redirect("ask_what", draft.pk)
    return _page(request, WhatForm(initial=typed), step=0, village=home.village)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def what(request: Request, pk: int) -> HttpResponse:
    draft = _draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    if gentle.pressed(request.POST):
        return _again(request, WhatForm(initial=gentle.refilled(request.POST)), 0, village=draft.village, draft=draft)
    form = WhatForm(data=request.POST or None, initial=what_of(draft) | answers(request))
    return _answer(request, draft, form, step=0)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def when(request: Request, pk: int) -> HttpResponse:
    draft = _draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    now = timezone.now()
    if gentle.pressed(request.POST):
        form = WhenForm(initial=gentle.refilled(request.POST), now=now)
        return _again(request, form, 1, village=draft.village, draft=draft)
    address = address_of(draft) or ("" if draft.part else known_address(draft))
    initial = when_of(draft, address, now) | answers(request)
    form = WhenForm(data=request.POST or None, initial=initial, now=now)
    return _answer(request, draft, form, step=1)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def who(request: Request, pk: int) -> HttpResponse:
    draft = _draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    volunteers = Volunteer.objects.filter(village=draft.village, ended_at=None).exclude(user=request.user).count()
    people, rungs = list(circle.people_of(request.user)), moments.rungs_of(draft)
    mails = circle_mail.may_mail(draft.author_id, draft.village_id, timezone.now())
    form = WhoForm(
        data=request.POST or None,
        initial=circle_choice.chosen_before(draft, people) | {"match_mode": draft.match_mode} | answers(request),
        people=people,
        mails=mails,
        village=draft.village,
        neighbours=Tally.others(draft.village_id, draft.author_id),
        volunteers=volunteers,
        rungs=rungs,
        group=group_words.fitting(draft) if rungs.groups else "",
    )
    if request.method == "POST" and form.is_valid():
        circle_choice.keep(form, draft, request.user)
        if form.is_valid() and request.POST.get("then") == ADD:
            drafts.save_draft(draft.pk, author=request.user, changes=form.changes())
            return redirect(f"{reverse('ask_who', args=[draft.pk])}#circle")
    opens = form["audience"].value() == Audience.CIRCLE or bool(form.errors)
    return _answer(
        request, draft, form, step=2, card=preview_of(draft, timezone.now()), opens_circle=opens, mails=mails
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: Request, pk: int) -> HttpResponse:
    """The last look, with the real moments; posting twice is posting once."""
    draft = _draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    now = timezone.now()
    if unanswered := _unanswered(draft, now):
        return redirect(unanswered, draft.pk)
    if request.method != "POST":
        return _check_page(request, draft, now)
    after = circle_choice.after_circle(request.POST, draft) if draft.audience in OWN_CIRCLE else None
    if after and not after.is_valid():
        return _check_page(request, draft, now, after=after)
    changes: dict[str, Any] = after.changes() if after else {}
    if draft.match_mode == MatchMode.CHOOSE:
        changes["volunteer_at_once"] = request.POST.get("volunteer_at_once") == "on"
    return _post(request, draft, changes, now)


@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Ask the same once more: a new draft, to choose another day for."""
    old = HelpRequest.objects.filter(pk=pk, author=request.user).exclude(status=Status.DRAFT).first()
    if old is None:
        raise Http404
    draft = drafts.copy_to_draft(old, timezone.now())
    return redirect("ask_when", draft.pk)


@require_POST
def throw_away(request: Request, pk: int) -> HttpResponse:
    """Posted, or thrown away already: a no-op. Somebody else's is not there."""
    if HelpRequest.objects.filter(pk=pk).exclude(author=request.user).exists():
        raise Http404
    drafts.throw_away(pk, author=request.user)
    return redirect("mine")


def _begin(request: Request, home: Residency) -> HttpResponse:
    if gentle.pressed(request.POST):
        return _again(request, WhatForm(initial=gentle.refilled(request.POST)), 0, village=home.village)
    form = WhatForm(data=request.POST)
    if not form.has_changed():  # nothing typed: nothing to keep
        return _elsewhere(request) or _page(request, form, step=0, village=home.village, status=422)
    if not _goes_on(form, request):
        return _page(request, form, step=0, village=home.village, status=422)
    draft = drafts.begin(request.user, home.village, timezone.now(), street=home.street)
    return _store(request, draft, form, step=0)


def _elsewhere(request: Request) -> HttpResponse | None:
    """Where who stops or goes back from an empty first page ends up."""
    return {STOP: redirect("mine"), BACK: redirect("board")}.get(request.POST.get("then", ""))


def _draft(request: Request, pk: int) -> HelpRequest | HttpResponse:
    """This person's own draft. Posted by now: its page; anything else is not there."""
    own = HelpRequest.objects.filter(pk=pk, author=request.user)
    rows = own.select_related("author", "municipality", "village__contact_person")
    draft = rows.first()
    if draft is None:
        raise Http404
    return draft if draft.status == Status.DRAFT else redirect("help_request", draft.pk)


def _answer(
    request: Request, draft: HelpRequest, form: WhatForm | WhenForm | WhoForm, *, step: int, **context: Any
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, form, step=step, village=draft.village, draft=draft, **context)
    if not _goes_on(form, request):
        return _page(request, form, step=step, village=draft.village, draft=draft, status=422, **context)
    return _store(request, draft, form, step=step)


def _goes_on(form: forms.Form, request: Request) -> bool:
    """Whether what was typed can be kept. Who goes back or stops may leave things open, but nothing is lost."""
    if form.is_valid():
        return True
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return request.POST.get("then") in {BACK, STOP} and codes <= {"required"}


def _store(request: Request, draft: HelpRequest, form: WhatForm | WhenForm | WhoForm, *, step: int) -> HttpResponse:
    try:
        drafts.save_draft(draft.pk, author=request.user, changes=form.changes())
    except NotAllowed:  # posted meanwhile, in another window
        return redirect("help_request", draft.pk)
    then = request.POST.get("then")
    if then not in {STOP, BACK} and isinstance(form, WhatForm) and gentle.unseen(form, request.POST):
        return redirect(f"{reverse('ask_what', args=[draft.pk])}#gentle")  # it is stored; going on is the next tap
    if then == STOP:
        messages.success(request, _("Your request is saved. You can go on whenever you like."))
        return redirect("mine")
    if then == BACK:
        return redirect(STEPS[step - 1], draft.pk) if step else redirect("board")
    return redirect(STEPS[step + 1], draft.pk)


def _page(
    request: Request, form: forms.Form, *, step: int, village: Any, status: int = 200, part: str = "", **context: Any
) -> HttpResponse:
    context |= {"form": form, "village": village, "number": step + 1, "done": range(step), "ahead": range(2 - step)}
    if isinstance(form, WhatForm):
        context |= {"notes": gentle.notes_on(form), "examples": gentle.examples_for(form)}
    if part and step == 0:
        return show(request, "requests_app/ask_what.html", part, context)
    return render(request, f"requests_app/{STEPS[step]}.html", context, status=status)


def _again(request: Request, form: WhatForm | WhenForm, step: int, **context: Any) -> HttpResponse:
    """The page with what was typed, as a button of it changed that; for htmx the part that the button is about."""
    button = gentle.pressed(request.POST)
    if button == gentle.TAKE_OUT:
        messages.success(request, _("Taken out. Read your text once more."))
    context["shown"] = button in {gentle.EXAMPLES, gentle.EXAMPLE}
    part = {gentle.LOOK: "gentle", gentle.EXAMPLES: "examples"}.get(button, "wording")
    return _page(request, form, step=step, part=part, **context)


def _unanswered(draft: HelpRequest, now: datetime) -> str:
    """The first step that has no (usable) answer yet."""
    if not draft.category or not draft.text:
        return "ask_what"
    if not draft.part or moments.needed_by(draft, now) <= now:
        return "ask_when"
    if draft.audience in OWN_CIRCLE and not draft.circle_invites.welcome().exists():
        return "ask_who"
    return ""


def _post(request: Request, draft: HelpRequest, changes: dict[str, Any], now: datetime) -> HttpResponse:
    try:
        drafts.save_draft(draft.pk, author=request.user, changes=changes)
        lifecycle.ask(draft.pk, actor=web(request.user), now=now)
    except EnoughToday as refusal:
        return too_fast(request, request.path, str(refusal))
    except NotAllowed as refusal:
        if not HelpRequest.objects.filter(pk=draft.pk, status=Status.DRAFT).exists():
            return redirect("help_request", draft.pk)
        return _check_page(request, draft, now, refusal=str(refusal))
    _say_it_is_posted(request, draft)
    return redirect("help_request", draft.pk)


def _check_page(
    request: Request, draft: HelpRequest, now: datetime, *, after: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    if after is None and draft.audience in OWN_CIRCLE:
        after = circle_choice.after_circle(request.POST or None, draft)
    context = {
        "draft": draft,
        "village": draft.village,
        "danger": checks.in_danger(f"{draft.title}\n{draft.text}"),
        "rows": summary(draft, now),
        "steps": steps_in_words(timeline.preview(draft, now), now),
        "usual": usual_wait_in_words(draft, now),
        "refusal": refusal,
        "asks_for_advance_yes": draft.match_mode == MatchMode.CHOOSE and draft.audience != Audience.CONTACT,
        "rungs": moments.rungs_of(draft),
        "form": after,
        "mails": circle_mail.may_mail(draft.author_id, draft.village_id, now),
        "done": range(3),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if after and after.errors else HTTPStatus.OK
    return render(request, "requests_app/ask_check.html", context, status=HTTPStatus.CONFLICT if refusal else status)


def _say_it_is_posted(request: Request, draft: HelpRequest) -> None:
    if draft.audience == Audience.NEIGHBOURS:
        text = _("Your request is on the board. Good that you ask. We send you a message when a neighbour can help.")
    else:
        text = _("Your request is posted. Good that you ask. We send you a message when there is news.")
    messages.success(request, text)
