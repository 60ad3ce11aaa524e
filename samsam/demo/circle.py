"""Somebody of the demonstration who asks her own circle first: the village sees nothing of it yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from phonenumber_field.phonenumber import PhoneNumber

from accounts.actors import web
from accounts.models import User
from requests_app import circle, drafts, lifecycle
from requests_app.categories import Category
from requests_app.models import Audience, Part
from samsam.demo.hours import awake
from villages.models import home_of

ASKED = timedelta(minutes=40)  # ago


def tell(people: dict[str, User], now: datetime) -> None:
    """Two people of Ans's circle are asked: one by mail, and one by phone, with a ready text that Ans can send."""
    ans = people["Ans"]
    home = home_of(ans)
    assert home  # the cast was settled before
    at = awake(now - ASKED)
    sister = circle.add(ans, name="Mijn zus Truus", email="truus@samsam.example", now=at)
    neighbour = circle.add(ans, name="Cor van hiernaast", phone=PhoneNumber.from_string("0600000000", "NL"), now=at)
    draft = drafts.begin(ans, home.village, at, street=home.street)
    words = {
        "category": Category.HOUSE,
        "title": "Gordijnen ophangen",
        "text": "De roe hangt er al. Ik kan er zelf niet bij.",
        "part": Part.ANY,
        "audience": Audience.CIRCLE,
        "minutes": 30,
        "address": f"{home.street} 12",
    }
    drafts.save_draft(draft.pk, author=ans, changes=words)
    circle.choose(draft.pk, owner=ans, contacts=[sister.pk, neighbour.pk])
    lifecycle.ask(draft.pk, actor=web(ans), now=at)
