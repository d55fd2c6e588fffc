"""Events as the services sign and read them: CloudEvents 1.0 with `partitionkey` and an HMAC-SHA-256 of what a receiver acts on."""

import hashlib
import hmac
import json
import math
from base64 import urlsafe_b64encode


def canonical(value) -> str:
    """JSON as `JSON.stringify` writes it, names in order (RFC 8785, 3.2.3), so that both sides sign the same bytes."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{text(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    if isinstance(value, float):
        return number(value)
    return text(value)


def text(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    """A number as ECMAScript writes it (RFC 8785, 3.2.2.3)."""
    if not math.isfinite(value):
        raise ValueError("is no number of JSON")
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return mantissa
    power = int(exponent)
    if -7 < power < 0:
        digits = mantissa.lstrip("-").replace(".", "")
        return f"{'-' if value < 0 else ''}0.{'0' * (-power - 1)}{digits}"
    return f"{mantissa}e{'+' if power > 0 else ''}{power}"


def signature(key: str, topic: str, event: dict) -> str:
    """The signature of an event on a topic, as base64url without padding."""
    parts = [topic, *(event.get(name) for name in ("id", "source", "type", "time", "partitionkey")), event.get("data")]
    digest = hmac.new(key.encode(), canonical(parts).encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def keys_of(written: str) -> dict[str, list[str]]:
    """Reads EVENT_KEYS: `wearable=<key>|<older key>,alert=<key>`; the first of each signs, the others are still believed."""
    entries = [entry.partition("=") for entry in written.split(",") if entry]
    return {teller: keys.split("|") for teller, _, keys in entries}


class NotOurs(ValueError):
    """A message of the broker that is no event, or was not told by the process that it names."""


def read_event(keys: dict[str, list[str]], teller: str, topic: str, message: str | bytes) -> dict:
    """Reads a message that this process has told on this topic.

    Raises NotOurs, whose text says nothing of what it holds.
    """
    try:
        event = json.loads(message)
        # Only the teller of a topic is believed on it.
        given = event["signature"].encode() if event["source"] == teller else b""
        if any(hmac.compare_digest(signature(key, topic, event).encode(), given) for key in keys.get(teller, [])):
            return event
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise NotOurs("is no event of ours")


def told(keys: dict[str, list[str]], source: str, topic: str, event: dict) -> str:
    """An event with what every event has, signed, as it stands in the broker."""
    whole = {"specversion": "1.0", "datacontenttype": "application/json", "source": source, **event}
    return json.dumps({**whole, "signature": signature(keys[source][0], topic, whole)})
