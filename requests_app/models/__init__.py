"""A request and what happens to it."""

from requests_app.models.address import RequestAddress
from requests_app.models.conversation import ConversationMessage, ProposedMoment
from requests_app.models.due_mark import DueMark
from requests_app.models.event import Event
from requests_app.models.going import SpareOffer, SpareOfferQuerySet, SparePlace, What
from requests_app.models.help_request import (
    ACTIVE,
    TRANSITIONS,
    Audience,
    HelpRequest,
    HelpRequestQuerySet,
    MatchMode,
    Part,
    Place,
    Status,
)
from requests_app.models.offer import Offer
from requests_app.models.pick_up import PickUp, RequestAsk
from requests_app.models.policy import Policy

__all__ = [
    "ACTIVE",
    "TRANSITIONS",
    "Audience",
    "ConversationMessage",
    "DueMark",
    "Event",
    "HelpRequest",
    "HelpRequestQuerySet",
    "MatchMode",
    "Offer",
    "Part",
    "PickUp",
    "Place",
    "Policy",
    "ProposedMoment",
    "RequestAddress",
    "RequestAsk",
    "SpareOffer",
    "SpareOfferQuerySet",
    "SparePlace",
    "Status",
    "What",
]
