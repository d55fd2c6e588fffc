"""Goes reading by reading through what one rule finds of one patient.

A machine is data alone, to be stored: `recent` (as few of the readings before as the condition looks back on), `open` (the episode
that goes on) and, of a score, `missing`. A point is `{id, at, code, value}`, times in milliseconds. An episode has `start`, `since`,
`count`, `worst`, `because`, and `end` once it is over.
"""

from .instants import MINUTE
from .news2 import UNITS, news2
from .schedule import is_watched

BECAUSE_MAX = 20


def at_first() -> dict:
    return {"recent": []}


def units_of(condition: dict) -> dict[str, str]:
    """The codes that a rule reads, each with its unit; of a gap whichever it has."""
    if condition["kind"] == "gap":
        return {condition["code"]: ""}
    if condition["kind"] == "score":
        return UNITS
    return {condition["code"]: condition["unit"]}


def step(watch: dict, machine: dict, point: dict, zone: str) -> tuple[dict, dict | None]:
    """Goes on by one reading, which is no earlier than those of before; gives the machine and the episode that it ends."""
    condition = watch["condition"]
    recent = look_back(watch, machine["recent"], point, zone)
    judged = judge(watch, recent, point, zone)
    missing = judged.get("missing")
    is_open = machine.get("open")
    if is_open is None:
        if not judged["fires"]:
            return made(recent, None, missing), None
        return made(recent, begin(point, judged), missing), None
    if judged["is_beyond"]:
        going = {key: value for key, value in is_open.items() if key != "normalSince"}
        going["count"] += 1
        going["worst"] = worse(condition, is_open["worst"], judged["measure"])
        going["normal"] = 0
        going["because"] = list(dict.fromkeys([*is_open["because"], *judged["because"]]))[:BECAUSE_MAX]
        return made(recent, going, missing), None
    if not is_normal(watch, judged):
        again = {key: value for key, value in is_open.items() if key != "normalSince"}
        return made(recent, {**again, "normal": 0}, missing), None
    normal_since = is_open.get("normalSince", point["at"])
    normal = is_open["normal"] + 1
    clear = watch.get("clear") or {}
    if normal < clear.get("readings", 1) or point["at"] - normal_since < clear.get("minutes", 0) * MINUTE:
        return made(recent, {**is_open, "normal": normal, "normalSince": normal_since}, missing), None
    # What was beyond the limit before does not count for the next episode.
    kept = recent if condition["kind"] == "score" else []
    return made(kept, None, missing), {**episode_of(is_open), "end": point["at"]}


def episode_of(is_open: dict) -> dict:
    """Without what only the machine needs."""
    return {key: value for key, value in is_open.items() if key not in ("normal", "normalSince")}


def made(recent: list, is_open: dict | None, missing: list | None) -> dict:
    machine = {"recent": recent}
    if is_open is not None:
        machine["open"] = is_open
    if missing is not None:
        machine["missing"] = missing
    return machine


def begin(point: dict, judged: dict) -> dict:
    missing = judged.get("missing")
    episode = {
        "start": point["at"],
        "since": judged["since"],
        # A score is made of several readings, and is beyond its limit once.
        "count": len(judged["because"]) if missing is None else 1,
        "worst": judged["measure"],
        "because": judged["because"][:BECAUSE_MAX],
        "normal": 0,
    }
    return {**episode, "missing": missing} if missing else episode


