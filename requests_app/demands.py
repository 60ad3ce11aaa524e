"""What a request demands of who is asked for it: no Django, no clock, no database.

Somebody who cannot do much chooses light work, somebody else helps outdoors only: these functions say which requests
that is.
"""

# The longest, in minutes, that is still light; what is not here never is: carrying and driving.
LIGHT = {"company": 60, "pet": 30, "device": 30, "paperwork": 30, "garden": 15, "house": 15, "other": 15}
LIGHT_AT_ANY_LENGTH = frozenset({"company"})  # "as long as you like": coffee and a chat
# At somebody's home, but not inside: the garden, and what is brought to the door.
OUTDOORS = frozenset({"garden", "groceries", "ride"})


def is_light(category: str, minutes: int | None) -> bool:
    """Whether somebody who cannot do much can do this; ``minutes`` is None for as long as you like."""
    if minutes is None:
        return category in LIGHT_AT_ANY_LENGTH
    return minutes <= LIGHT.get(category, 0)


def where(place: str, category: str) -> str:
    """Where the helper is: "inside" the asker's home, "outside" or at the door, or at a "place" with others."""
    if place == "home":
        return "outside" if category in OUTDOORS else "inside"
    return "place" if place == "village" else "outside"


def needs_car(category: str) -> bool:
    """Whether it is a lift."""
    return category == "ride"
