"""The outbox and its channels: the only contact with the outside world."""
