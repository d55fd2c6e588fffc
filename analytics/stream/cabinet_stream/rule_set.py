"""The rules in force, as the alert service tells them on the topic `alert-rules`: always all of them together, the latest counts.

`{version, isInForce, zone, rules: [{id, version, patientId?, replaces?, enabledAt, watch}]}`; without `isInForce` the practice goes by its other engine, and
this one finds nothing.
"""

from .machine import units_of

TOPIC = "alert-rules"
TELLER = "alert"
TYPE = "alert-rules.in-force"


def runs_here(rule: dict) -> bool:
    """A value that rings alone has to ring at once, and silence is not noticed by what comes: both stay with the alert service."""
    condition = rule["watch"]["condition"]
    return condition["kind"] != "gap" and (condition["kind"] != "level" or "sustained" in condition)


class RuleSet:
    def __init__(self, data: dict):
        self.version: int = data["version"]
        self.zone: str = data["zone"]
        self.is_in_force: bool = data["isInForce"]
        self.rules: list[dict] = [rule for rule in data["rules"] if runs_here(rule)] if data["isInForce"] else []
        self._codes = {rule["id"]: set(units_of(rule["watch"]["condition"])) for rule in self.rules}

    def of(self, patient_id: str) -> list[dict]:
        """Those that are run for a patient: a rule of their own may stand in place of one of the practice."""
        own = [rule for rule in self.rules if rule.get("patientId") == patient_id]
        replaced = {rule.get("replaces") for rule in own}
        return [*own, *(rule for rule in self.rules if not rule.get("patientId") and rule["id"] not in replaced)]

    def reads(self, rule: dict, code: str) -> bool:
        return code in self._codes[rule["id"]]
