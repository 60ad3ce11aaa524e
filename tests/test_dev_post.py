"""Mail of a trial: kept in files, read on a page, and only then."""

import base64
import hashlib
import re
import stat
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.urls import reverse

from notifications import dev_post
from tests import make

pytestmark = pytest.mark.django_db
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _post(settings, tmp_path):
    settings.DEV_POST = tmp_path / "post"
    settings.EMAIL_BACKEND = "notifications.dev_post.EmailBackend"


def send(subject, body="Body.", to="riet@voorbeeld.nl"):
    EmailMessage(subject, body, to=[to]).send()


def test_message_can_be_read_with_its_code_and_its_links(client):
    send("Je code is 482 915", "Groet é.\n\nBekijk: http://127.0.0.1:8000/vragen/7/\n\n<script>x</script>")

    page = client.get(reverse("dev_post")).content.decode()

    assert '<p class="big"><strong>482 915</strong></p>' in page
    assert '<a href="http://127.0.0.1:8000/vragen/7/"' in page
    assert "riet@voorbeeld.nl" in page
    assert "Groet é." in page
    assert "<script>x" not in page


def test_newest_message_stands_first(client):
    send("First")
    send("Second")

    page = client.get(reverse("dev_post")).content.decode()

    assert page.index("Second") < page.index("First")


def send_html(page):
    mail = EmailMultiAlternatives("Both", "Body.", to=["riet@voorbeeld.nl"])
    mail.attach_alternative(page, "text/html")
    mail.send()
    return dev_post.letters()[0].name


def test_message_can_be_looked_at_as_a_mail_program_shows_it(client):
    name = send_html("<style>p { color: red; }</style><p>Groet é.</p>")
    link = reverse("dev_post_html", args=[name])

    assert f'href="{link}"' in client.get(reverse("dev_post")).content.decode()
    assert "Groet é." in client.get(link).content.decode()


def test_what_is_looked_at_runs_nothing_and_fetches_nothing(client):
    answer = client.get(reverse("dev_post_html", args=[send_html("<style>p { color: red; }</style><p>Text</p>")]))

    rules = dict(rule.strip().partition(" ")[::2] for rule in answer["Content-Security-Policy"].split(";"))
    (style,) = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert rules["default-src"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules["style-src"] == f"'sha256-{known}'"
    assert "allow-scripts" not in rules["sandbox"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_message_of_text_only_has_no_page(client):
    send("First")
    (path,) = dev_post.folder().glob("*.eml")

    assert dev_post.letters()[0].name == ""
    assert client.get(reverse("dev_post_html", args=[path.stem])).status_code == 404


@pytest.mark.parametrize("name", ["1", f"{1:020}-{'a' * 32}", "settings"])
def test_page_of_a_message_that_is_not_there_does_not_exist(client, name):
    assert client.get(reverse("dev_post_html", args=[name])).status_code == 404


def test_page_of_a_message_does_not_exist_where_mail_really_goes_out(client, settings):
    name = send_html("<p>Text</p>")
    settings.DEV_POST = None

    assert client.get(reverse("dev_post_html", args=[name])).status_code == 404


def test_page_without_messages_says_what_to_do(client):
    assert reverse("account_login") in client.get(reverse("dev_post")).content.decode()


def test_page_does_not_exist_where_mail_really_goes_out(client, settings):
    settings.DEV_POST = None

    assert client.get(reverse("dev_post")).status_code == 404
    with pytest.raises(LookupError):
        dev_post.folder()


def test_post_is_kept_within_bounds(monkeypatch):
    monkeypatch.setattr(dev_post, "KEPT", 3)

    for number in range(5):
        send(f"Message {number}")

    assert [letter.subject for letter in dev_post.letters()] == ["Message 4", "Message 3", "Message 2"]


def test_file_cleared_away_meanwhile_is_passed_over(settings):
    send("First")
    paths = [*settings.DEV_POST.iterdir(), settings.DEV_POST / f"{1:020}-gone.eml"]

    assert [letter.subject for letter in dev_post._read(paths)] == ["First"]


def test_post_is_for_its_owner_only(settings):
    send("First")

    assert stat.S_IMODE(settings.DEV_POST.stat().st_mode) == 0o700


def test_second_step_of_staff_shows_the_code_of_now(client):
    staff, resident = make.user("Marieke", is_staff=True), make.user("Riet")
    for user in (staff, resident):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SEED)}
        )

    (step,) = dev_post.second_steps()

    assert step.name == "Marieke"
    assert totp.validate_totp_code(SEED, step.code)
    assert step.code == totp.format_hotp_value(totp.hotp_value(SEED, int(time.time()) // 30))
    assert step.code in client.get(reverse("dev_post")).content.decode()
