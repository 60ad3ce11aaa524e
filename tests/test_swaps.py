"""Every part that htmx swaps: the page after it equals a fresh page, and without JavaScript it works as well.

The swaps are read from the templates and forms; one without a story here makes the first test red. What htmx does
(which fields go along, where an answer goes) is done here on the parsed page, as its documentation says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.test.html import Element, parse_html
from django.urls import reverse

from accounts.actors import web
from notifications.models import Message
from requests_app import conversation, escalation, going, offers
from requests_app.models import HelpRequest, Offer, PickUp
from tests import make
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ROOT = Path(__file__).parent.parent
ATTRIBUTE = re.compile(r"\b(?:data-)?hx-([a-z-]+)")
REQUEST = re.compile(r"""data-hx-(get|post|put|patch|delete)("?[=:] ?"[^"]*)""")
KNOWN = {"get", "post", "target", "swap", "swap-oob", "trigger", "vals", "push-url"}
VOID_OF_TYPED = {"checkbox", "radio"}


def sources():
    """Templates, and the Python that puts attributes on fields."""
    python = [path for name in ("requests_app", "villages", "accounts", "moderation", "notifications", "volunteers")
              for path in (ROOT / name).rglob("*.py")]  # fmt: skip
    return [*(ROOT / "templates").rglob("*.html"), *python, *(ROOT / "samsam").rglob("*.py")]


def swaps():
    """Each place that asks the server for a part: "file verb name", where the name is that of the address."""
    found = []
    for path in sources():
        for verb, value in REQUEST.findall(path.read_text()):
            name = re.search(r"url '(\w+)'|\{\{ ([\w.]+)", value)
            words = (name[1] or name[2]) if name else "itself"
            found.append(f"{path.relative_to(ROOT).as_posix().removeprefix('templates/')} {verb} {words}")
    return sorted(found)


@dataclass
class Swap:
    """``path``: the page it stands on; ``url``: how the address that is asked begins; ``typed``: what is filled in.

    ``number``: which of the same on that page. ``news``: what happens between opening the page and the swap.
    ``again``: what must be undone to look at the same afresh, a read mark for example.
    """

    path: str
    url: str
    typed: dict[str, str] = field(default_factory=dict)
    number: int = 0
    news: Callable[[], object] = lambda: None
    again: Callable[[], object] = lambda: None
    submit: str = ""  # the value of the button that is pressed, where a form has more


# -- the stories: who looks at which page, and what is swapped there


def menu(beesd, login):
    riet = login(make.neighbour(beesd, "Riet"))
    return Swap(reverse("letters"), reverse("unread"), news=lambda: make.help_request(beesd, author=riet))


def inbox(beesd, login):
    riet = login(make.neighbour(beesd, "Riet"))
    make.help_request(beesd, author=riet)
    Message.objects.update(read_at=NOW)
    return Swap(
        reverse("inbox"),
        reverse("inbox"),
        news=lambda: make.help_request(beesd, author=riet),
        again=lambda: Message.objects.filter(pk=Message.objects.filter(channel="in_app").latest("pk").pk).update(
            read_at=None
        ),
    )


def examples(beesd, login):
    login(make.neighbour(beesd, "Riet"))
    return Swap(reverse("ask"), "", typed={"category": "pet"}, number=1)


def example(beesd, login):
    draft = make.draft(beesd, category="pet")
    login(draft.author)
    return Swap(reverse("ask_what", args=[draft.pk]), "", submit="example:1")


def look_at_words(beesd, login):
    draft = make.draft(beesd)
    login(draft.author)
    return Swap(reverse("ask_what", args=[draft.pk]), "", typed={"text": "Ik ben zo eenzaam en moe van alles."})


def offered(beesd):
    help_request = make.help_request(beesd, match_mode="choose", slots=2)
    for name in ("Joris", "Fatma"):
        helper = make.neighbour(beesd, name)
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    return help_request, Offer.objects.earliest("pk")


def accept(beesd, login):
    help_request, offer = offered(beesd)
    login(help_request.author)
    return Swap(help_request.get_absolute_url(), reverse("accept_offer", args=[help_request.pk, offer.pk]))


def decline(beesd, login):
    help_request, offer = offered(beesd)
    login(help_request.author)
    return Swap(help_request.get_absolute_url(), reverse("decline_offer", args=[help_request.pk, offer.pk]))


def timeline(beesd, login):
    help_request = make.help_request(beesd)
    login(help_request.author)
    path, joris = help_request.get_absolute_url(), make.neighbour(beesd, "Joris")
    return Swap(path, path, news=lambda: offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW))


