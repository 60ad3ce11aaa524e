"""A request and what happens to it."""

from requests_app.models.address import RequestAddress
from requests_app.models.choices import MatchMode, Part, Place
from requests_app.models.circle import CircleContact, CircleInvite, CircleMail, CircleRefusal
from requests_app.models.conversation import ConversationMessage, ProposedMoment
from requests_app.models.due_mark import DueMark
from requests_app.models.event import Event
from requests_app.models.figures import FiguresCounted, MonthFigures, QuarterToShare, UsualWait
from requests_app.models.going import SpareOffer, SpareOfferQuerySet, SparePlace, What
from requests_app.models.group_ask import GroupAsk
from requests_app.models.heartbeat import Heartbeat
from requests_app.models.help_request import (
    ACTIVE,
    TRANSITIONS,
    Audience,
    HelpRequest,
    HelpRequestQuerySet,
    Status,
)
from requests_app.models.offer import Offer
from requests_app.models.pick_up import PickUp, RequestAsk
from requests_app.models.policy import Policy
from requests_app.models.policy_trial import PolicyTrial
from requests_app.models.reserve import Reserve
from requests_app.models.stays_behind import StaysBehind

__all__ = [
    "ACTIVE",
    "TRANSITIONS",
    "Audience",
    "CircleContact",
    "CircleInvite",
    "CircleMail",
    "CircleRefusal",
    "ConversationMessage",
    "DueMark",
    "Event",
    "FiguresCounted",
    "GroupAsk",
    "Heartbeat",
    "HelpRequest",
    "HelpRequestQuerySet",
    "MatchMode",
    "MonthFigures",
    "Offer",
    "Part",
    "PickUp",
    "Place",
    "Policy",
    "PolicyTrial",
    "ProposedMoment",
    "QuarterToShare",
    "RequestAddress",
    "RequestAsk",
    "Reserve",
    "SpareOffer",
    "SpareOfferQuerySet",
    "SparePlace",
    "Status",
    "StaysBehind",
    "UsualWait",
    "What",
]
