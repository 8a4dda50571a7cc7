"""Regions in names of respondents, and the city that a shop is known in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from features.regions import regions

FOREIGN = "US-"
SUFFIX = re.compile(r"(特别行政区|(壮族|回族|维吾尔)?自治区|省|市|地区|盟|自治州|自治县|县|区|旗)$")
# Cities that GB/T 2260 lists only to hold the counties of a municipality, or those directly under a province.
HOLDS_DISTRICTS = re.compile(r"^(.+市)(市辖区|县)$")
HOLDS_COUNTIES = re.compile(r"直辖县级行政区划$")
SHORTEST = 2
# Longer names of regions do not stand within the names of companies.
LONGEST_WITHIN = 5
# A short name before one of these is part of a longer name: 上海路, 杭州湾, 上海滩.
LONGER = re.compile(r"[市区县州盟旗镇乡村路街巷道湾滩桥河江湖]|大道|新区")


@dataclass(frozen=True)
class Named:
    """A region at the start of a text: its code, and the words that name it."""

    code: str
    words: str


@cache
def city_of(code: str | None) -> str | None:
    """Code of the city in which a shop at this region is known by its name; None where the region is coarser than that.

    A municipality (直辖市) is one city, by its province code. A county directly under its province is its own. States of
    foreign sources are no cities.
    """
    region = regions().get(code or "")
    if region is None:
        return None
    if region.level == "county":
        above = regions()[region.parent]
        return region.code if HOLDS_COUNTIES.search(above.name) else city_of(above.code)
    if region.level == "city":
        if HOLDS_COUNTIES.search(region.name):
            return None
        return region.parent if HOLDS_DISTRICTS.match(region.name) else region.code
    return region.code if region.code in _undivided() else None


def leading_regions(text: str) -> list[Named]:
    """The regions that a text begins with, coarsest first, each with all the words up to it.

    A name that several regions bear counts only behind the name of a region above it.
    """
    found: list[Named] = []
    end = 0
    while step := _next_region(text, end, found[-1].code if found else None):
        code, end = step
        found.append(Named(code, text[:end]))
    return found


def is_region(text: str) -> bool:
    """Whether the text is a region's full or short name."""
    return text in _by_name()


def region_before(text: str, end: int) -> int | None:
    """Where the longest region name begins that ends at `end`; None where none does."""
    starts = range(max(0, end - _longest()), end - SHORTEST + 1)
    return next((start for start in starts if text[start:end] in _by_name()), None)


def _next_region(text: str, start: int, above: str | None) -> tuple[str, int] | None:
    if text[start : start + SHORTEST] not in _beginnings():
        return None
    for length in range(min(len(text) - start, _longest()), SHORTEST - 1, -1):
        name, end = text[start : start + length], start + length
        codes = _by_name().get(name, ())
        if above is not None:
            codes = tuple(code for code in codes if above in _above(code))
        if len(codes) != 1:
            codes = tuple(code for code in codes if regions()[code].level != "county")[:1]
        if codes and (regions()[codes[0]].name == name or not LONGER.match(text, end)):
            return codes[0], end
    return None


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Codes by full and short name, provinces before cities before counties."""
    names: dict[str, list[str]] = {}
    order = ("province", "city", "county")
    for region in sorted(regions().values(), key=lambda region: (order.index(region.level), region.code)):
        if region.code.startswith(FOREIGN) or HOLDS_DISTRICTS.match(region.name) or HOLDS_COUNTIES.search(region.name):
            continue
        for name in {region.name, SUFFIX.sub("", region.name)}:
            if len(name) >= SHORTEST:
                names.setdefault(name, []).append(region.code)
    return {name: tuple(codes) for name, codes in names.items()}


@cache
def _beginnings() -> frozenset[str]:
    """What names begin with: most texts begin with no region, and need not be looked at further."""
    return frozenset(name[:SHORTEST] for name in _by_name())


@cache
def _longest() -> int:
    return max(map(len, _by_name()))


@cache
def _undivided() -> frozenset[str]:
    """Provinces that are one city: municipalities, and those that no city is listed of."""
    cities = [region for region in regions().values() if region.level == "city"]
    divided = {region.parent for region in cities if not HOLDS_DISTRICTS.match(region.name)}
    provinces = [region.code for region in regions().values() if region.level == "province"]
    return frozenset(code for code in provinces if not code.startswith(FOREIGN)) - divided


@cache
def _above(code: str) -> frozenset[str]:
    """The regions above a region."""
    above = set()
    parent = regions()[code].parent
    while parent:
        above.add(parent)
        parent = regions()[parent].parent
    return frozenset(above)


def is_region_code(text: str) -> bool:
    """Whether the text is a code of the table."""
    return text in regions()


def regions_within(text: str) -> list[tuple[str, str]]:
    """Codes of the cities and provinces that a text names anywhere, each with the text without that name."""
    found = []
    for start in range(len(text) - SHORTEST + 1):
        for end in range(start + SHORTEST, min(len(text), start + LONGEST_WITHIN) + 1):
            codes = _by_name().get(text[start:end], ())
            found += [(code, text[:start] + text[end:]) for code in codes if regions()[code].level != "county"]
    return found
