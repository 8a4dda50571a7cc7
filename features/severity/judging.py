"""The severity of one complaint, from its text and the register's fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from features.severity.context import Surroundings
from features.severity.guards import VOID, effect_on, is_denied
from features.severity.patterns import any_of
from features.severity.scanning import Hit, hits
from features.severity.weighing import weight
from features.severity.words import Basis, words
from features.synonyms import canonical, normalise

LONGEST_JOINT = 6
PARTICLE = "了"
# Letters and digits in full width. Punctuation is known in both widths, so that most texts need no normalising.
WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
DEATHS, INJURIES, FIRE = "死亡人数", "受伤人数", "起火"


@dataclass(frozen=True)
class Severity:
    """Level 0 (none) to 4 (death, mass harm), the terms that set it, and the handling priority P1 to P4.

    `basis` tells whether the register's fields or the text's words set the level, `confidence` the share of such verdicts that
    were right when measured. `urgent` are words for the duty officer (threats of suicide, gatherings): they may raise the
    priority, never the level. `denied` are harms that the text names only to take them back.
    """

    level: int
    terms: tuple[str, ...]
    priority: str
    basis: Basis = "none"
    confidence: float = 0.0
    urgent: tuple[str, ...] = ()
    denied: frozenset[str] = frozenset()


def judge_severity(
    text: str, injured: int | None = None, dead: int | None = None, fire: bool | None = None, safety: Iterable[str] = ()
) -> Severity:
    """The severity of a complaint.

    Args:
        text: what was complained of; any width and case.
        injured: people hurt, as registered.
        dead: people killed, as registered.
        fire: whether a fire was registered.
        safety: what the register says of injuries and product safety in words: 重伤, 食物中毒.
    """
    registered = dict(_registered(injured, dead, fire)) if injured or dead or fire else {}
    for said in safety:
        _raise(registered, _judged(said)[0])
    found, urgent, denied = _judged(text)
    if not found and not registered and not urgent and not denied:
        return _nothing()
    basis: Basis = "field" if max(registered.values(), default=0) >= max(found.values(), default=1) else "lexicon"
    _raise(found, registered)
    level = max(found.values(), default=0)
    if not level:
        basis = "none"
    lexicon = words()
    return Severity(
        level,
        tuple(term for term, at in found.items() if at == level),
        min(lexicon.priorities[level], *urgent.values()) if urgent else lexicon.priorities[level],
        basis,
        lexicon.confidence[basis].get(level, 0.0),
        tuple(urgent),
        denied,
    )


@cache
def _nothing() -> Severity:
    """The verdict on most complaints."""
    lexicon = words()
    return Severity(0, (), lexicon.priorities[0], "none", lexicon.confidence["none"][0])


def _registered(injured: int | None, dead: int | None, fire: bool | None) -> Iterator[tuple[str, int]]:
    fields = words().fields
    for term, count, levels in ((DEATHS, dead, fields.dead), (INJURIES, injured, fields.injured)):
        reached = [level for least, level in levels.items() if count is not None and count >= least]
        if reached:
            yield term, max(reached)
    if fire:
        yield FIRE, fields.fire


def _judged(text: str) -> tuple[dict[str, int], dict[str, str], frozenset[str]]:
    """Levels by term and priorities by urgent word that a text gives, and the terms that it only denies."""
    levels: dict[str, int] = {}
    urgent: dict[str, str] = {}
    denied: set[str] = set()
    text = _plain(text)
    around = None
    for chain in _chains(text):
        around = around or Surroundings(text)
        context = around.of(chain[0].start, max(hit.end for hit in chain))
        harms = [hit for hit in chain if hit.urgent is None]
        for hit in chain:
            if hit.urgent and not is_denied(context):
                urgent[hit.term] = hit.urgent
        effect = effect_on(context) if harms else None
        for term in {hit.term: None for hit in harms}:
            if effect == VOID:
                denied.add(canonical(term))
            else:
                _raise(levels, {canonical(term): weight(term, context, effect)})
    return {term: level for term, level in levels.items() if level}, urgent, frozenset(denied - levels.keys())


def _plain(text: str) -> str:
    """The text in one width and case, with one final particle."""
    text = normalise(text) if WIDE.search(text) else text.lower()
    for particle in words().particles:
        text = text.replace(particle, PARTICLE)
    return text


def _chains(text: str) -> Iterator[list[Hit]]:
    """Hits that overlap, or that only words such as 和 and 、 stand between: they are meant alike."""
    chain: list[Hit] = []
    joined = _joined()
    end = 0
    for hit in hits(text):
        if chain and hit.start > end and (hit.start > end + LONGEST_JOINT or not joined.fullmatch(text, end, hit.start)):
            yield chain
            chain, end = [], 0
        chain.append(hit)
        end = max(end, hit.end)
    if chain:
        yield chain


def _raise(levels: dict[str, int], more: dict[str, int]) -> None:
    for term, level in more.items():
        levels[term] = max(level, levels.get(term, 0))


@cache
def _joined() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words().joiners)})+")
