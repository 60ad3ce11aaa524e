"""Days, moments and phone numbers in the reader's language: ``{{ at|moment }}``, ``{{ on|day }}``."""

from datetime import date, datetime, time

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language_bidi
from phonenumber_field.phonenumber import PhoneNumber

from accounts import saying
from accounts.reader import language
from villages import quiet_words
from villages.models import Village

register = template.Library()
FROM_THE_LEFT, AS_BEFORE = "\u2066", "\u2069"  # signs for the direction of what stands between


@register.filter
def moment(at: datetime | None, now: datetime | None = None) -> str:
    """Inside a sentence: "morgen om 8.00 uur"; ``now`` where the page has one. Nothing for no moment."""
    return saying.moment_in_words(at, now or timezone.now(), language()) if at else ""


@register.filter
def before(at: datetime | None, now: datetime | None = None) -> str:
    """After "before": "morgen 12.00 uur"."""
    return saying.before_in_words(at, now or timezone.now(), language()) if at else ""


@register.filter
def day(on: date | None, now: datetime | None = None) -> str:
    """Inside a sentence: "morgen", "donderdag 12 maart"."""
    return saying.day_in_words(on, saying.local_day(now or timezone.now()), language()) if on else ""


@register.filter
def phone(number: PhoneNumber) -> str:
    """As it is read out: "06 - 12 34 56 78"; its digits keep their order where people read from the right."""
    said = saying.number_in_words(number.country_code, number.as_national, number.as_international)
    return f"{FROM_THE_LEFT}{said}{AS_BEFORE}" if get_language_bidi() else said


@register.filter
def clock(at: time) -> str:
    """A time of the day: "21.00 uur"."""
    return saying.time_in_words(at, language())


@register.filter
def quiet_days(village: Village | None) -> str:
    """Its days on which nobody is asked: "zondag, feestdagen"; nothing where it has none."""
    return quiet_words.days(village) if village else ""


@register.simple_tag
def code_minutes() -> int:
    """So long a mailed code works."""
    return int(settings.CODE_SECONDS) // 60
