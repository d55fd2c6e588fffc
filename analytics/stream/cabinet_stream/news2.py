"""NEWS2: Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, chart 1. For adults."""

from decimal import ROUND_HALF_UP, Decimal

ANYTHING = float("-inf")

# Name, LOINC codes, unit, digits that the chart has, bands of [least, points] in order.
PARAMETERS = (
    ("respiration-rate", ("9279-1",), "/min", 0, ((ANYTHING, 3), (9, 1), (12, 0), (21, 2), (25, 3))),
    ("oxygen-saturation", ("59408-5", "2708-6"), "%", 0, ((ANYTHING, 3), (92, 2), (94, 1), (96, 0))),
    # Flow of inhaled oxygen: none is air.
    ("inhaled-oxygen", ("3151-8",), "L/min", 1, ((ANYTHING, 0), (0.1, 2))),
    ("systolic-pressure", ("8480-6",), "mm[Hg]", 0, ((ANYTHING, 3), (91, 2), (101, 1), (111, 0), (220, 3))),
    ("pulse", ("8867-4",), "/min", 0, ((ANYTHING, 3), (41, 1), (51, 0), (91, 1), (111, 2), (131, 3))),
    # 0 is alert; any other of ACVPU is more.
    ("consciousness", ("67775-7",), "{score}", 0, ((ANYTHING, 0), (1, 3))),
    ("temperature", ("8310-5",), "Cel", 1, ((ANYTHING, 3), (35.1, 1), (36.1, 0), (38.1, 1), (39.1, 2))),
)

SATURATION_SCALE_2 = ((ANYTHING, 3), (84, 2), (86, 1), (88, 0), (93, 1), (95, 2), (97, 3))

UNITS = {code: unit for _, codes, unit, _, _ in PARAMETERS for code in codes}


def points_in(bands, value: float) -> int:
    return next(points for least, points in reversed(bands) if value >= least)


def rounded(value: float, digits: int) -> float:
    """What lies between two bands is rounded as the chart has it, halves away from zero."""
    return float(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def news2(latest: list[dict], since: int, oxygen_scale: int) -> dict:
    """The score of the last point of each code; what is older than `since` counts as missing.

    Gives `total` (of what is known), `has_single_3`, `missing` (names of parameters) and `because` (ids).
    """
    known: dict[str, tuple[str, float]] = {}
    for name, codes, _, digits, _ in PARAMETERS:
        best = None
        for point in latest:
            if point["code"] in codes and point["at"] >= since and (best is None or best["at"] < point["at"]):
                best = point
        if best:
            known[name] = (best["id"], rounded(best["value"], digits))
    oxygen = known.get("inhaled-oxygen")
    points = []
    for name, _, _, _, bands in PARAMETERS:
        if name not in known:
            continue
        value = known[name][1]
        if name != "oxygen-saturation" or oxygen_scale == 1:
            points.append(points_in(bands, value))
        elif value < 93:
            points.append(points_in(SATURATION_SCALE_2, value))
        elif oxygen:
            # On scale 2 a high saturation is a risk with oxygen alone, and says nothing while that is not known.
            points.append(points_in(SATURATION_SCALE_2, value) if oxygen[1] > 0 else 0)
    return {
        "total": sum(points),
        "has_single_3": 3 in points,
        "missing": [name for name, *_ in PARAMETERS if name not in known],
        "because": [point_id for point_id, _ in known.values()],
    }
