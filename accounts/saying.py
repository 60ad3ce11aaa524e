"""Days and moments as people say them, in Dutch and English: plain values in, words out.

No Django, no clock: ``now`` and the language (``nl`` or ``en``) are given. Made when a page is shown or a message is
sent, so that "tonight" is true.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVENING = time(18)
OURS = 31  # the country code of most numbers
# "Thursday" alone means the coming one: up to six days ahead there is only one.
ONE_THURSDAY = timedelta(days=6)

WEEKDAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
# fmt: off
MONTHS = {
    "nl": [
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ],
    "en": [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
}
# fmt: on
NEAR = {
    "nl": {-1: "gisteren", 0: "vandaag", 1: "morgen"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
TONIGHT = {"nl": "vanavond", "en": "tonight"}


def phone_in_words(national: str) -> str:
    """A number as it is read out: "06 - 12 34 56 78"; a number of a house as it is, "030 123 4567"."""
    start, _, rest = national.partition(" ")
    if start != "06" or len(rest) != 8:
        return national
    return f"06 - {' '.join(rest[at : at + 2] for at in range(0, 8, 2))}"


def number_in_words(country: int | None, national: str, international: str) -> str:
    """A Dutch number as it is read out, another with its country: "+49 170 1234567"."""
    return phone_in_words(national) if country == OURS else international


def moment_in_words(at: datetime, now: datetime, language: str) -> str:
    """Inside a sentence: "morgen om 8.00 uur", "tonight at 19:00", "Thursday 12 March at 14:00"."""
    return f"{_day_of(at, now, language)} {'om' if language == 'nl' else 'at'} {clock_in_words(at, language)}"


def by_in_words(at: datetime, now: datetime, language: str) -> str:
    """After "nobody by": "8:00 tomorrow"; in Dutch as any moment, "morgen om 8.00 uur"."""
    return moment_in_words(at, now, language) if language == "nl" else _clock_first(at, now)


def before_in_words(at: datetime, now: datetime, language: str) -> str:
    """After "before": "12:00 tomorrow", "morgen 12.00 uur"."""
    if language != "nl":
        return _clock_first(at, now)
    return f"{_day_of(at, now, language)} {clock_in_words(at, language)}"


def day_in_words(on: date, today: date, language: str) -> str:
    """Inside a sentence: "vandaag", "tomorrow", "donderdag" within the week, "donderdag 12 maart" beyond."""
    away = on - today
    if away.days in NEAR[language]:
        return NEAR[language][away.days]
    if timedelta() < away <= ONE_THURSDAY:
        return WEEKDAYS[language][on.weekday()]
    return date_in_words(on, today, language)


def date_in_words(on: date, today: date, language: str) -> str:
    """With its date, however near: "donderdag 12 maart"; with the year when that is another one."""
    words = f"{WEEKDAYS[language][on.weekday()]} {on.day} {MONTHS[language][on.month - 1]}"
    return words if on.year == today.year else f"{words} {on.year}"


def clock_in_words(at: datetime, language: str) -> str:
    """The time in the village: "8.00 uur", "8:00"."""
    return time_in_words(at.astimezone(AMSTERDAM).time(), language)


def time_in_words(at: time, language: str) -> str:
    """A time of the day: "8.00 uur", "8:00"."""
    return f"{at.hour}.{at.minute:02} uur" if language == "nl" else f"{at.hour}:{at.minute:02}"


def local_day(at: datetime) -> date:
    """The day it is in the village at this moment."""
    return at.astimezone(AMSTERDAM).date()


def _day_of(at: datetime, now: datetime, language: str) -> str:
    if local_day(at) == local_day(now) and at.astimezone(AMSTERDAM).time() >= EVENING:
        return TONIGHT[language]
    return day_in_words(local_day(at), local_day(now), language)


def _clock_first(at: datetime, now: datetime) -> str:
    day, clock = _day_of(at, now, "en"), clock_in_words(at, "en")
    return f"{clock} {day}" if day in {*NEAR["en"].values(), TONIGHT["en"]} else f"{clock} on {day}"
