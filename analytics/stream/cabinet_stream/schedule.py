"""When a rule watches, on the clock of the patient."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from .instants import EPOCH, MILLISECOND, MINUTE

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def local(at: int, zone: str) -> datetime:
    return (EPOCH + at * MILLISECOND).astimezone(ZoneInfo(zone))


def millis_of(moment: datetime) -> int:
    return (moment.astimezone(timezone.utc) - EPOCH) // MILLISECOND


def minutes_of(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def is_watched(schedule: dict | None, at: int, usual_zone: str) -> bool:
    """Whether an instant is in the times of a schedule: an hour that comes twice is in them twice."""
    if not schedule:
        return True
    here = local(at, schedule.get("zone", usual_zone))
    today, yesterday = DAYS[here.weekday()], DAYS[here.weekday() - 1]
    minute = here.hour * 60 + here.minute

    def is_in(times: dict) -> bool:
        begins, ends = minutes_of(times["from"]), minutes_of(times["until"])
        if ends > begins:
            return today in times["days"] and begins <= minute < ends
        return (today in times["days"] and minute >= begins) or (yesterday in times["days"] and minute < ends)

    return any(is_in(times) for times in schedule["times"])


def watched_from(schedule: dict | None, at: int, usual_zone: str) -> int:
    """The first instant from one on that is watched; a time that the clocks skip begins when they have skipped it."""
    if not schedule or is_watched(schedule, at, usual_zone):
        return at
    zone = schedule.get("zone", usual_zone)
    first = local(at, zone).date()
    for ahead in range(9):
        date = first + timedelta(days=ahead)
        begins = [
            begin
            for times in schedule["times"]
            if DAYS[date.weekday()] in times["days"]
            and (begin := begin_on(date, times["from"], schedule, usual_zone)) > at
        ]
        if begins:
            return min(begins)
    raise ValueError("a schedule without times")


def begin_on(date, text: str, schedule: dict, usual_zone: str) -> int:
    zone = schedule.get("zone", usual_zone)
    minutes = minutes_of(text)
    begin = millis_of(datetime.combine(date, time(minutes // 60, minutes % 60), ZoneInfo(zone)))
    here = local(begin, zone)
    if here.hour * 60 + here.minute == minutes:
        return begin
    # The clocks skip that time, by two hours at most anywhere.
    at = begin - 120 * MINUTE
    while at < begin and not is_watched(schedule, at, usual_zone):
        at += MINUTE
    return at
