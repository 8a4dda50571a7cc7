"""Brands and series of cars that a complaint names."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from features.extraction.names import BrandName, Series
from features.extraction.reading import Reading
from features.extraction.vocabulary import Hit
from features.extraction.words import brand_words, lowered

LATIN = re.compile("[a-z]")
TOUCHING = 2
SHORTEST_LATIN = 3


class Named(NamedTuple):
    """A name of a brand or series at `text[start:end]`."""

    name: str
    start: int
    end: int


class Brands(NamedTuple):
    """The brands and the series that a text names, in order of the text."""

    brands: list[Named]
    series: list[Named]


def find_brands(reading: Reading) -> Brands:
    """Brands and series; a series implies its brand. Everyday words need a word of their class near by, or their series."""
    text = reading.text
    own = [hit for hit in reading.of("series") if _is_meant_series(text, hit)]
    told = [hit for hit in reading.of("brand") if hit.meaning]
    codes = reading.of("code")
    if not own and not told and not codes:
        return Brands([], [])
    by_series = {hit.meaning.brand.name for hit in own}
    codes_by_start = {code.start: code for code in codes}
    series = [Named(hit.meaning.name, hit.start, hit.end) for hit in own]
    brands = [Named(hit.meaning.brand.name, hit.start, hit.end) for hit in own]
    for hit in told:
        brand = hit.meaning
        if (
            not brand.common
            or brand.name in by_series
            or _in_context(text, hit, brand)
            or _code_behind(text, hit, codes_by_start)
        ):
            brands.append(Named(brand.name, hit.start, hit.end))
    if codes:
        names = {brand.name for brand in brands}
        names_by_end = {brand.end: brand.name for brand in brands}
        covered = {place for hit in own for place in range(hit.start, hit.end)}
        for hit in codes:
            meant = None if hit.start in covered else _meant(text, hit, names, names_by_end)
            if meant:
                series.append(Named(meant.name, hit.start, hit.end))
                brands.append(Named(meant.brand.name, hit.start, hit.end))
    return Brands(sorted(brands, key=_place), sorted(series, key=_place))


def names_in_order(found: list[Named]) -> tuple[str, ...]:
    """Each name once, in order."""
    return tuple(dict.fromkeys(named.name for named in found))


def _place(named: Named) -> tuple[int, int]:
    return named.start, -named.end


def _is_meant_series(text: str, hit: Hit) -> bool:
    return hit.meaning is not None and (hit.end - hit.start >= SHORTEST_LATIN or not text[hit.start : hit.end].isascii())


def _in_context(text: str, hit: Hit, brand: BrandName) -> bool:
    """Whether a word of the brand's class stands near."""
    reach = brand_words().reach
    context = _contexts()[brand.goods]
    return bool(context.search(text, hit.end, hit.end + reach) or context.search(text, max(0, hit.start - reach), hit.start))


def _code_behind(text: str, brand: Hit, codes_by_start: dict[int, Hit]) -> bool:
    """Whether a code of this brand stands directly behind its name: 理想L9."""
    for start in range(brand.end, brand.end + TOUCHING + 1):
        code = codes_by_start.get(start)
        if code and _touches(text, brand.end, start):
            return any(series.brand.name == brand.meaning.name for series in code.meaning)
    return False


def _meant(text: str, hit: Hit, names: set[str], names_by_end: dict[int, str]) -> Series | None:
    """The series that a code stands for: that of a brand in the text, or the only one that has it among cars."""
    code = text[hit.start : hit.end]
    by_brand: dict[str, Series] = {series.brand.name: series for series in hit.meaning}
    for end in range(hit.start, hit.start - TOUCHING - 1, -1):
        before = names_by_end.get(end)
        if before in by_brand and _touches(text, end, hit.start):
            return by_brand[before]
    if code.isdigit() or not LATIN.search(code) or _not_codes().match(text, hit.end):
        return None
    told: list[Series] = [series for series in hit.meaning if series.brand.name in names]
    if told:
        return told[0]
    rules = brand_words()
    rivals = names & rules.classes[hit.meaning[0].brand.goods].brands.keys()
    if rivals or len(by_brand) > 1 or code.isalpha():
        return None
    year_before = text[max(0, hit.start - 1) : hit.start] == rules.model_year
    if year_before or (len(code) >= rules.shortest_code and _in_context(text, hit, hit.meaning[0].brand)):
        return next(iter(by_brand.values()))
    return None


def _touches(text: str, end: int, start: int) -> bool:
    """Whether nothing but a space, hyphen or 的 stands between two places."""
    return text[end:start].strip(" -的") == ""


@cache
def _contexts() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(lowered(group.context)) for name, group in brand_words().classes.items()}


@cache
def _not_codes() -> re.Pattern[str]:
    return re.compile(lowered(brand_words().not_codes))
