"""How people write regions: every name that is known, and what it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from features.regions.table import LEVELS, Region, lines, regions
from warehouse.files import reference_rows, reference_yaml

SHORTEST = 2
# The code list gives zones without a place of their own in GB/T 2260 the last digits 71 to 79.
ZONE_CODES = range(71, 80)
FOREIGN = "美国"
# Ranks of meanings: a region's own name goes before another name of it, both before a short name of a province (then of a city,
# then of a county), and all before what is short for a former name.
OWN, OTHER, SHORT = 0, 1, 2
FORMER_SHORT = SHORT + len(LEVELS)


class Basis(StrEnum):
    """What a region was recognised by."""

    CODE = "code"
    NAME = "full name"
    ALONE = "county without its city"
    RENAMED = "renamed"
    ZONE = "development zone"
    SHORT = "short name"
    COARSER = "ambiguous, hence coarser"


class Meaning(NamedTuple):
    """A region that a name may mean.

    Attributes:
        code: the region.
        rank: of several meanings those with the lowest rank hold.
        basis: what kind of name it is.
        scope: a region within which this is so, where it now lies outside; else empty.
        dependent: the name says nothing without a place above it, such as 城区.
    """

    code: str
    rank: int
    basis: Basis
    scope: str = ""
    dependent: bool = False


class Name(NamedTuple):
    """A spelling, what it may mean, and whether it shows what kind of region it is (市, 区, 高新区 ...)."""

    text: str
    meanings: tuple[Meaning, ...]
    telling: bool


@cache
def names() -> dict[str, Name]:
    """All spellings by themselves."""
    meanings: dict[str, dict[tuple[str, str], Meaning]] = {}
    telling: set[str] = set()
    for text, meaning, tells in (*_of_regions(), *_of_aliases()):
        known = meanings.setdefault(text, {})
        place = (meaning.code, meaning.scope)
        known[place] = min(known.get(place, meaning), meaning, key=_rank)
        if tells:
            telling.add(text)
    return {text: Name(text, tuple(sorted(known.values(), key=_rank)), text in telling) for text, known in meanings.items()}


@cache
def lengths() -> dict[str, tuple[int, ...]]:
    """By two characters: how long the names are that begin so, the longest first."""
    found: dict[str, set[int]] = {}
    for text in names():
        found.setdefault(text[:SHORTEST], set()).add(len(text))
    return {head: tuple(sorted(those, reverse=True)) for head, those in found.items()}


def _rank(meaning: Meaning) -> int:
    return meaning.rank


def words() -> Any:
    """The reviewed words that names are read by."""
    return reference_yaml("region_words")


def _of_regions() -> Iterator[tuple[str, Meaning, bool]]:
    generic, doubtful = words()["generic"], words()["doubtful"]
    for region in regions().values():
        code = region.code
        if _is_zone(region):
            yield from _zone_names(region.name, code, code)
            continue
        yield region.name, Meaning(code, OWN, Basis.NAME, dependent=region.name in generic), True
        if region.is_holder:
            continue
        if code.startswith("US-"):
            yield region.name.removeprefix(FOREIGN), Meaning(code, OTHER, Basis.SHORT), True
            continue
        plain, short = short_names(region)
        if plain:
            yield plain, Meaning(code, OTHER, Basis.SHORT), True
        if short:
            level = "county" if short in doubtful else region.level
            yield short, Meaning(code, SHORT + LEVELS.index(level), Basis.SHORT), False


def short_names(region: Region) -> tuple[str | None, str | None]:
    """A name without nationalities but with its kind (恩施州), and the bare one (恩施, 西湖); None where that is no other."""
    stem, ending = _divided(region.name, region.level)
    bare = stem if region.level == "province" else _nationalities().sub("", stem) or stem.removesuffix("族")
    plain = bare + words()["plain"].get(ending, ending)
    banner = ending.endswith("旗") and bare.endswith(tuple(words()["not_alone"]))
    is_short = bare != region.name and len(bare) >= SHORTEST and not banner
    return (plain if plain != region.name else None), (bare if is_short else None)


def _divided(name: str, level: str) -> tuple[str, str]:
    for ending in words()["endings"][level]:
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending), ending
    return name, ""


@cache
def _nationalities() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(words()['nationalities'])})+$")


def _of_aliases() -> Iterator[tuple[str, Meaning, bool]]:
    generic, kinds = words()["generic"], tuple(words()["short_kinds"])
    for row in reference_rows("region_aliases"):
        kind, name, scope = row["kind"], row["name"], row["scope"]
        if kind == "recoded":
            continue
        for code in row["code"].split():
            if kind == "zone":
                yield from _zone_names(name, code, scope)
                continue
            outside = scope if scope not in lines()[code] else ""
            dependent = kind == "street" or name in generic
            if kind != "short":
                yield name, Meaning(code, OTHER, Basis.RENAMED, outside, dependent), True
                yield from _former_short_names(name, Meaning(code, FORMER_SHORT, Basis.RENAMED, outside, dependent))
            elif name.endswith(kinds):
                yield name, Meaning(code, OTHER, Basis.SHORT, outside), len(name) > SHORTEST
            else:
                yield name, Meaning(code, SHORT + len(lines()[code]) - 1, Basis.SHORT, outside), False


def _former_short_names(name: str, meaning: Meaning) -> Iterator[tuple[str, Meaning, bool]]:
    level = regions()[meaning.code].level
    plain, short = short_names(Region(meaning.code, name, level, ""))
    if plain:
        yield plain, meaning._replace(rank=OTHER), True
    if short:
        # 江东 without 宁波 is hardly meant to be a district that is no more.
        yield short, meaning._replace(dependent=meaning.dependent or level == "county"), False


def _is_zone(region: Region) -> bool:
    return region.level == "county" and region.code.isdigit() and int(region.code[4:]) in ZONE_CODES


def _zone_names(name: str, code: str, scope: str) -> Iterator[tuple[str, Meaning, bool]]:
    """The zone's own name, and what is left of it behind the name of the place that it lies in."""
    yield name, Meaning(code, OWN, Basis.ZONE), True
    rest = name
    for above in lines()[scope]:
        short = short_names(regions()[above])[1]
        if short:
            rest = re.sub(rf"^{short}[省市]?", "", rest)
    for variant in sorted({*_variants(rest), *_variants(name)} - {name}):
        yield variant, Meaning(code, OTHER, Basis.ZONE, dependent=not variant.startswith(name[:SHORTEST])), True


def _variants(zone: str) -> list[str]:
    """The zone's name with its kind in all the words for it; a name of one character is none."""
    for kinds in words()["zones"]:
        for kind in kinds:
            if zone.endswith(kind):
                return [zone.removesuffix(kind) + other for other in kinds]
    return [zone] if len(zone) >= SHORTEST else []
