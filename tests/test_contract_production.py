"""The same processes as an operator runs them: production settings, servers of their own, one process each."""

import gzip
import http.client
import json
import re
import sys
import urllib.parse

import pytest

from tests.running import environment, free_port, manage, program, samsam, serves, wait_until
from tests.test_contract_environment import PRODUCTION
from tests.test_contract_run import holding_servers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("production"),  # what all need is made once
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
ASKED = {"Host": "samsam.example.nl", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Prepared servers and the environment that names them."""
    folder = tmp_path_factory.mktemp("production")
    with holding_servers(folder / "servers") as servers:
        urls = dict(line.split("=", 1) for line in servers.wait_for(r"DATABASE_URL=\S+\nREDIS_URL=\S+").splitlines())
        given = PRODUCTION | urls | {"TRUSTED_PROXY_COUNT": "1", "PORT": str(free_port())}
        prepared = samsam("prepare", var=folder / "var", **given)
        assert prepared.returncode == 0, prepared.stderr
        yield environment(folder / "var", **given)


@pytest.fixture(scope="module")
def site(production):
    with program([sys.executable, "-m", "samsam", "web"], production) as web:
        web.port = int(production["PORT"])
        wait_until(lambda: serves(web.port), story=lambda: web.said)
        yield web


def ask(site, path, method="GET", body=None, **more):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request(method, path, body, headers=ASKED | more)
    response = connection.getresponse()
    answer = response.status, response.headers, response.read()
    connection.close()
    return answer


def test_first_page_is_served_with_the_headers_of_a_careful_site(site):
    status, headers, body = ask(site, "/")

    assert status == 200
    assert b"<h1" in body
    assert "unsafe-" not in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_files_have_a_name_for_ever_and_come_compressed(site):
    _, _, page = ask(site, "/")
    path = re.search(r'href="(/static/[^"]+\.css)"', page.decode()).group(1)

    status, headers, body = ask(site, path, **{"Accept-Encoding": "gzip"})

    assert re.search(r"\.[0-9a-f]{12}\.css$", path)
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in headers["Cache-Control"]
    assert b"{" in gzip.decompress(body)


def test_page_asked_without_tls_is_sent_to_the_safe_address(site):
    status, headers, _ = ask(site, "/", **{"X-Forwarded-Proto": "http"})

    assert (status, headers["Location"]) == (301, "https://samsam.example.nl/")


def test_probe_of_a_machine_inside_needs_no_name_and_no_tls(site, production):
    alive = ask(site, "/healthz", Host="10.0.0.7", **{"X-Forwarded-Proto": "http"})
    probed = samsam("probe", var="/nowhere", **{name: production[name] for name in (*PRODUCTION, "PORT")})

    assert alive[0] == 200
    assert probed.returncode == 0


def test_host_that_is_not_ours_gets_no_page(site):
    status, _, body = ask(site, "/", Host="evil.example.com")

    assert status == 400
    assert b"Traceback" not in body


def test_page_that_is_not_there_says_where_to_go_and_nothing_of_the_inside(site):
    status, _, body = ask(site, "/nergens/")

    assert status == 404
    assert b'href="/"' in body
    assert b"urlpatterns" not in body


def test_post_of_a_trial_is_not_there(site):
    assert ask(site, "/dev/post/")[0] == 404


@pytest.mark.parametrize("path", ["/%00/", "/dorp/" + "9" * 5000 + "/", "/?q=%ff%fe", "/vragen/" + "9" * 40 + "/"])
def test_strange_addresses_are_never_an_error_of_ours(site, path):
    assert ask(site, path)[0] < 500


@pytest.mark.parametrize("path", ["/inloggen/", "/vraag/", "/nietdaar/", "/beheer/"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=iso-8859-1", b"email=a"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"email=a"),
        ("application/x-www-form-urlencoded; charset=UTF8", b"email=a"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(300))),
        ("application/x-www-form-urlencoded", b"a" * 300_000),
        ("multipart/form-data", b"email=a"),
        ("multipart/form-data; boundary=", b"email=a"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a'),
    ],
)
def test_form_that_cannot_be_read_gets_a_page_that_says_so(site, path, kind, body):
    from_us = {"Origin": "https://samsam.example.nl", "Cookie": f"csrftoken={'a' * 32}"}

    status, _, page = ask(site, path, "POST", body, **{"Content-Type": kind}, **from_us)

    assert 400 <= status < 500
    assert b"<h1" in page


def test_log_of_a_production_is_one_json_object_a_line(production):
    with program([sys.executable, "-m", "samsam", "worker"], production) as worker:
        line = worker.wait_for(r"\{.* ready.*\}\n")

    assert json.loads(line)["level"] == "info"


def test_second_preparation_changes_nothing(production):
    given = {name: value for name, value in production.items() if name in {*PRODUCTION, "PORT"}}
    again = samsam("prepare", var=production["SAMSAM_VAR"], **given)
    missing = manage("migrate", "--check", var=production["SAMSAM_VAR"], **given)

    assert again.returncode == 0, again.stderr
    assert missing.returncode == 0, missing.stdout


def test_database_without_an_answer_is_a_page_that_says_what_to_do_and_alive_is_still_alive(tmp_path):
    port = free_port()
    given = PRODUCTION | {"PORT": str(port), "TRUSTED_PROXY_COUNT": "1", "SAMSAM_WEB_THREADS": "2"}
    static = {"SAMSAM_STATIC": str(tmp_path / "static")}
    collected = manage("collectstatic", "--no-input", "--verbosity", "0", var=tmp_path, **given, **static)
    assert collected.returncode == 0, collected.stderr

    with program([sys.executable, "-m", "samsam", "web"], environment(tmp_path, **given, **static)) as web:
        web.port = port
        wait_until(lambda: serves(port), story=lambda: web.said)
        alive, ready, page = ask(web, "/healthz"), ask(web, "/readyz"), ask(web, "/prikbord/", **SIGNED_IN)

    assert (alive[0], ready[0]) == (200, 503)
    assert json.loads(ready[2]) == {"ready": False}
    assert page[0] in {500, 503}
    assert b"<h1" in page[2]


SIGNED_IN = {"Cookie": urllib.parse.urlencode({"sessionid": "a" * 32})}
