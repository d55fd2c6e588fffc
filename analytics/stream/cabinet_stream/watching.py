"""What one batch of readings of a patient leads to, without Spark: a function of what was known and what came."""

import uuid

from .evaluate import begin, evaluate
from .events import NotOurs, read_event
from .instants import to_millis
from .reading import as_they_came
from .rule_set import RuleSet

READINGS = "readings"
READINGS_TELLER = "wearable"
READING_TAKEN = "reading-taken"
FOUND = "alerts-detected"
FOUND_TYPE = "alert-candidates.detected"
GOES_ON_TYPE = "alert-stream.goes-on"
SOURCE = "stream"


def readings_in(keys: dict[str, list[str]], patient_id: str, messages: list[str]) -> tuple[list[dict], int]:
    """The readings of a patient among the messages of the broker, and how many of these were no events of ours."""
    readings, refused = [], 0
    for message in messages:
        try:
            event = read_event(keys, READINGS_TELLER, READINGS, message)
        except NotOurs:
            refused += 1
            continue
        if event["type"] == READING_TAKEN and event["data"]["patientId"] == patient_id:
            readings.append(event["data"])
    return as_they_came(readings), refused


def watch(rules: RuleSet, patient_id: str, known: dict[str, dict], readings: list[dict]) -> tuple[dict, list[dict]]:
    """Runs the rules over readings in the order in which they came.

    `known` holds by rule `{version, state}`; it is given back as it is afterwards, without rules that are no longer run, and with it
    what is to be told: `{patientId, ruleId, ruleVersion, readingId, candidates}` for each reading that something was found at.
    """
    after: dict[str, dict] = {}
    found: list[dict] = []
    for rule in rules.of(patient_id):
        before = known.get(rule["id"])
        # A version that watches something else begins anew.
        state = before["state"] if before and before["version"] == rule["version"] else None
        for reading in readings:
            is_before = state is None and to_millis(reading["receivedAt"]) < to_millis(rule["enabledAt"])
            if is_before or not rules.reads(rule, reading["code"]):
                continue
            if state is None:
                state = begin(rule, patient_id, to_millis(reading["receivedAt"]))
            state, candidates = evaluate(rule, state, reading, rules.zone)
            if candidates:
                of = {"patientId": patient_id, "ruleId": rule["id"], "ruleVersion": rule["version"]}
                found.append({**of, "readingId": reading["readingId"], "candidates": candidates})
        if state is not None:
            after[rule["id"]] = {"version": rule["version"], "state": state}
    return after, found


def event_of(found: dict) -> dict:
    """The event that tells it. A batch that is run again tells it again under the same id, and is heard once."""
    name = "|".join(str(found[part]) for part in ("patientId", "ruleId", "ruleVersion", "readingId"))
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "type": FOUND_TYPE,
        "partitionkey": found["patientId"],
        "data": found,
    }
