"""How many people a complaint tells to be injured."""

from __future__ import annotations

import re
from functools import cache

from features.extraction.numerals import chinese_number
from features.extraction.reading import Reading
from features.extraction.words import lowered, words

FAMILY = "二两三四五六七八九2-9"
NUMBER = r"\d{1,3}|[一二两三四五六七八九十百]{1,4}"


def find_injured(reading: Reading) -> int | None:
    """The number of injured people as told: 0 where the text denies it, None where it tells nothing or no number.

    A harm told of one person without a number (孩子被烫伤) is one. Of several numbers the largest counts, or the sum of those
    that are counted together (1名儿童和2名老人受伤).
    """
    text, rules = reading.text, words().injured
    denied = _denials().search(text) is not None
    counts: list[int] = []
    for harm in _harm().finditer(text):
        clause_start, clause_end = reading.clause(harm.start())
        before = text[max(clause_start, harm.start() - rules.reach) : harm.start()]
        if _guards().search(text, max(clause_start, harm.start() - rules.guard_window), harm.start()):
            continue
        if _supposed().search(before) or any(animal in before for animal in rules.animals):
            continue
        counted = [_number(match[1]) for match in _counted().finditer(before)]
        behind = _counted().search(text, harm.end(), min(clause_end, harm.end() + rules.behind))
        if behind:
            counted.append(_number(behind[1]))
        known = [number for number in counted if number]
        if known:
            counts.append(sum(known))
        elif _several().search(before):
            continue
        elif (
            _person().search(before)
            or _person().search(text, harm.end(), min(clause_end, harm.end() + rules.behind))
            or (harm[0] not in rules.weak and _person_near(reading, harm.start()))
        ):
            counts.append(1)
    within = [count for count in counts if count <= rules.most]
    if within:
        return max(within)
    return 0 if denied else None


def _number(written: str) -> int | None:
    value = int(written) if written.isdigit() else chinese_number(written)
    return int(value) if value is not None else None


def _person_near(reading: Reading, place: int) -> bool:
    number = reading.clause_number(place)
    if number == 0 or reading.ends_sentence(number - 1):
        return False
    start, end = reading.clauses[number - 1]
    return _person().search(reading.text, start, end) is not None


@cache
def _harm() -> re.Pattern[str]:
    return re.compile(lowered(words().injured.harm))


@cache
def _denials() -> re.Pattern[str]:
    return re.compile(lowered(words().injured.denials))


@cache
def _guards() -> re.Pattern[str]:
    return re.compile(lowered(words().injured.guards))


@cache
def _supposed() -> re.Pattern[str]:
    return re.compile(lowered(words().injured.supposed))


@cache
def _counted() -> re.Pattern[str]:
    return re.compile(rf"(?:一?家)?({NUMBER})(?:余?多?(?:{lowered(words().injured.counters)})|(?<=家[{FAMILY}])口)")


@cache
def _several() -> re.Pattern[str]:
    return re.compile(lowered(words().injured.several))


@cache
def _person() -> re.Pattern[str]:
    return re.compile(lowered(words().injured.persons))
