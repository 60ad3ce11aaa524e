"""Trying other numbers of the ladder: asking for it, working it out, and keeping it with the decision."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Municipality
from requests_app import rungs, trial_worlds
from requests_app.lab.simulation import simulate
from requests_app.ladder import Numbers
from requests_app.models import Policy, PolicyTrial

LEASE = timedelta(minutes=2)  # many times a simulated year; who does not renew it is gone
MOST_ATTEMPTS = 3
MOST_ALTERNATIVES = 3
SEEDS = 1_000_000
# What a version is, beside its numbers.
NOT_NUMBERS = {"id", "municipality", "category", "version", "created_at", "created_by", "switched_off_at"}

logger = structlog.get_logger(__name__)


class _LostError(Exception):
    """Somebody else works on it now, or nobody should."""


def begin(
    municipality: Municipality,
    category: str,
    alternatives: Sequence[Mapping[str, Any]],
    *,
    inhabitants: int,
    actor: Actor,
    now: datetime,
    seed: int | None = None,
) -> PolicyTrial:
    """Ask for a trial of at most three alternatives for this category ("": all) beside today's policy.

    An alternative names the numbers that differ, as columns of ``Policy``. Nothing is worked out here.
    """
    if len(alternatives) > MOST_ALTERNATIVES:
        raise ValueError(f"at most {MOST_ALTERNATIVES} alternatives")
    today = _today(municipality)
    based_on = Policy.objects.newest(municipality, category)
    own = as_stored(based_on or Policy())
    others = [today | {category: own | _stored(alternative)} for alternative in alternatives]
    setting = trial_worlds.setting(municipality, inhabitants, now)
    return PolicyTrial.objects.create(
        municipality=municipality,
        category=category,
        inhabitants=inhabitants,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        source=setting.source,
        world=setting.world,
        policies=[today, *others],
        based_on=based_on,
        created_at=now,
        created_by=actor.user,
    )


def run_next(clock: Callable[[], datetime] = timezone.now) -> bool:
    """Work out the oldest trial that waits, or that its worker left; False: nothing to do. One at a time everywhere.

    Whoever works on one renews its lease after each simulated year. When that has run out, the trial is begun anew
    with the same seed, three times at most; then it has failed, and says so. Run twice it does nothing twice.
    """
    trial = _claim(clock())
    if trial is None:
        return False
    try:
        results = _worked_out(trial, clock)
    except _LostError:
        return True
    except Exception:  # whatever it is, staff must see an end
        logger.exception("policy_trial_failed", trial=trial.pk)
        _mine(trial).update(state=PolicyTrial.State.FAILED, lease_until=None, finished_at=clock())
        return True
    done = {"state": PolicyTrial.State.DONE, "progress": 100, "lease_until": None, "finished_at": clock()}
    _mine(trial).update(results=results, **done)
    return True


@transaction.atomic
def decided(pk: int, policy: Policy, chosen: int) -> bool:
    """``policy`` was made because of number ``chosen`` of this trial: keep them together.

    False, and nothing is written, when the trial is not done, is not of that municipality and category, has no such
    number, or led to a version already.
    """
    trial = PolicyTrial.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if trial is None or trial.state != PolicyTrial.State.DONE or trial.became is not None:
        return False
    same = trial.municipality_id == policy.municipality_id and trial.category == policy.category
    if not same or not 0 < chosen < len(trial.policies):
        return False
    trial.became, trial.chosen = policy, chosen
    trial.save(update_fields=["became", "chosen"])
    return True


def numbers_of(trial: PolicyTrial, which: int) -> dict[str, Any]:
    """The numbers of one of its policies (0: today's) for its own category, as columns of ``Policy``."""
    return _restored(_of_category(trial, which))


def differences(trial: PolicyTrial, which: int) -> dict[str, tuple[Any, Any]]:
    """Of an alternative: each number that differs from today's, as (today's, this one's)."""
    today, other = numbers_of(trial, 0), numbers_of(trial, which)
    return {name: (today.get(name), value) for name, value in other.items() if value != today.get(name)}


def is_as_tried(trial: PolicyTrial) -> bool:
    """Whether the version it became has exactly the numbers that were tried."""
    if trial.became is None or trial.chosen is None:
        return False
    return as_stored(trial.became) == _of_category(trial, trial.chosen)


def as_stored(policy: Policy) -> dict[str, Any]:
    """The numbers of a version, as JSON can hold them."""
    names = [field.name for field in Policy._meta.concrete_fields if field.name not in NOT_NUMBERS]
    return _stored({name: getattr(policy, name) for name in names})


def _of_category(trial: PolicyTrial, which: int) -> dict[str, Any]:
    policy = trial.policies[which]
    numbers: dict[str, Any] = policy.get(trial.category) or policy[""]
    return numbers


def _today(municipality: Municipality) -> dict[str, dict[str, Any]]:
    """The newest numbers of each category that has its own, and those for all others."""
    rows = Policy.objects.filter(municipality=municipality, switched_off_at=None).order_by("category", "version")
    return {"": as_stored(Policy())} | {policy.category: as_stored(policy) for policy in rows}


def _stored(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.total_seconds() if isinstance(value, timedelta) else list(value) if _is_row(value) else value
        for name, value in numbers.items()
    }


def _is_row(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _restored(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that are not there any more are left out."""
    found = {}
    for name, value in numbers.items():
        try:
            field = Policy._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        is_time = isinstance(field, models.DurationField) and value is not None
        found[name] = timedelta(seconds=value) if is_time else value
    return found


def _claim(now: datetime) -> PolicyTrial | None:
    to_do = PolicyTrial.objects.filter(state__in=[PolicyTrial.State.WAITING, PolicyTrial.State.RUNNING])
    with transaction.atomic():
        trials = list(to_do.defer("world", "policies").order_by("pk").select_for_update(of=("self",), no_key=True))
        if any(trial.lease_until and trial.lease_until > now for trial in trials):
            return None  # the machine has other things to do as well
        for trial in trials:
            if trial.attempts >= MOST_ATTEMPTS:
                trial.state, trial.lease_until, trial.finished_at = PolicyTrial.State.FAILED, None, now
                trial.save(update_fields=["state", "lease_until", "finished_at"])
                continue
            trial.state, trial.progress, trial.lease_until = PolicyTrial.State.RUNNING, 0, now + LEASE
            trial.attempts += 1
            trial.save(update_fields=["state", "progress", "lease_until", "attempts"])
            return trial
    return None


def _worked_out(trial: PolicyTrial, clock: Callable[[], datetime]) -> list[dict[str, Any]]:
    villages, years = trial_worlds.worlds(trial.world)
    whole = len(trial.policies) * len(villages) * years
    results = []
    for number, stored in enumerate(trial.policies):
        before = number * len(villages) * years

        def told(done: int, before: int = before) -> None:
            progress = min(99, (before + done) * 100 // whole)
            if not _mine(trial).update(progress=progress, lease_until=clock() + LEASE):
                raise _LostError

        policy: dict[str, Numbers] = {
            category: rungs.among(Policy(**_restored(numbers)).numbers, groups=False)
            for category, numbers in stored.items()
        }
        measures = simulate(*villages, policy=policy, seed=trial.seed, years=years, told=told)
        results.append(measures.as_json())
    return results


def _mine(trial: PolicyTrial) -> models.QuerySet[PolicyTrial]:
    return PolicyTrial.objects.filter(pk=trial.pk, attempts=trial.attempts, state=PolicyTrial.State.RUNNING)
