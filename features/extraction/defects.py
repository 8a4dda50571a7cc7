"""What is wrong with a product, as told: 变速箱顿挫, 门封条脱落."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from features.extraction.reading import Reading
from features.extraction.vocabulary import Hit
from features.extraction.words import lowered, words


class Defect(NamedTuple):
    """A part and its fault at `text[start:end]`, in the words of the text."""

    phrase: str
    start: int
    end: int


def find_defects(reading: Reading) -> list[Defect]:
    """The defects in order of the text; each fault with the part before it in its clause, if only small words stand between."""
    faults = [hit for hit in reading.of("fault") if hit.meaning]
    if not faults:
        return []
    parts = [hit for hit in reading.of("part") if hit.meaning]
    return list(_told(reading, faults, parts))


def _told(reading: Reading, faults: Sequence[Hit], parts: Sequence[Hit]) -> Iterator[Defect]:
    text, defects = reading.text, words().defects
    starts = [part.start for part in parts]
    shared: Hit | None = None
    reached = -1
    for fault in faults:
        clause_start = reading.clause(fault.start)[0]
        if _is_denied(text, clause_start, fault):
            continue
        part = _part_before(text, fault, parts, starts, max(clause_start, reached if shared is None else clause_start))
        if part is None and shared is not None and _only_fillers(text, reached, fault.start):
            part = shared
        if part is None and fault.meaning in defects.weak:
            continue
        shared, reached = part, fault.end
        words_of_part = _run_of_parts(text, part, parts, starts, clause_start) if part else ""
        phrase = words_of_part + fault.meaning
        yield Defect(phrase[: defects.longest], part.start if part else fault.start, fault.end)


def _part_before(text: str, fault: Hit, parts: Sequence[Hit], starts: Sequence[int], earliest: int) -> Hit | None:
    number = bisect_left(starts, fault.start) - 1
    if number < 0:
        return None
    part = parts[number]
    if part.start < earliest or part.end > fault.start:
        return None
    return part if _only_fillers(text, part.end, fault.start) else None


def _only_fillers(text: str, start: int, end: int) -> bool:
    if start == end:
        return True
    if end < start or end - start > words().defects.reach:
        return False
    return _fillers().fullmatch(text, start, end) is not None


def _run_of_parts(text: str, part: Hit, parts: Sequence[Hit], starts: Sequence[int], earliest: int) -> str:
    """The part with those that touch it before: 空调外机."""
    number, start = bisect_left(starts, part.start), part.start
    while number > 0 and parts[number - 1].end == start and parts[number - 1].start >= earliest:
        number -= 1
        start = parts[number].start
    return text[start : part.end]


def _is_denied(text: str, clause_start: int, fault: Hit) -> bool:
    start = max(clause_start, fault.start - words().defects.guard_window)
    return _guards().search(text, start, fault.start) is not None


@cache
def _fillers() -> re.Pattern[str]:
    return re.compile(rf"(?:{lowered(words().defects.fillers)})+")


@cache
def _guards() -> re.Pattern[str]:
    return re.compile(rf"(?:{lowered(words().defects.guards)})(?:有|出现|发现|发生|过)?\Z")
