"""One step of an engine of alert rules: what `packages/contracts/vectors/alert-rules.json` says that every engine finds.

It looks at no clock and remembers nothing but the state that it gives back. A state is data alone: `patientId`, `base` (a machine, up
to where readings are settled), `buffer` (what can still be rearranged by one that comes late but in time), `floor`, `received`,
`told` (what was said of episodes that can still change), `missing`, `late`, `gap`.
"""

from .instants import MINUTE, to_millis, to_text
from .machine import at_first, episode_of, step, units_of
from .reading import doubt_of
from .schedule import watched_from

# Of a device that sends each second no more is kept than this; what is older is settled.
BUFFER_MAX = 256
SAME_TIME = 24 * 60 * MINUTE
FOREVER = float("inf")


def begin(rule: dict, patient_id: str, at: int) -> dict:
    """The state of a patient who is watched from an instant on."""
    state = {"patientId": patient_id, "base": at_first(), "buffer": [], "received": at, "told": [], "missing": []}
    return {**state, "gap": {"last": at}} if rule["watch"]["condition"]["kind"] == "gap" else state


def key_of(patient_id: str, rule_id: str, start: int) -> str:
    """`patient|rule|start`: the same for every engine that finds the episode."""
    return f"{patient_id}|{rule_id}|{to_text(start)}"


def evaluate(rule: dict, state: dict, reading: dict, zone: str) -> tuple[dict, list[dict]]:
    """Takes one reading; gives the state after it and what it found (`started`, `moved`, `counted`, `cleared`, `reopened`,
    `retracted`, `late`, `question`, `incomplete`). `zone` is the clock of the patient, where the rule names none."""
    watch = rule["watch"]
    unit = units_of(watch["condition"]).get(reading["code"])
    if unit is None:
        return state, []
    doubt = doubt_of(reading, unit or reading["unit"])
    if doubt:
        question = {"kind": "question", "readingId": reading["readingId"], "code": reading["code"], "doubt": doubt}
        return state, [question]
    point = {
        "id": reading["readingId"],
        "code": reading["code"],
        "value": reading["value"],
        "at": to_millis(reading["effectiveAt"]),
    }
    received = to_millis(reading["receivedAt"])
    if "gap" in state:
        return after_gap(rule, state, point, received, zone)
    newest = {**state, "received": max(state["received"], received)}
    horizon = newest["received"] - watch["maxAgeMinutes"] * MINUTE
    if point["at"] < horizon or point["at"] <= state.get("floor", -FOREVER):
        return came_late(rule, newest, point, zone)
    if any(each["id"] == point["id"] for each in state["buffer"]):
        return state, []
    others = [each for each in state["buffer"] if each["id"] != reading.get("isCorrectionOf")]
    # Those of one instant have an order, too, or it would depend on how they came.
    newest["buffer"] = sorted([*others, point], key=lambda each: (each["at"], each["id"]))
    return settle(rule, newest, horizon, zone)


def settle(rule: dict, state: dict, horizon: int, zone: str) -> tuple[dict, list[dict]]:
    """Settles what nothing can come before any more, finds the episodes anew from there, and says what is new of them."""
    watch, base, floor = rule["watch"], state["base"], state.get("floor")
    buffer = list(state["buffer"])
    settled, found = [], []
    while buffer and (buffer[0]["at"] < horizon or len(buffer) > BUFFER_MAX):
        first = buffer.pop(0)
        base, ended = step(watch, base, first, zone)
        floor = first["at"]
        if ended:
            settled.append(ended)
    tip = base
    for point in buffer:
        tip, ended = step(watch, tip, point, zone)
        if ended:
            found.append(ended)
    if "open" in tip:
        found.append(episode_of(tip["open"]))
    candidates = differences(rule, state, [*settled, *found])
    missing = tip.get("missing", state["missing"])
    if missing != state["missing"]:
        candidates.append({"kind": "incomplete", "missing": missing})
    told = [{key: each[key] for key in ("start", "end", "count") if key in each} for each in found]
    after = {**state, "base": base, "buffer": buffer, "told": told, "missing": missing}
    return (after if floor is None else {**after, "floor": floor}), candidates


def found_in(episode: dict) -> dict:
    found = {
        "start": to_text(episode["start"]),
        "since": to_text(episode["since"]),
        "count": episode["count"],
        "worst": episode["worst"],
        "because": episode["because"],
    }
    return {**found, "missing": episode["missing"]} if "missing" in episode else found


