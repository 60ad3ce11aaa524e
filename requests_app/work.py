"""A request as work for a volunteer: rows in, the pure module's answers out."""

from __future__ import annotations

from requests_app import demands
from requests_app.models import HelpRequest
from volunteers.fits import Work


def work_of(help_request: HelpRequest) -> Work:
    """What this request demands of who is asked."""
    return Work(
        where=demands.where(help_request.place, help_request.category),
        light=demands.is_light(help_request.category, help_request.minutes),
        car=demands.needs_car(help_request.category),
        alone=help_request.slots == 1,
    )
