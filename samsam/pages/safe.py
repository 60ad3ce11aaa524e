"""Helping safely: what neighbours keep to, and where to go when something feels wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def safe(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/safe.html")