def differences(rule: dict, state: dict, episodes: list[dict]) -> list[dict]:
    """What was said of episodes against what they are now."""

    def key(start: int) -> str:
        return key_of(state["patientId"], rule["id"], start)

    candidates, gone = [], []
    unsaid = {each["start"]: each for each in episodes}
    for before in state["told"]:
        now = unsaid.pop(before["start"], None)
        if now is None:
            gone.append(before)
            continue
        if now["count"] != before["count"]:
            counted = {part: now[part] for part in ("count", "worst", "because")}
            candidates.append({"kind": "counted", "key": key(now["start"]), **counted})
        if now.get("end") != before.get("end"):
            candidates.append(ending(key(now["start"]), now.get("end")))
    for before in gone:
        moved = next((each for each in unsaid.values() if are_one_time(each, before)), None)
        if moved is None:
            candidates.append({"kind": "retracted", "key": key(before["start"])})
            continue
        del unsaid[moved["start"]]
        to, since = key(moved["start"]), key(before["start"])
        candidates.append({"kind": "moved", "key": to, "from": since, **found_in(moved)})
        if moved.get("end") != before.get("end"):
            candidates.append(ending(to, moved.get("end")))
    for episode in unsaid.values():
        candidates.append({"kind": "started", "key": key(episode["start"]), **found_in(episode)})
        if "end" in episode:
            candidates.append(ending(key(episode["start"]), episode["end"]))
    return candidates


def ending(key: str, end: int | None) -> dict:
    return {"kind": "reopened", "key": key} if end is None else {"kind": "cleared", "key": key, "end": to_text(end)}


def are_one_time(one: dict, other: dict) -> bool:
    return one["start"] <= other.get("end", FOREVER) and other["start"] <= one.get("end", FOREVER)


def came_late(rule: dict, state: dict, point: dict, zone: str) -> tuple[dict, list[dict]]:
    """Late readings are looked at among themselves: what they would have rung, and when."""
    late, at = state.get("late"), point["at"]
    is_open = late["machine"].get("open") if late else None
    # Of a file that comes backwards one time is said once.
    if is_open and at < late["last"] and at > is_open["start"] - SAME_TIME:
        return state, []
    before = late["machine"] if late and at >= late["last"] else at_first()
    machine, _ = step(rule["watch"], before, point, zone)
    found = machine.get("open")
    is_new = found and before.get("open", {}).get("start") != found["start"]
    was_said = any(each["start"] <= at <= each.get("end", FOREVER) for each in state["told"])
    candidates = []
    if is_new and not was_said:
        key = key_of(state["patientId"], rule["id"], found["start"])
        candidates.append({"kind": "late", "key": key, **found_in(episode_of(found))})
    return {**state, "late": {"machine": machine, "last": at}}, candidates


def gap_from(rule: dict, last: int, zone: str) -> int:
    """When a reading is missed that should have come after one of that time."""
    watch = rule["watch"]
    return watched_from(watch.get("schedule"), last + watch["condition"]["minutes"] * MINUTE, zone)


def after_gap(rule: dict, state: dict, point: dict, came: int, zone: str) -> tuple[dict, list[dict]]:
    """It depends on when readings came and not on when somebody looked: a gap that nobody saw is found by the reading that ends it."""
    gap = state["gap"]
    received = max(state["received"], came)
    last = max(gap["last"], point["at"])
    due = gap_from(rule, gap["last"], zone)
    was_open = gap.get("open")
    is_open = was_open if was_open is not None else (due if received >= due else None)
    candidates = [missed(rule, state, is_open)] if was_open is None and is_open is not None else []
    if is_open is None or gap_from(rule, last, zone) <= received:
        after = {"last": last} if is_open is None else {"last": last, "open": is_open}
        return {**state, "received": received, "gap": after}, candidates
    candidates.append(ending(key_of(state["patientId"], rule["id"], is_open), received))
    return {**state, "received": received, "gap": {"last": last}}, candidates


def tick(rule: dict, state: dict, at: int, zone: str) -> tuple[dict, list[dict]]:
    """Looks at an instant whether a reading is missed by then."""
    gap = state.get("gap")
    if not gap or "open" in gap:
        return state, []
    due = gap_from(rule, gap["last"], zone)
    if at < due:
        return state, []
    return {**state, "gap": {**gap, "open": due}}, [missed(rule, state, due)]


def missed(rule: dict, state: dict, start: int) -> dict:
    found = found_in({"start": start, "since": start, "count": 0, "worst": 0, "because": []})
    return {"kind": "started", "key": key_of(state["patientId"], rule["id"], start), **found}
