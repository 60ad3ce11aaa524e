"""Every page there is, as somebody sees it: who, where, and whether its form was sent empty first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import web
from accounts.models import User
from bench import seed
from bench.cast import Cast, addresses, cast, patterns
from requests_app import conversation, offers
from requests_app.models import ConversationMessage, HelpRequest
from tests import make
from villages.models import Village

# Pages that do something by being opened, and what a developer reads only.
NOT_LOOKED_AT = {"account_logout", "healthz", "readyz", "dev_post"}
# As long as the forms let them be, and not to be broken anywhere.
LONG = "Wilhelminaalexandrinajohannahendrikamari"
LONG_TITLE = "Boodschappenbezorgingsondersteuningvoordebuurtvereniging"
LONG_LINK = "https://betalen.example/" + 70 * "a"


@dataclass(frozen=True)
class Page:
    """``cookie`` logs ``role`` in; ``empty_form``: its form was sent empty, and says what is missing.

    Not ``whole``: what a device keeps, to be put into another page.
    """

    role: str
    path: str
    cookie: str = field(repr=False)
    empty_form: bool = False
    whole: bool = True

    def __str__(self) -> str:
        return f"{self.path} as {self.role}{', sent empty' if self.empty_form else ''}"


def pages() -> list[Page]:
    """Each once, in a village with somebody in every role, one with nothing and one with 200 requests."""
    here = cast()
    found = dict.fromkeys(_of_cast(here))
    return [*found, *_of_village("empty village", _empty()), *_of_village("full village", _full())]


def content(page: Page) -> HttpResponse:
    """The page as Django makes it, for who looks at its markup."""
    browser = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    if page.cookie:
        browser.cookies[settings.SESSION_COOKIE_NAME] = page.cookie
    return browser.post(page.path) if page.empty_form else browser.get(page.path)


def _of_cast(here: Cast) -> Iterator[Page]:
    for role in here.people:
        browser = here.browser(role)
        cookie = _cookie(browser)
        for name, words in patterns():
            if name in NOT_LOOKED_AT:
                continue
            for path in addresses(here, name, words):
                answer = browser.get(path)
                if not _is_page(answer):
                    continue
                yield Page(role, path, cookie, whole=answer.content.lstrip().startswith(b"<!doctype"))
                if b'method="post"' in answer.content and _refuses_nothing_filled_in(browser, path):
                    yield Page(role, path, cookie, empty_form=True)
        yield Page(role, "/deze-pagina-is-er-niet/", cookie)


def _of_village(role: str, village: Village) -> Iterator[Page]:
    browser = Client(SERVER_NAME="127.0.0.1")
    reader = make.neighbour(village, LONG)
    browser.force_login(reader)
    paths = [reverse(name) for name in ("board", "mine", "inbox", "home", "volunteer")]
    if shown := HelpRequest.objects.filter(village=village).first():  # with who comes, and what the two wrote
        offers.say_yes(shown.pk, helper=reader, actor=web(reader), now=timezone.now())
        pick_up = shown.pick_ups.get()
        words = ConversationMessage.Kind.WORDS
        conversation.say(pick_up.pk, by=reader, kind=words, text=LONG_LINK, key=uuid4(), now=timezone.now())
        paths += [shown.get_absolute_url(), pick_up.get_absolute_url()]
    yield from (Page(role, path, _cookie(browser)) for path in paths if _is_page(browser.get(path)))


def _empty() -> Village:
    return make.village("Leegte", quiet=False)


def _full() -> Village:
    village = seed.village(neighbours=2)
    Village.objects.filter(pk=village.pk).update(name="Nieuw-Zwinderen aan de Zuidwolderstraat")
    User.objects.filter(residencies__village=village).update(first_name=LONG)
    now = timezone.now()
    seed.open_requests(village, 200, now=now, next_at=now + timedelta(days=1), slots=6)
    HelpRequest.objects.filter(village=village).update(
        title=LONG_TITLE, text=LONG_LINK, street="Burgemeestervanhaersmabumasingel", place="elsewhere", place_text=LONG
    )
    return village


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code == HTTPStatus.OK and answer.headers.get("Content-Type", "").startswith("text/html")


def _refuses_nothing_filled_in(browser: Client, path: str) -> bool:
    """Tried and undone: some forms need nothing to be filled in, and do what they say."""
    with transaction.atomic():
        refused = browser.post(path).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        transaction.set_rollback(True)
    return refused


def _cookie(browser: Client) -> str:
    morsel = browser.cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""