def hurry(beesd, login):
    make.volunteer(beesd, "Samira")
    help_request = make.help_request(beesd)
    login(help_request.author)
    return Swap(help_request.get_absolute_url(), reverse("ask_volunteers_now", args=[help_request.pk]))


def needed(beesd, login):
    help_request = make.help_request(beesd)
    HelpRequest.objects.filter(pk=help_request.pk).update(needed_asked_at=NOW)
    login(help_request.author)
    return Swap(help_request.get_absolute_url(), reverse("still_needed", args=[help_request.pk]))


def board(beesd, login):
    login(make.neighbour(beesd, "Joris"))
    make.help_request(beesd, minutes=20, title="Kort")
    make.help_request(beesd, author=make.neighbour(beesd), minutes=120, title="Lang")
    make.spare_offer(beesd, author=make.neighbour(beesd))
    return Swap(reverse("board"), reverse("board"), typed={"minutes": "20"})


def talking(beesd):
    help_request, joris = make.help_request(beesd), make.neighbour(beesd, "Joris")
    offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
    return PickUp.objects.get()


def new_message(beesd, login):
    pick_up = talking(beesd)
    author = login(pick_up.help_request.author)
    said = {"by": pick_up.helper, "kind": "words", "text": "Hoi", "key": uuid4(), "now": NOW}
    assert author != pick_up.helper
    path = pick_up.get_absolute_url()
    return Swap(path, f"{path}?stamp", news=lambda: conversation.say(pick_up.pk, **said))


def message(beesd, login):
    pick_up = talking(beesd)
    login(pick_up.helper)
    return Swap(pick_up.get_absolute_url(), pick_up.get_absolute_url(), typed={"text": "Tot donderdag."}, number=1)


def answer_time(beesd, login):
    pick_up = talking(beesd)
    moment = make.datetime(2026, 3, 13, 9, tzinfo=make.UTC)
    conversation.propose(pick_up.pk, by=pick_up.helper, moment_at=moment, now=NOW)
    login(pick_up.help_request.author)
    question = pick_up.proposed_moments.get()
    path = reverse("answer_time", args=[pick_up.pk, question.pk])
    return Swap(pick_up.get_absolute_url(), path, submit="yes")


def join(beesd, login):
    spare = make.spare_offer(beesd, places=2)
    login(make.neighbour(beesd, "Wim"))
    return Swap(spare.get_absolute_url(), reverse("spare_take", args=[spare.pk]), submit="groceries")


def leave(beesd, login):
    spare, wim = make.spare_offer(beesd, places=2), make.neighbour(beesd, "Wim")
    going.take(spare.pk, taker=login(wim), what="groceries", now=NOW)
    return Swap(spare.get_absolute_url(), reverse("spare_give_back", args=[spare.pk]))


def asked(beesd, login, *, before=False):
    samira, help_request = make.volunteer(beesd, "Samira").user, make.help_request(beesd)
    login(samira)
    ask = lambda: escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)  # noqa: E731
    if before:
        ask()
    return ask


def invitation(beesd, login):
    news = asked(beesd, login)
    HelpRequest.objects.update(rung="volunteers")  # till then it stands among what is left over
    return Swap(reverse("volunteer"), reverse("volunteer"), news=news)


def not_this_time(beesd, login):
    asked(beesd, login, before=True)
    return Swap(reverse("volunteer"), "/vrijwilliger/vraag/")


