"""Telling us that something is not right, and reading what became of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from moderation import blocking, notices, reports, subjects
from moderation.forms import ReportForm
from moderation.models import Report


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One question; told already and not decided yet: what became of that."""
    reporter = _person(request)
    subject = subjects.find(kind, pk, reporter)
    if subject is None:
        raise Http404
    open_one = Report.objects.open().filter(subject_kind=subject.label, subject=pk, reporter=reporter).first()
    if open_one:
        return redirect("reported", open_one.pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            told = reports.report(subject, reporter=reporter, **form.cleaned_data, now=timezone.now())
        except reports.TooFast as refusal:
            form.add_error(None, str(refusal))
            status = 429
        else:
            return redirect("reported", told.pk)
    elif form.is_bound:
        status = 422
    return render(request, "moderation/report.html", {"form": form, "subject": subject}, status=status)


@require_safe
@never_cache
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """For who told it: that we look and by when they hear, or what was decided."""
    reporter, now = _person(request), timezone.now()
    told = get_object_or_404(Report.objects.select_related("about"), pk=pk, reporter=reporter)
    other = told.about if told.about and not blocking.is_blocked(reporter.pk, told.about.pk) else None
    knows = other is not None and subjects.find("person", other.pk, reporter) is not None
    context = {
        "report": told,
        "by_when": notices.by_when(told, now),
        "is_text": reports.can_hide(told),
        "is_urgent": told.reason == Report.Reason.UNSAFE,
        "other": other if knows else None,
    }
    return render(request, "moderation/reported.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the middleware asks for a login
    return request.user
