"""Runs rules over given inputs, one JSON document a line: `python3 -m cabinet_stream.replay`.

Reads `{rule, patientId, from, zone, inputs: [{reading} | {tick}]}` and answers each line with `[[candidate, …], …]`, what was found
at each input. The state is stored and read again after each step, as by an engine that is killed between any two.
"""

import json
import sys

from .evaluate import begin, evaluate, tick
from .instants import to_millis


def replay(rule: dict, patient_id: str, since: str, zone: str, inputs: list[dict]) -> list[list[dict]]:
    state = begin(rule, patient_id, to_millis(since))
    found = []
    for each in inputs:
        if "tick" in each:
            state, candidates = tick(rule, state, to_millis(each["tick"]), zone)
        else:
            state, candidates = evaluate(rule, state, each["reading"], zone)
        state = json.loads(json.dumps(state))
        found.append(candidates)
    return found


def main() -> None:
    for line in sys.stdin:
        given = json.loads(line)
        found = replay(given["rule"], given["patientId"], given["from"], given["zone"], given["inputs"])
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
