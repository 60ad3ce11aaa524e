"""A mail as a person gets it: text and HTML with the same words, nothing from elsewhere, and a way to stop it."""

import re
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.utils import translation

from accounts.actors import web
from notifications import letter, outbox
from notifications.delivery import deliver
from notifications.kinds import KINDS, Signature, Words
from notifications.models import Channel, Group, Message
from requests_app import lifecycle, messages, offers
from tests import make
from tests.make import NOW
from tests.smtp_sink import sink

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "https://samsam.example"
# What a reader cannot do without, or what brings danger today: kinds that nobody can stop.
ALWAYS = {"account", "residency", "team", "report", "moderation", "appeal"}


class Shown(HTMLParser):
    """What a mail program shows of a page, a line for each block, and every address in it."""

    def __init__(self, source):
        super().__init__()
        self.lines, self.addresses, self.tags, self._skip = [""], [], [], ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src", "action", "background"}]
        if tag == "head" or found.get("class") in {"preview", "name"}:
            self._skip = tag
        if tag in {"h1", "p", "li", "br", "div"}:
            self.lines.append("")

    def handle_endtag(self, tag):
        if tag == self._skip:
            self._skip = ""

    def handle_data(self, data):
        if not self._skip:
            self.lines[-1] += data

    def shown(self):
        return [" ".join(line.split()) for line in self.lines if line.strip()]


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def server(settings):
    with sink(settings) as running:
        yield running


def mail_to(user, kind="request.posted", group=Group.OWN, words=None):
    words = words or Words("Subject & more", "A sentence. Another <b>one</b>.", "/vragen/7/", "Look")
    return letter.letter(Message(kind=kind, channel=Channel.MAIL, user=user), words, group)


def html_of(mail):
    ((content, kind),) = mail.alternatives
    assert kind == "text/html"
    return content


def without_addresses(text):
    """The lines of a text part as HTML shows them: the words of a link, not its address; no dashes before a list."""
    lines = [re.sub(r":? ?https://\S+", "", line).removeprefix("- ") for line in text.splitlines()]
    return [" ".join(line.split()) for line in lines if line.strip()]


def test_html_says_what_the_text_says_and_the_subject_above_it(riet):
    signature = Signature("Beesd", "06 - 12 34 56 78")
    words = Words("Subject & more", "One. <b>Two</b>.", "/vragen/7/", "Look", signature, ("First: 3", "Second"))

    mail = mail_to(riet, words=words)

    shown = Shown(html_of(mail)).shown()
    assert shown == ["Subject & more", *without_addresses(mail.body)]
    assert "First: 3" in shown
    assert "06 - 12 34 56 78" in " ".join(shown)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_mail_about_a_request_says_the_same_twice(riet, language):
    help_request = make.help_request(make.village("Anloo"), author=riet)
    helper = make.neighbour(help_request.village, "Joris")
    different = {}
    for kind in sorted(name for name, known in KINDS.items() if known.gather is messages.gather):
        params = {"help_request": help_request.pk, "person": helper.pk}
        row = Message.objects.create(kind=kind, channel=Channel.MAIL, key=kind, user=riet, params=params)
        with translation.override(language):
            known = KINDS[kind]
            mail = letter.letter(row, known.words(row, known.gather([row])[row.pk], NOW), known.group)
        shown = Shown(html_of(mail)).shown()
        if shown != [mail.subject, *without_addresses(mail.body)]:
            different[kind] = shown

    assert different == {}


def test_html_names_its_language_and_needs_nothing_from_anywhere(riet):
    with translation.override("nl"):
        mail = mail_to(riet)

    source, page = html_of(mail), Shown(html_of(mail))
    assert '<html lang="nl">' in source
    assert mail.extra_headers["Content-Language"] == "nl"
    assert {address.startswith(f"{SITE}/") for address in page.addresses} == {True}
    assert {"img", "link", "script", "form", "table", "iframe"} & set(page.tags) == set()
    assert re.findall(r"url\(|@import|@font-face|\sstyle=|\son\w+=", source) == []
    assert source.count('class="button"') == 1
    assert page.tags.count("h1") == 1


def test_html_is_large_narrow_and_knows_the_dark(riet):
    source = html_of(mail_to(riet))

    assert "18px" in source
    assert "max-width: 600px" in source
    assert '<meta name="color-scheme" content="light dark">' in source
    assert "@media (prefers-color-scheme: dark)" in source
    assert min(map(int, re.findall(r"font-size: (\d+)px", source))) >= 16


def test_mail_without_a_link_has_no_button(riet):
    assert 'class="button"' not in html_of(mail_to(riet, words=Words("Your code is 482 915", "It works.")))


def test_mail_that_may_be_stopped_says_how_to_reader_and_mail_program(riet):
    mail = mail_to(riet)

    (link,) = re.findall(r"<(.*)>", mail.extra_headers["List-Unsubscribe"])
    assert link.startswith(f"{SITE}/berichten/stop/{riet.pk}-own.")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.body
    assert link in Shown(html_of(mail)).addresses


def test_mail_program_is_told_of_one_click_only_over_https(riet, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"

    assert "List-Unsubscribe-Post" not in mail_to(riet).extra_headers


@pytest.mark.parametrize("to", ["nobody in a group", "an address"])
def test_mail_that_always_goes_cannot_be_stopped(riet, to):
    if to == "an address":
        message = Message(kind="account.code", channel=Channel.MAIL, address="new@voorbeeld.nl")
        mail = letter.letter(message, Words("Your code", "It works."), None)
    else:
        mail = mail_to(riet, group=None)

    assert {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(mail.extra_headers) == set()
    assert "/stop/" not in mail.body + html_of(mail)


def test_every_kind_can_be_stopped_or_is_one_that_always_goes():
    undecided = {name for name, kind in KINDS.items() if kind.group is None and name.split(".")[0] not in ALWAYS}
    own_way = {name for name in undecided if KINDS[name].private}  # to who has no account: tests/test_circle_pages.py

    # Answers to what a volunteer did or is asked once a year: quiet, and nobody is flooded by those.
    quiet = {f"volunteer.{name}" for name in ("welcomed", "talk_first", "still_right", "left_in_peace", "heard")}

    assert undecided == own_way | quiet | {"talk.heard"}


def test_cancellation_for_today_has_no_way_to_stop_it_and_one_for_later_has(server):
    today = NOW.date()
    links = {}
    for on in (today, make.THURSDAY):
        help_request = make.help_request(make.village(quiet=False), help_on=on)
        helper = make.neighbour(help_request.village, "Joris")
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
        lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW)
        deliver(NOW)
        (mail,) = (one for one in server.mails if one["To"] == helper.email)
        links[on] = mail["List-Unsubscribe"]

    assert links[today] is None
    assert "/berichten/stop/" in links[make.THURSDAY]


def test_mail_arrives_with_both_parts_and_its_headers(server, riet):
    with transaction.atomic():
        outbox.enqueue("account.welcome", riet, "welcome-1", {"residency": riet.residencies.get().pk}, now=NOW)

    deliver(NOW)

    (mail,) = server.mails
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    page = mail.get_body(("html",)).get_content()
    assert f"<h1>{mail['Subject']}</h1>" in page
    assert mail["Content-Language"] == "nl"
