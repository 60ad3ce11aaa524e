"""Whose address counts, when proxies of ours stand before us."""

import pytest
from django.http import HttpResponse

from samsam.proxies import remote_address


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),  # no proxy of ours: the header is the caller's own
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        (2, "1.1.1.1", "1.1.1.1"),
        (1, "", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
    ],
)
def test_address_is_what_the_outermost_of_our_proxies_wrote(rf, settings, count, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = count
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")

    remote_address(lambda _request: HttpResponse())(request)

    assert request.META["REMOTE_ADDR"] == address
