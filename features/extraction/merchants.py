"""Respondents that a text names, by the ends of business names and what stands before them."""

from __future__ import annotations

import re
from functools import cache

from features.extraction.names import brand_spellings
from features.extraction.reading import Reading
from features.extraction.vocabulary import Hit
from features.extraction.words import lowered, words
from features.merchants.places import is_region
from features.merchants.words import words as register_words

SIGNS = r"，,。；;、！!？?：:“”\"'‘’《》<>【】\[\]|…~*#@=+"
NAME = re.compile(rf"[^\s{SIGNS}]+\Z")
SINGLE = re.compile("[店馆]")
OPENING, CLOSING = "(（", ("）", ")")
DEALER = "4s店"
# 惠民大药房 is a name, 惠民县大药房 none.
REGION_LETTERS = "省市县区镇乡"


def find_merchants(reading: Reading) -> tuple[str, ...]:
    """Names in order of the text, each once; kinds of business (超市, 4S店) and words such as 该店 name nobody."""
    slot = reading.slots.get("merchant")
    spans = _ending_in_a_business(reading, slot.end if slot else 0)
    spans.extend(_introduced_names(reading))
    spans.extend(_dealt_with(reading))
    named = [_in_slot(reading, slot.start, slot.end)] if slot else []
    named.extend(reading.spelt(start, end) for start, end in _widest(spans))
    found: list[str] = []
    for name in named:
        if name and not any(known.endswith(name) for known in found):
            found.append(name)
        if len(found) == words().merchants.most:
            break
    return tuple(found)


def _ending_in_a_business(reading: Reading, reached: int) -> list[tuple[int, int]]:
    """Names that end in a kind of business; with the branch that stands right behind: 丰穗家具店平鲁区分店."""
    text, rules = reading.text, words().merchants
    spans: list[tuple[int, int]] = []
    for start, business_end, business in _businesses(reading):
        if start < reached or _not_behind().match(text, business_end - 1):
            continue
        begin = _begin(text, max(reached, start - rules.longest), start)
        closes = text[business_end : business_end + 1] in CLOSING and any(
            bracket in text[begin:business_end] for bracket in OPENING
        )
        end = business_end + closes
        if spans and begin == spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        elif _names_somebody(text[begin:end], text[begin:start], business):
            spans.append((begin, end))
        else:
            continue
        reached = end
    return spans


def _businesses(reading: Reading) -> list[Hit]:
    """The ends of names: the words, and their last characters where these stand alone (张记面馆 ends in 馆)."""
    text, hits = reading.text, reading.of("business")
    if "店" not in text and "馆" not in text:
        return hits
    covered = {place for hit in hits for place in range(hit.start, hit.end)}
    alone = [Hit(match.start(), match.end(), match[0]) for match in SINGLE.finditer(text) if match.start() not in covered]
    return sorted([*hits, *alone])


def _dealt_with(reading: Reading) -> list[tuple[int, int]]:
    """Names that end in a line of business where somebody dealt with them: 在星安热力交了电费."""
    text = reading.text
    spans = []
    for start, end, _ in reading.of("trade"):
        if not _deals().match(text, end):
            continue
        begin = _begin(text, max(0, start - words().merchants.longest), start)
        stem = text[begin:start]
        if not _leads().search(text, max(0, begin - 1), begin) or len(stem) < words().merchants.shortest:
            continue
        if not (_generic_start().match(stem) or _only_sizes().fullmatch(stem) or _never().search(stem) or is_region(stem)):
            spans.append((begin, end))
    return spans


def _introduced_names(reading: Reading) -> list[tuple[int, int]]:
    """Names behind words that announce them: 店铺叫…."""
    rules = words().merchants
    spans = []
    for hit in reading.of("introduced"):
        match = _name().match(reading.text, hit.end)
        name = match[1] if match else ""
        if match and rules.shortest <= len(name) and name not in register_words().nobody and not _never().search(name):
            spans.append(match.span(1))
    return spans


def _widest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


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
    joint = _joints().match(text, begin, start)
    return begin if not joint or any(first <= joint.start() and joint.end() <= last for first, last in kept) else joint.end()


def _names_somebody(name: str, stem: str, end: str) -> bool:
    """Whether something stands before the kind of business that is neither a kind, nor a region or, of car dealers, a brand."""
    rules, register = words().merchants, register_words()
    if len(stem) < rules.shortest or name in rules.generic or name in register.kinds or name in register.nobody:
        return False
    if _generic_start().match(stem) or stem.isdigit() or _only_sizes().fullmatch(stem):
        return False
    if end not in rules.strong_ends and _never().search(stem):
        return False
    if end in rules.weak_ends and len(stem) > rules.weak_longest:
        return False
    if end == DEALER:
        stem = _brands().sub("", stem)
        return len(stem) >= rules.shortest and not is_region(stem)
    return stem[-1] not in REGION_LETTERS or not is_region(stem)


@cache
def _not_behind() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.not_behind))


@cache
def _bounds() -> re.Pattern[str]:
    return re.compile(rf"{lowered(words().merchants.bounds)}|\d[年月日号栋楼]")


@cache
def _deals() -> re.Pattern[str]:
    """A deal, behind a branch in brackets or not."""
    return re.compile(rf"(?:[（(][^）)]{{0,12}}[）)])?(?:{lowered(words().merchants.deals)})")


@cache
def _leads() -> re.Pattern[str]:
    return re.compile(rf"(?:{lowered(words().merchants.leads)})\Z")


@cache
def _joints() -> re.Pattern[str]:
    return re.compile(lowered(words().merchants.joints))


@cache
def _name() -> re.Pattern[str]:
    rules = words().merchants
    name = rf"[^\s{SIGNS}]{{{rules.shortest},{rules.longest}}}"
    return re.compile(rf"[：:“\"]?({name})(?=[{SIGNS}\s]|\Z)")


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
