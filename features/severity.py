"""How bad it is: words that name harm, unless they are denied, feared or mean something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from warehouse.files import reference_yaml

CLAUSE = re.compile(r"[，。；！？,;!?\n]+")
SEVERE = 3
MANY_INJURED = 3


@dataclass(frozen=True)
class Severity:
    """Level 0 (none) to 4 (death, mass harm), what set it, and the handling priority P1 to P4."""

    level: int
    terms: tuple[str, ...]
    priority: str


def judge_severity(text: str, injured: int | None = None, dead: int | None = None, fire: bool | None = None) -> Severity:
    """The severity of a complaint from its text and its safety fields."""
    rules = _rules()
    found: dict[str, int] = {}
    for clause in CLAUSE.split(text):
        for term, level in _in_clause(clause, rules).items():
            found[term] = max(level, found.get(term, 0))
    if dead:
        found["死亡人数"] = 4
    if injured:
        found["受伤人数"] = 4 if injured >= MANY_INJURED else SEVERE
    if fire:
        found["起火"] = max(SEVERE, found.get("起火", 0))
    level = max(found.values(), default=0)
    return Severity(level, tuple(term for term, at in found.items() if at == level), rules.priorities[level])


@dataclass(frozen=True)
class _Rules:
    levels: dict[str, int]
    words: re.Pattern[str]
    homonyms: re.Pattern[str]
    boosters: re.Pattern[str]
    guarded: re.Pattern[str]
    priorities: dict[int, str]


@cache
def _rules() -> _Rules:
    lexicon = reference_yaml("severity")
    levels = {word: level for level, words in lexicon["levels"].items() for word in words}
    return _Rules(
        levels=levels,
        words=_any_of(levels),
        homonyms=_any_of(lexicon["homonyms"]),
        boosters=_any_of(lexicon["boosters"]),
        guarded=re.compile(f"(?:{_any_of(lexicon['guards']).pattern}).{{0,{lexicon['guard_window']}}}$"),
        priorities=lexicon["priorities"],
    )


def _any_of(words: list[str] | dict[str, int]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _in_clause(clause: str, rules: _Rules) -> dict[str, int]:
    clause = rules.homonyms.sub("　", clause)
    found = {}
    for match in rules.words.finditer(clause):
        if not rules.guarded.search(clause[: match.start()]):
            found[match.group()] = rules.levels[match.group()]
    if found and rules.boosters.search(clause):
        found = {term: level + 1 if level in (2, 3) else level for term, level in found.items()}
    return found