STORIES = {
    "components/menu_inbox.html get unread": menu,
    "notifications/inbox.html get inbox": inbox,
    "requests_app/ask_what.html post itself": [example, examples],
    "requests_app/author_main.html get help_request": timeline,
    "requests_app/author_main.html post accept_offer": accept,
    "requests_app/author_main.html post decline_offer": decline,
    "requests_app/author_main.html post still_needed": needed,
    "requests_app/author_side.html post ask_volunteers_now": hurry,
    "requests_app/board.html get all_url": board,
    "requests_app/conversation.html get pick_up.get_absolute_url": new_message,
    "requests_app/conversation.html post pick_up.get_absolute_url": message,
    "requests_app/forms/ask.py post itself": look_at_words,
    "requests_app/question.html post answer_url": answer_time,
    "requests_app/spare_side.html post spare_give_back": leave,
    "requests_app/spare_side.html post spare_take": join,
    "volunteers/asked.html post decline": not_this_time,
    "volunteers/volunteer.html get volunteer": invitation,
}
FLAT = [
    (name, story) for name, told in STORIES.items() for story in (told if isinstance(told, list) else [told])
]  # as often as it stands in its file


# -- what htmx does


def walk(element):
    yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from walk(child)


def attributes(element):
    return dict(element.attributes)


def replace(element, children):
    element.children[:] = children


def set_attributes(element, changes):
    kept = attributes(element) | changes
    element.attributes = sorted((name, value) for name, value in kept.items() if value is not False)


def by_id(tree, name):
    return next((it for it in walk(tree) if attributes(it).get("id") == name), None)


def parents(tree):
    return {id(child): it for it in walk(tree) for child in it.children if isinstance(child, Element)}


def up(tree, element):
    """The element and all around it, from the inside out."""
    around = parents(tree)
    while element is not None:
        yield element
        element = around.get(id(element))


def parsed(html):
    body = html[html.index("<body") :].partition("</body>")[0] if "<body" in html else html
    return parse_html(re.sub(r"<!doctype[^>]*>", "", body if "<body" not in html else body + "</body>"))


def root(tree):
    """A part may have more than one element at its top."""
    found = Element("root", ())
    found.children = [tree] if isinstance(tree, Element) and tree.name else list(tree.children)
    return found


def fill(form, typed):
    """As somebody does with a form: what is chosen and written stands in it."""
    for it in walk(form):
        its = attributes(it)
        name = its.get("name")
        if name not in typed:
            continue
        if its.get("type") in VOID_OF_TYPED:
            set_attributes(it, {"checked": None if its.get("value") == typed[name] else False})
        elif it.name == "textarea":
            replace(it, [typed[name]])
        elif it.name == "input":
            set_attributes(it, {"value": typed[name]})


def fields_of(form):
    found = {}
    for it in walk(form):
        its = attributes(it)
        name = its.get("name")
        if not name or it.name == "button" or (its.get("type") in VOID_OF_TYPED and "checked" not in its):
            continue
        if it.name == "textarea":
            found[name] = "".join(str(child) for child in it.children)
        elif it.name == "input":
            found[name] = its.get("value") or ""
    return found


def swapped_in(tree, element, answer):
    """The page once the answer is in its place."""
    if answer.status_code == 204:
        return
    assert answer.status_code in (200, 422)
    part = root(parse_html(answer.content.decode()))
    for it in list(walk(part)):
        how = attributes(it).get("data-hx-swap-oob")
        if how:
            place = by_id(tree, attributes(it)["id"])
            set_attributes(it, {"data-hx-swap-oob": False})
            if how == "true":
                place.attributes = it.attributes
            replace(place, it.children)
            around = parents(part)[id(it)]
            around.children = [child for child in around.children if child is not it]
    target = next(
        (attributes(it)["data-hx-target"] for it in up(tree, element) if "data-hx-target" in attributes(it)), ""
    )
    place = by_id(tree, target.removeprefix("#")) if target else element
    if attributes(element).get("data-hx-swap") == "outerHTML":
        around = parents(tree)[id(place)]
        at = next(number for number, child in enumerate(around.children) if child is place)
        around.children[at : at + 1] = part.children
    else:
        replace(place, part.children)


