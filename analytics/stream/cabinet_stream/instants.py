"""Instants as milliseconds since 1970, as every engine of alert rules counts them."""

from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)
MINUTE = 60_000


def to_millis(text: str) -> int:
    """Reads an instant of ISO 8601 with an offset; what is finer than a millisecond is cut off."""
    return (datetime.fromisoformat(text) - EPOCH) // MILLISECOND


def to_text(millis: int) -> str:
    """Writes an instant as ISO 8601 in UTC with three digits of a second: keys of episodes are made of it."""
    return (EPOCH + millis * MILLISECOND).isoformat(timespec="milliseconds").replace("+00:00", "Z")