def judge(watch: dict, recent: list[dict], point: dict, zone: str) -> dict:
    condition, at, value = watch["condition"], point["at"], point["value"]
    alone = {"since": at, "because": [point["id"]], "measure": value, "value": value}
    if condition["kind"] == "score":
        score = news2(recent, at - condition["freshMinutes"] * MINUTE, condition["oxygenScale"])
        total, missing = score["total"], score["missing"]
        is_enough = total >= condition["total"] or (condition["single"] and score["has_single_3"])
        fires = is_enough and is_watched(watch.get("schedule"), at, zone)
        return {
            **alone,
            **{"is_beyond": fires, "fires": fires, "is_within": not is_enough and not missing},
            **{"because": score["because"], "measure": total, "value": total, "missing": missing},
        }
    if condition["kind"] == "rate":
        first = recent[0]
        change = value - first["value"]
        is_enough = change >= condition["rises"] if "rises" in condition else -change >= condition["falls"]
        fires = is_enough and is_watched(watch.get("schedule"), at, zone)
        because = [first["id"], point["id"]] if first["id"] != point["id"] else [point["id"]]
        return {
            **alone,
            **{"is_beyond": fires, "fires": fires, "is_within": not is_enough},
            **{"since": first["at"], "because": because, "measure": change},
        }
    is_within = not is_outside(condition, value)
    if not is_beyond(watch, point, zone):
        return {**alone, "is_beyond": False, "fires": False, "is_within": is_within}
    sustained = condition.get("sustained")
    if not sustained:
        return {**alone, "is_beyond": True, "fires": True, "is_within": is_within}
    beyond = [each for each in recent if is_beyond(watch, each, zone)]
    since = beyond[0]["at"] if beyond else at
    if "of" in sustained:
        fires = len(beyond) >= sustained["atLeast"]
    else:
        fires = at - since >= sustained["minutes"] * MINUTE
    because = [each["id"] for each in beyond]
    return {**alone, "is_beyond": True, "fires": fires, "is_within": is_within, "since": since, "because": because}


def is_outside(limits: dict, value: float) -> bool:
    above, below = limits.get("above"), limits.get("below")
    return (above is not None and value > above) or (below is not None and value < below)


def is_beyond(watch: dict, point: dict, zone: str) -> bool:
    """Whether a single value is beyond a level, at a time that is watched."""
    condition = watch["condition"]
    is_level = condition["kind"] == "level" and is_outside(condition, point["value"])
    return is_level and is_watched(watch.get("schedule"), point["at"], zone)


def look_back(watch: dict, recent: list[dict], point: dict, zone: str) -> list[dict]:
    """As many of the readings as the condition looks back on, with this one."""
    condition = watch["condition"]
    if condition["kind"] == "score":
        return [*(each for each in recent if each["code"] != point["code"]), point]
    if condition["kind"] == "rate":
        # Those that are the lowest (of a fall: the highest) from themselves on: the first is that of the whole span.
        begins = point["at"] - condition["withinMinutes"] * MINUTE
        value = point["value"]
        falls = "falls" in condition
        kept = [
            each for each in recent if each["at"] >= begins and (each["value"] > value if falls else each["value"] < value)
        ]
        return [*kept, point]
    sustained = condition.get("sustained")
    if not sustained:
        return []
    if "of" in sustained:
        return [*recent, point][-sustained["of"] :]
    if not is_beyond(watch, point, zone):
        return []
    # Of the run its ends are enough. Two readings too far apart say nothing of what was between them.
    if not recent or point["at"] - recent[-1]["at"] > sustained["minutes"] * MINUTE:
        return [point]
    return [recent[0], point]


def is_normal(watch: dict, judged: dict) -> bool:
    if not judged["is_within"]:
        return False
    clear = watch.get("clear") or {}
    if "above" in clear and judged["value"] <= clear["above"]:
        return False
    return "below" not in clear or judged["value"] < clear["below"]


def worse(condition: dict, one: float, other: float) -> float:
    """The value, change or total that is farther beyond the limit; of two that are as far the first one."""
    if condition["kind"] == "rate":
        return other if abs(other) > abs(one) else one
    if condition["kind"] == "score" or "below" not in condition:
        return max(one, other)
    if "above" not in condition:
        return min(one, other)
    middle = (condition["above"] + condition["below"]) / 2
    return other if abs(other - middle) > abs(one - middle) else one
