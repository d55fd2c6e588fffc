"""What was measured of a patient, and why an engine may not go by it."""

import math

from .instants import MINUTE, to_millis

# Clocks of devices and servers differ by less.
AHEAD_MAX = 5 * MINUTE

# Flags of who took the reading in that keep it from ringing.
DOUBTFUL_FLAGS = {"absurd": "value", "implausible": "value", "unit-unknown": "unit"}

# What a living person can have, by LOINC code: (unit, least, most).
POSSIBLE = {
    "8867-4": ("/min", 15, 350),
    "9279-1": ("/min", 2, 90),
    "59408-5": ("%", 30, 100),
    "2708-6": ("%", 30, 100),
    "8310-5": ("Cel", 25, 45),
    "8480-6": ("mm[Hg]", 30, 320),
    "8462-4": ("mm[Hg]", 10, 220),
    "29463-7": ("kg", 0.2, 500),
}


def doubt_of(reading: dict, unit: str) -> str | None:
    """Says why a reading makes a question and no alarm: `owner`, `value`, `unit` or `clock`; None: it is gone by.

    `unit` is the one that the rule is about.
    """
    if reading["certainty"] == "doubtful":
        return "owner"
    for flag in reading["flags"]:
        if flag in DOUBTFUL_FLAGS:
            return DOUBTFUL_FLAGS[flag]
    if reading["unit"] != unit:
        return "unit"
    value = reading["value"]
    if value is None or not math.isfinite(value):
        return "value"
    possible = POSSIBLE.get(reading["code"])
    if possible and possible[0] == unit and not possible[1] <= value <= possible[2]:
        return "value"
    if to_millis(reading["effectiveAt"]) > to_millis(reading["receivedAt"]) + AHEAD_MAX:
        return "clock"
    return None


def as_they_came(readings: list[dict]) -> list[dict]:
    """Readings in the order in which a service meets them."""
    return sorted(
        readings,
        key=lambda each: (to_millis(each["receivedAt"]), to_millis(each["effectiveAt"]), each["readingId"]),
    )
