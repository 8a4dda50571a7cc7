"""Respondents that a text names, by the ends of business names and what stands before them."""

from __future__ import annotations

import re
from functools import cache

from features.extraction.names import brand_spellings
from features.extraction.reading import Reading
from features.extraction.words import lowered, words
from features.merchants.places import is_region
from features.merchants.words import words as register_words

NAME = re.compile(r"[^\s，,。；;、！!？?：:“”\"'‘’《》<>【】\[\]|…~*#@=+]+\Z")
DEALER = "4s店"
# 惠民大药房 is a name, 惠民县大药房 none.
REGION_LETTERS = "省市县区镇乡"


def find_merchants(reading: Reading) -> tuple[str, ...]:
    """Names in order of the text, each once; kinds of business (超市, 4S店) and words such as 该店 name nobody."""
    found: dict[str, None] = {}
    slot = reading.slots.get("merchant")
    if slot and (name := _in_slot(reading, slot.start, slot.end)):
        found[name] = None
    text, rules = reading.text, words().merchants
    reached = slot.end if slot else 0
    for match in _ends().finditer(text):
        start, end = match.span()
        if len(found) == rules.most:
            break
        if start < reached or _not_behind().match(text, end):
            continue
        begin = _begin(text, max(reached, start - rules.longest), start)
        name = text[begin:end]
        if _names_somebody(name, text[begin:start], match[0]) and not any(known.lower().endswith(name) for known in found):
            found[reading.spelt(begin, end)] = None
            reached = end
    return tuple(found)


def _in_slot(reading: Reading, start: int, end: int) -> str | None:
    field = reading.spelt(start, end) if start < end else ""
    name = re.split(r"[，,。；;\n]", field, maxsplit=1)[0].strip()
    if not name or set(name) <= set("*xX-—/ ") or name in register_words().nobody or len(name) > 2 * words().merchants.longest:
        return None
    return name


def _begin(text: str, earliest: int, start: int) -> int:
    """Where the name begins that ends in the business at `start`: behind the last word that bounds it."""
    run = NAME.search(text, earliest, start)
    if not run:
        return start
    begin = run.start()
    kept = [match.span() for match in _kept().finditer(text, begin, min(len(text), start + 2))]
    for match in _bounds().finditer(text, begin, start):
        if not any(first <= match.start() and match.end() <= last for first, last in kept):
            begin = match.end()
    return begin


def _names_somebody(name: str, stem: str, end: str) -> bool:
    """Whether something stands before the kind of business that is neither a kind, nor a region or, of car dealers, a brand."""
    rules, register = words().merchants, register_words()
    if len(stem) < rules.shortest or name in rules.generic or name in register.kinds or name in register.nobody:
        return False
    if _generic_start().match(stem) or stem.isdigit() or _only_sizes().fullmatch(stem):
        return False
    if end in rules.weak_ends and (len(stem) > rules.weak_longest or _never().search(stem)):
        return False
    if end == DEALER:
        stem = _brands().sub("", stem)
        return len(stem) >= rules.shortest and not is_region(stem)
    return stem[-1] not in REGION_LETTERS or not is_region(stem)


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.ends))


@cache
def _not_behind() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.not_behind))


@cache
def _bounds() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.bounds))


@cache
def _kept() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.kept))


@cache
def _generic_start() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.generic_starts))


@cache
def _never() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.never))


@cache
def _only_sizes() -> re.Pattern[str]:
    kinds = [kind for kind in register_words().kinds if len(kind) > 1]
    return re.compile(rf"(?:{lowered([*words().merchants.sizes, *kinds])})+")


@cache
def _brands() -> re.Pattern[str]:
    return re.compile(lowered(brand_spellings()))
