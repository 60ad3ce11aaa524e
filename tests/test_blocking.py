"""Two who do not meet any more: by the wish of one, and it works both ways."""

import pytest
from django.db import IntegrityError

from moderation import blocking
from moderation.models import Block
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def test_block_works_both_ways_and_can_be_undone_by_who_wished_it():
    riet, bram, joris = make.user("Riet"), make.user("Bram"), make.user("Joris")

    for _ in range(2):
        blocking.block(riet, bram, now=NOW)

    assert list(blocking.blocked_with(riet.pk)) == [bram]
    assert list(blocking.blocked_with(bram.pk)) == [riet]
    assert list(blocking.blocked_with(joris.pk)) == []
    blocking.unblock(bram, riet)
    assert list(blocking.blocked_with(riet.pk)) == [bram]
    blocking.unblock(riet, bram)
    assert not Block.objects.exists()


def test_who_would_rather_not_together_is_not_asked_but_may_still_meet():
    riet, bram = make.user("Riet"), make.user("Bram")

    blocking.keep_apart(riet, bram, now=NOW)

    assert list(blocking.apart_from(bram.pk)) == [riet]
    assert list(blocking.blocked_with(bram.pk)) == []


def test_nobody_blocks_themselves():
    riet = make.user("Riet")

    with pytest.raises(IntegrityError, match="block_of_somebody_else"):
        blocking.block(riet, riet, now=NOW)
