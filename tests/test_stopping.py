"""How the program of ``make run`` listens to signals."""

import os
import signal

import pytest

from samsam.run import stopping_once

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _put_back():
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_first_signal_stops_and_the_next_are_ignored(number):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

    with stopping_once(), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)

    assert [signal.getsignal(each) for each in SIGNALS] == [signal.SIG_IGN] * 3


def test_hangup_is_ignored_under_nohup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with stopping_once():
        os.kill(os.getpid(), signal.SIGHUP)

    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
