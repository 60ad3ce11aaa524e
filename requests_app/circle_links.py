"""The links of somebody's own circle: each shows one request to one person, without a login.

Signed with the number of an invite: nobody can make one up, and without the invite it is dead. Opening one changes
nothing.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from requests_app.models import CircleInvite

_ASKED = signing.Signer(sep=".", salt="requests_app.circle.asked")
_STOP = signing.Signer(sep=".", salt="requests_app.circle.stop")


def path(invite: CircleInvite) -> str:
    """Where this person sees what is asked, and answers."""
    return reverse("circle_asked", args=[_ASKED.sign(str(invite.pk))])


def read(token: str) -> int:
    """Which invite; LookupError for what we did not sign."""
    try:
        return int(_ASKED.unsign(token))
    except signing.BadSignature as error:
        raise LookupError("This link is not ours.") from error


def stop_path(fingerprint: str) -> str:
    """Where somebody says that nobody may put them in a circle. It never ends, so that an old mail still stops all."""
    return reverse("circle_stop", args=[_STOP.sign(fingerprint)])


def read_stop(token: str) -> str:
    """Whose; LookupError for what we did not sign."""
    try:
        return _STOP.unsign(token)
    except signing.BadSignature as error:
        raise LookupError("This link is not ours.") from error


def fingerprint(way: str) -> str:
    """Of an e-mail address or a phone number: the same for the same one, and nobody can read it back."""
    return salted_hmac("requests_app.circle", way.strip().lower(), algorithm="sha256").hexdigest()
