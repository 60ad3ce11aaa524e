"""What numbers mean, before they are a version: five example requests with their real moments. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from requests_app import ladder, moments, step_words
from requests_app.categories import Category
from requests_app.models import Audience, HelpRequest, Policy
from villages.daylight import AMSTERDAM
from villages.models import Village

AN_EVENING, A_MORNING, AN_AFTERNOON = time(23), time(9), time(14)


@dataclass(frozen=True)
class Moment:
    """One step of an example: its moment, what happens, and why then."""

    at: datetime
    what: str
    why: str


@dataclass(frozen=True)
class Example:
    """One request as it would go, if nobody reacts."""

    title: str
    posted_at: datetime
    needed_by: datetime
    steps: list[Moment]


def examples(policy: Policy, village: Village, now: datetime) -> list[Example]:
    """Groceries tomorrow, a visit in a week, a move in three weeks, something asked in the night, the own circle."""
    today = now.astimezone(AMSTERDAM).date()

    def on(days: int, clock: time) -> datetime:
        return moments.local_moment(today + timedelta(days=days), clock)

    night = _("Asked in the night, for the next afternoon")
    circle = _("A lift in a week, of the own circle first")
    return [
        _example(policy, village, (Category.GROCERIES, _("Groceries, tomorrow morning")), now, on(1, A_MORNING)),
        _example(policy, village, (Category.COMPANY, _("A visit, in a week")), now, on(7, AN_AFTERNOON)),
        _example(policy, village, (Category.OTHER, _("A move, in three weeks")), now, on(21, A_MORNING)),
        _example(policy, village, (Category.GROCERIES, night), on(0, AN_EVENING), on(1, AN_AFTERNOON)),
        _example(policy, village, (Category.RIDE, circle), now, on(7, AN_AFTERNOON), audience=Audience.CIRCLE),
    ]


def village_of(policy: Policy) -> Village:
    """Whose quiet hours and contact person the examples have: one that is on, or any village at its most usual."""
    on = Village.objects.switched_on().filter(municipality=policy.municipality_id)
    return on.select_related("contact_person").first() or Village(name="", municipality_id=policy.municipality_id)


def _example(
    policy: Policy,
    village: Village,
    what: tuple[str, str],
    posted_at: datetime,
    needed_by: datetime,
    *,
    audience: Audience = Audience.NEIGHBOURS,
) -> Example:
    category, title = what
    request = HelpRequest(village=village, audience=audience, category=policy.category or category)
    numbers = policy.numbers
    contact = village.contact_person.name if village.contact_person else _("The contact person")
    steps = moments.steps(request, policy, posted_at, needed_by)
    told = [Moment(step.at, step_words.what(step, numbers, contact), step_words.why(step)) for step in steps]
    return Example(title, posted_at, needed_by, told)


def in_words(policy: Policy) -> list[str]:
    """The numbers as sentences."""
    numbers = policy.numbers
    sentences = [
        _("Neighbours see it from the moment it is posted.") if numbers.neighbours else _("It is not on the board."),
        _circle(numbers),
    ]
    if numbers.groups:
        asked = {"after": after(numbers.group_after, numbers.group)}
        sentences.append(
            _("A group in the village, where there is one, sees it after %(after)s.") % asked
            if numbers.neighbours
            else _("A group in the village, where there is one, sees it at once.")
        )
    else:
        sentences.append(_("Groups are not asked."))
    if numbers.volunteers:
        sentences += [
            _("The first volunteers are asked after %(after)s.")
            % {"after": after(numbers.first_wave_after, numbers.first_wave)},
            _("Is there less than a day? Then after %(after)s.")
            % {"after": after(numbers.first_wave_after, numbers.first_wave_within_a_day)},
            _("Each next wave follows after %(after)s.")
            % {"after": after(numbers.between_waves_after, numbers.between_waves)},
            _waves(numbers),
        ]
    else:
        sentences.append(_("Volunteers are not asked."))
    sentences.append(
        _("The contact person helps to look after %(after)s.")
        % {"after": after(numbers.contact_after, numbers.contact)}
    )
    if numbers.office_hours:
        hours = {"hours": numbers.office_hours}
        sentences.append(_("That is never so late that fewer than %(hours)s working hours are left.") % hours)
    return sentences


LONG = 120  # minutes; from here on in hours


def after(fixed: timedelta | None, share: float) -> str:
    """Where there is a fixed time, it is what counts: "30 min", "5 h"; else "25 % of the time there is"."""
    if fixed is None:
        return _("%(percent)s %% of the time there is") % {"percent": _shown(share * 100)}
    minutes = fixed.total_seconds() / 60
    if minutes < LONG:
        return _("%(n)s min") % {"n": _shown(minutes)}
    return _("%(n)s h") % {"n": _shown(minutes / 60)}


def _shown(number: float) -> str:
    """Without zeros behind it, and with a comma where people write one."""
    return f"{number:g}".replace(".", get_format("DECIMAL_SEPARATOR"))


def _circle(numbers: ladder.Numbers) -> str:
    asked = {"after": after(numbers.circle_after, numbers.circle)}
    if numbers.circle_after is None:
        return _("Is the own circle asked first? Then only they see it, for %(after)s, a day at most.") % asked
    return _("Is the own circle asked first? Then only they see it, for %(after)s.") % asked


def _waves(numbers: ladder.Numbers) -> str:
    waves = ", ".join(
        f"{numbers.cap(n)} ({_shown(numbers.goal(n) * 100)} %)" for n in range(1, len(numbers.goals) + 1)
    )
    return _("At most so many in each wave, for that chance of a yes: %(waves)s.") % {"waves": waves}
