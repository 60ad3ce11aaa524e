"""Who is behind the browser of a test. Staff at their desk stand in ``tests.team``."""

from __future__ import annotations

from django.test import Client

from accounts.models import User


def as_reader(client: Client, person: User, language: str = "en") -> None:
    """From now on this browser is theirs: logged in, and in English unless said otherwise."""
    client.force_login(person)
    client.cookies["django_language"] = language
