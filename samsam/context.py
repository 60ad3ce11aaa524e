"""What every page shows around its own content: the village, who to call, what is new, how it is to look."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import Exists
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User
from notifications.inbox import unread_of_outer_user
from samsam.pages.letters import chosen
from villages.models import Village, home_of
from volunteers.models import Volunteer

# Which village a visitor last looked at, so that its contact person can be called from every page.
VILLAGE_COOKIE = "village"


def page(request: HttpRequest) -> dict[str, Any]:
    """For all templates: ``village``, ``unread``, ``is_volunteer``, ``who``, ``theme`` and ``text_size``.

    Asked of the database only when a template reads them: one query for the village, one for the other two. A view
    that gives its own ``village`` (with ``contact_person``) saves the first.
    """
    user = getattr(request, "user", None)  # not there when a middleware answers before the login is read

    @cache
    def village() -> Village | None:
        if user and user.is_authenticated and (home := home_of(user)):
            return home.village
        return last_seen(request)

    @cache
    def facts() -> tuple[bool, int]:
        return _facts(user) if user and user.is_authenticated else (False, 0)

    lazy: dict[str, Callable[[], Any]] = {
        "village": village,
        "is_volunteer": lambda: facts()[0],
        "unread": lambda: facts()[1],
        "who": lambda: mark_of(user),
    }
    return lazy | chosen(request)


def mark_of(user: Any) -> str:
    """Tells a browser whether the same person is still signed in, and nothing else; "-" when nobody is."""
    if user is None:
        return ""
    return salted_hmac("samsam.who", str(user.pk)).hexdigest()[:16] if user.is_authenticated else "-"


def last_seen(request: HttpRequest) -> Village | None:
    """The village whose page a visitor looked at last; nothing if that is not (or no longer) on."""
    slug = request.COOKIES.get(VILLAGE_COOKIE, "")
    if not slug or len(slug) > 100 or "\0" in slug:
        return None
    return Village.objects.switched_on().filter(slug=slug).select_related("contact_person").first()


def _facts(user: User) -> tuple[bool, int]:
    """Whether this person is a volunteer, and how many messages are new, in one query."""
    volunteer = Volunteer.objects.filter(user=user, ended_at=None)
    found = User.objects.filter(pk=user.pk).values_list(Exists(volunteer), unread_of_outer_user()).first()
    return (bool(found[0]), len(found[1])) if found else (False, 0)
