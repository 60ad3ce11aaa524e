"""The heart: requests, pick-ups, events, the ladder."""
