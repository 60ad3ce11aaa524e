"""What a verb of this app says when something cannot be done."""


class NotAllowed(Exception):
    """This cannot be done (any more). The message is for the person who tried."""


class TooFast(NotAllowed):
    """Tried too often in a short time; the same can be tried again later."""
