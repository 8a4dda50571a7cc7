"""Where it happened: from a code, a name or an address to a region code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from warehouse.files import reference_rows

UNKNOWN = "unknown"
SUFFIX = re.compile(r"(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市|地区|盟)$")
ADMINISTRATIVE = ("市辖区", "直辖县级行政区划")
SHORTEST_NAME = 2
# A short name before one of these is part of a longer name: 北京路 is no Beijing, 吉林市 not the province.
LONGER_NAME = re.compile(r"[市区县州盟旗镇乡村路街巷道]|大道|新区")


@dataclass(frozen=True)
class Region:
    """A province, city or county."""

    code: str
    name: str
    level: str
    parent: str


@cache
def regions() -> dict[str, Region]:
    """All regions by code."""
    return {row["code"]: Region(**row) for row in reference_rows("regions")}


def region_name(code: str) -> str:
    """The region's name; `未知` for an unknown code."""
    region = regions().get(code)
    return region.name if region else "未知"


def ancestors(code: str | None) -> tuple[str, str]:
    """Province and city codes above (or at) a region; `unknown` where it is none or too coarse."""
    province = city = UNKNOWN
    region = regions().get(code or "")
    while region:
        if region.level == "province":
            province = region.code
        elif region.level == "city":
            city = region.code
        region = regions().get(region.parent)
    return province, city


@lru_cache(maxsize=50_000)
def resolve(text: str) -> str | None:
    """The finest region that a code, a name or an address names, or None.

    A name counts only below the region already found, so that a road called 北京路 in Guangzhou is not Beijing; where no
    province is named, cities are looked for in all of them.
    """
    text = text.strip()
    if text in regions() or f"US-{text}" in regions():
        return text if text in regions() else f"US-{text}"
    found, rest = None, text
    for level in ("province", "city", "county"):
        match = _first_named(rest, level, found)
        if match:
            found, end = match
            rest = rest[end:]
    return found


def _first_named(text: str, level: str, above: str | None) -> tuple[str, int] | None:
    """Region of a level named at the start of the text or right behind its whole name, and where the name ends."""
    for length in range(min(len(text), 12), SHORTEST_NAME - 1, -1):
        for code in _by_name(level).get(text[:length], ()):
            if above is None and level == "county":
                continue
            if regions()[code].name != text[:length] and LONGER_NAME.match(text[length:]):
                continue
            if above is None or above in _line(code):
                return code, length
    return None


def _line(code: str) -> tuple[str, ...]:
    parents = []
    region = regions().get(code)
    while region:
        parents.append(region.code)
        region = regions().get(region.parent)
    return tuple(parents)


@cache
def _by_name(level: str) -> dict[str, list[str]]:
    """Region codes of a level by full and short name; a short name of one character is none."""
    names: dict[str, list[str]] = {}
    for region in regions().values():
        if region.level != level or any(region.name.endswith(word) for word in ADMINISTRATIVE):
            continue
        names.setdefault(region.name, []).append(region.code)
        short = SUFFIX.sub("", region.name)
        if short != region.name and len(short) >= SHORTEST_NAME:
            names.setdefault(short, []).append(region.code)
    return names
