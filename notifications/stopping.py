"""The link in a mail with which its reader stops such mails: for one person and one group, without a login.

It never ends, so that an old mail still stops the new ones, and it can do nothing else than stop and start again.
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from notifications.models import Group

_SIGNER = signing.Signer(sep=".", salt="notifications.stopping")


def path(user_pk: int, group: Group) -> str:
    """Where this person stops these mails; a path on this site."""
    return reverse("stop", args=[_SIGNER.sign(f"{user_pk}-{group}")])


def read(token: str) -> tuple[int, Group]:
    """Whose and which; LookupError for what we did not sign."""
    try:
        user_pk, _, group = _SIGNER.unsign(token).partition("-")
        return int(user_pk), Group(group)
    except (signing.BadSignature, ValueError) as error:
        raise LookupError("This link is not ours.") from error