def plain(tree):
    """What of a page must be the same: not its tokens, its number of a message, and what was said once."""
    if said := by_id(tree, "messages"):
        replace(said, [])
    text = re.sub(r"\s+", " ", str(tree))
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=value=\")[\w]{64}|(?<=value=')[\w]{64}", "", text)
    text = re.sub(r"message-\d+|stamp=[\d-]+|newest=\d+|(?<=/)\d+(?=/)", "", text)
    text = text.replace('class="more" open', 'class="more"')  # who swaps a part of it has it open
    return re.sub(r">\s+|\s+<", lambda it: it[0].strip(), text).replace("\n", "")


def seen_of(tree, swap):
    """The page without its menu, whose count follows by itself; of the menu's own swap that part."""
    if swap.url == reverse("unread"):
        return plain(by_id(tree, "menu-inbox"))
    return plain(next(it for it in walk(tree) if it.name == "main"))


# -- the tests


def test_every_swap_of_the_templates_has_its_story():
    assert swaps() == sorted(name for name, _story in FLAT)


def test_no_other_kind_of_htmx_is_used():
    """Whole pages that htmx fetches, or scripts in attributes, would need tests of their own."""
    used = {name for path in sources() for name in ATTRIBUTE.findall(path.read_text())}

    assert used <= KNOWN
    assert not any(" hx-" in path.read_text() for path in (ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(("name", "story"), FLAT, ids=[f"{name} {story.__name__}" for name, story in FLAT])
def test_page_after_a_swap_is_a_fresh_page_and_the_same_without_javascript(beesd, name, story):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"

    def login(person):
        client.force_login(person)
        return person

    swap, verb = story(beesd, login), name.split()[1]
    page = root(parsed(client.get(swap.path).content.decode()))
    found = [it for it in walk(page) if (attributes(it).get(f"data-hx-{verb}") or "x").startswith(swap.url or "\0")
             or (not swap.url and f"data-hx-{verb}" in attributes(it))]  # fmt: skip
    element, form, fields, button = pressed(page, found, swap, verb)
    address = attributes(element)[f"data-hx-{verb}"] or swap.path
    vals = re.findall(r'"(\w+)": "([^"]*)"', attributes(element).get("data-hx-vals") or "")
    swap.news()

    send = getattr(client, verb)
    fresh = None
    if verb == "post":
        assert form is not None, "without JavaScript there is nothing to press"
        assert attributes(form).get("method") == "post"
        with transaction.atomic():
            where = (button and attributes(button).get("formaction")) or attributes(form).get("action") or swap.path
            assert where.partition("?")[0] == address.partition("?")[0]
            fresh = seen_of(root(parsed(send(where, fields | dict(vals), follow=True).content.decode())), swap)
            transaction.set_rollback(True)
    answer = send(address, fields | dict(vals), follow=True, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    swapped_in(page, element, answer)
    swap.again()
    if verb == "get" or answer.redirect_chain:
        path = answer.headers.get("HX-Push-Url") or (
            answer.redirect_chain[-1][0] if answer.redirect_chain else swap.path
        )
        page_afresh = seen_of(root(parsed(client.get(path).content.decode())), swap)
        assert fresh in (None, page_afresh)
        fresh = page_afresh

    assert seen_of(page, swap) == fresh


def pressed(page, found, swap, verb):
    """The element, its form, the fields that go along, and the button: filled in as somebody would."""

    def submits(it):
        return it.name == "button" and attributes(it).get("value") == swap.submit

    if swap.submit:
        found = [it for it in found if any(submits(inner) for inner in walk(it))]
    element = found[swap.number if len(found) > swap.number else 0]
    form = next((it for it in up(page, element) if it.name == "form"), None)
    if form is None or (verb == "get" and element is not form):
        return element, form, {}, None
    fill(form, swap.typed)
    inside = [it for it in walk(element) if it.name == "button"]
    buttons = [it for it in inside if submits(it)] if swap.submit else inside
    button = buttons[0] if buttons and (swap.submit or len(buttons) == 1 or element.name == "button") else None
    fields = fields_of(form)
    if button is not None and attributes(button).get("name"):
        fields[attributes(button)["name"]] = attributes(button).get("value") or ""
    return element, form, fields, button
