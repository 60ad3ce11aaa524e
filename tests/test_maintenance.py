"""While we work on SamSam: one page for every address, without the database. No test here may touch one."""

import re

import pytest

from samsam import environment

SOMEBODY = {"sessionid": "x" * 32, "village": "beesd"}  # cookies that would be looked up


@pytest.fixture(autouse=True)
def closed(settings):
    settings.MAINTENANCE = True
    settings.PHONE = "030 123 45 67"


@pytest.fixture
def known(client):
    for name, value in SOMEBODY.items():
        client.cookies[name] = value
    return client


@pytest.mark.parametrize(
    "path", ["/", "/prikbord/", "/beheer/", "/dorp/beesd/", "/zomaar/", "/static/css/nergens.css"]
)
def test_every_address_says_that_we_are_at_work_and_when_to_try_again(known, path):
    answer = known.get(path)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "600"
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer
    assert "We werken aan SamSam" in answer.content.decode()
    assert "Set-Cookie" not in answer.headers


def test_form_that_is_sent_now_gets_the_same_page(known):
    assert known.post("/vragen/1/ja/", {"text": "x"}).status_code == 503


def test_page_says_whom_to_call_where_a_number_is_known(client, settings):
    assert 'href="tel:+31-30' in client.get("/").content.decode()

    settings.PHONE = ""
    assert re.findall(r'href="tel:([^"]+)', client.get("/").content.decode()) == ["112"]


def test_page_leads_nowhere_that_is_closed(client):
    links = set(re.findall(r'<a [^>]*href="([^"]+)"', client.get("/").content.decode()))

    assert {link for link in links if not link.startswith("tel:")} == {"#main"}


def test_page_keeps_language_letters_and_theme(client):
    for name, value in {"django_language": "en", "text": "large", "theme": "dark"}.items():
        client.cookies[name] = value

    page = client.get("/").content.decode()

    assert '<html lang="en" data-theme="dark" data-text="large">' in page
    assert "We are working on SamSam" in page


def test_probe_is_still_answered(client):
    assert client.get("/healthz").status_code == 200


def test_files_for_browsers_are_still_served(client):
    answer = client.get("/static/css/samsam.css", headers={"accept-encoding": "identity"})

    assert answer.status_code == 200
    assert b"@layer" in b"".join(answer)


def test_open_again_without_the_word(client, settings, db):
    settings.MAINTENANCE = False

    assert client.get("/").status_code == 200


def test_word_is_yes_or_no(monkeypatch):
    monkeypatch.setenv("SAMSAM_MAINTENANCE", "tuesday")

    with pytest.raises(environment.WrongEnvironment, match="SAMSAM_MAINTENANCE is 'tuesday'"):
        environment.flag("SAMSAM_MAINTENANCE")
