"""How often somebody may try a code. Counted in the database: with the broker away, or on many machines, it holds."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.pace import TOO_FAST, WINDOW
from villages.models import CodeAttempt
from villages.refusals import TooFast

# A code has 31^8 forms. Ten tries are plenty for somebody with a letter; an address may be that of a whole flat.
MOST_BY_PERSON = 10
MOST_BY_ADDRESS = 40
KEPT = timedelta(days=1)  # an address is personal: no longer than it is of use


@transaction.atomic
def count(user: User, ip: str | None, now: datetime) -> None:
    """One more try, counted before anybody looks whether it is right. Raises TooFast beyond the limit."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    CodeAttempt.objects.filter(at__lt=now - KEPT).delete()
    lately = CodeAttempt.objects.filter(at__gt=now - WINDOW)
    by_person = lately.filter(user=user).count()
    by_address = lately.filter(ip=ip).count() if ip else 0
    if by_person >= MOST_BY_PERSON or by_address >= MOST_BY_ADDRESS:
        raise TooFast(TOO_FAST)
    CodeAttempt.objects.create(user=user, ip=ip, at=now)
