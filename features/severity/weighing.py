"""What a harm weighs in its surroundings: who was hurt, how many, and by what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from features.severity.context import Context
from features.severity.guards import RISK
from features.severity.patterns import any_of
from features.severity.words import Setting, words

WORST = 4


def weight(term: str, context: Context, effect: str | None) -> int:
    """The level of a term in its surroundings."""
    lexicon = words()
    level = _levels()[term]
    for setting, near, unless in _settings().get(term, ()):
        around = context.clause if setting.within == "clause" else context.sentence
        if near.search(around) and not unless.search(around):
            level = setting.level
    if effect == RISK:
        return lexicon.risk.get(level, 0)
    if term in lexicon.harms and 1 < level < WORST:
        level += _lift(context)
    return min(level, WORST)


def _lift(context: Context) -> int:
    """Levels that a harm to people gains by who, and how many, were hurt."""
    people = _people()
    told = context.clause if people.speaker.search(context.clause) else context.sentence
    lifts = [lift for lift, several in people.several.items() if several.search(told)]
    if people.vulnerable.search(people.things.sub("", told)):
        lifts.append(words().vulnerable_lifts)
    return max(lifts, default=0)


@cache
def _levels() -> dict[str, int]:
    return words().by_term()


@cache
def _settings() -> dict[str, list[tuple[Setting, re.Pattern[str], re.Pattern[str]]]]:
    """Settings by the terms that they bear on."""
    found: dict[str, list[tuple[Setting, re.Pattern[str], re.Pattern[str]]]] = {}
    for setting in words().settings:
        for term in setting.terms:
            found.setdefault(term, []).append((setting, re.compile(setting.near), re.compile(setting.unless)))
    return found


@dataclass(frozen=True)
class _People:
    """Whom harm weighs more on; `things` are names of what is made for them."""

    vulnerable: re.Pattern[str]
    things: re.Pattern[str]
    several: dict[int, re.Pattern[str]]
    speaker: re.Pattern[str]


@cache
def _people() -> _People:
    lexicon = words()
    return _People(
        re.compile(any_of(lexicon.vulnerable)),
        re.compile(any_of(lexicon.not_vulnerable)),
        {lift: re.compile(any_of(patterns)) for lift, patterns in lexicon.several.items()},
        re.compile(any_of(lexicon.speaker)),
    )
