"""The accessibility statement: what we aim at, how we look, and what is not good yet."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# The day somebody last went through the statement, point by point. Change it together with the text.
LOOKED_AT_ON = date(2026, 11, 26)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"looked_at_on": LOOKED_AT_ON})
