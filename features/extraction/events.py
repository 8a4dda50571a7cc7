"""What happened, in order of time: bought, broke, told the merchant, refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from features.extraction.dates import DateMention
from features.extraction.defects import Defect
from features.extraction.reading import Reading
from features.extraction.words import lowered, words

FAULT, REQUEST, REFUSAL, INJURY = "fault", "refund_request", "refusal", "injury"


@dataclass(frozen=True)
class Event:
    """What happened, when if a date is told for it, and the clause that says so, of 40 characters at most.

    The kinds are `purchase`, `delivery`, `fault`, `repair`, `contact`, `refund_request`, `refusal`, `injury` and `other`.
    """

    date: dt.date | None
    kind: str
    clause: str


def find_events(
    reading: Reading, dates: Sequence[DateMention], defects: Sequence[Defect], injured: int | None
) -> tuple[Event, ...]:
    """The events in order of time; those without a date stay behind what the text tells before them.

    A clause tells each kind once; no injury is told where the text denies them (`injured` is 0). A date is that of its clause,
    or of the clause before if nothing happened there.
    """
    happened = _by_clause(reading, defects, {INJURY} if injured == 0 else set())
    if not happened:
        return ()
    days = _days_by_clause(reading, dates)
    found: list[tuple[dt.date, Event]] = []
    since = dt.date.min
    for number, kinds in happened.items():
        day = days.get(number)
        if day is None and number - 1 not in happened and not reading.ends_sentence(number - 1):
            day = days.get(number - 1)
        if day is not None:
            since = day
        clause = _clause(reading, number)
        found.extend((since, Event(day, kind, clause)) for kind in kinds)
    found.sort(key=lambda pair: pair[0])
    return tuple(event for _, event in found)


def _by_clause(reading: Reading, defects: Sequence[Defect], denied: set[str]) -> dict[int, list[str]]:
    """The kinds that each clause tells, in order of their words."""
    told = [(hit.start, hit.meaning) for hit in reading.of("event") if not _taken_back(reading.text, hit.start, hit.meaning)]
    told.extend((defect.start, FAULT) for defect in defects)
    asked = reading.slots.get("requests")
    found: dict[int, list[str]] = {}
    for place, kind in sorted(told):
        if kind in denied or (asked and asked.start <= place < asked.end):
            continue
        kinds = found.setdefault(reading.clause_number(place), [])
        if kind not in kinds:
            kinds.append(kind)
    return found


def _taken_back(text: str, place: int, kind: str) -> bool:
    """Whether the words before deny it (没有发货) or only wish it (希望退款); refusals and faults deny by themselves."""
    rules = words().events
    if kind == REFUSAL:
        return False
    if kind == REQUEST and _wishes().search(text, max(0, place - rules.wish_window), place):
        return True
    return kind != FAULT and _guards().search(text, max(0, place - rules.guard_window), place) is not None


def _days_by_clause(reading: Reading, dates: Sequence[DateMention]) -> dict[int, dt.date]:
    found: dict[int, dt.date] = {}
    for mention in dates:
        place = mention.start if reading.shadow.places is None else _place(reading.shadow.places, mention.start)
        found.setdefault(reading.clause_number(place), mention.date)
    return found


def _place(places: Sequence[int], original: int) -> int:
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if places[middle] < original else (low, middle)
    return low


def _clause(reading: Reading, number: int) -> str:
    start, end = reading.clauses[number]
    return reading.spelt(start, end).strip()[: words().events.longest_clause]


@cache
def _guards() -> re.Pattern[str]:
    return re.compile(lowered(words().events.guards))


@cache
def _wishes() -> re.Pattern[str]:
    return re.compile(lowered(words().events.wishes))
