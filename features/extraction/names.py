"""How `brands.yml` spells brands, series and codes, as words to look for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from features.extraction.vocabulary import Word
from features.extraction.words import brand_words

RUNS = re.compile(r"[\x21-\x2c\x2f-\x7e]+|[^\x00-\x7f]+")
# Between the parts of a name.
APART, JOINED = ("", " ", "-", "."), ("", " ")


@dataclass(frozen=True)
class BrandName:
    """A brand, its class, and whether its name is an everyday word."""

    name: str
    goods: str
    common: bool


@dataclass(frozen=True)
class Series:
    """A series of a brand; `needs_brand` where its name alone says too little."""

    name: str
    brand: BrandName
    needs_brand: bool


def spellings(name: str) -> set[str]:
    """A name in lower case with nothing, a space or a hyphen between its parts: `瑞虎8 plus`, `瑞虎 8plus`."""
    name = name.lower()
    runs = [match.span() for match in RUNS.finditer(name)]
    if len(runs) == 1 or not runs:
        return {name}
    pieces = [name[start:end] for start, end in runs]
    between = [APART if end < start else JOINED for (_, end), (start, _) in itertools.pairwise(runs)]
    return {name} | {
        "".join(itertools.chain.from_iterable(zip(pieces, (*joins, ""), strict=True))) for joins in itertools.product(*between)
    }


def brand_lexicon() -> Iterator[Word]:
    """The words of the kinds `brand`, `series` and `code`."""
    for word in brand_words().homonyms:
        yield Word(word.lower(), "brand")
    for spelling, brand in brand_spellings().items():
        yield Word(spelling, "brand", brand)
    codes: dict[str, tuple[Series, ...]] = {}
    for series in _series():
        for spelling in series[1]:
            if series[0].needs_brand:
                codes[spelling] = (*codes.get(spelling, ()), series[0])
            else:
                yield Word(spelling, "series", series[0])
    yield from (Word(spelling, "code", found) for spelling, found in codes.items() if len(spelling) > 1)


@cache
def brand_spellings() -> dict[str, BrandName]:
    """The brand of every spelling in lower case."""
    found: dict[str, BrandName] = {}
    for goods, group in brand_words().classes.items():
        for name, entry in group.brands.items():
            brand = BrandName(name, goods, common=False)
            for spelling in itertools.chain.from_iterable(map(spellings, entry.also)):
                found.setdefault(spelling, brand)
            for spelling in spellings(name) if entry.alone else ():
                found.setdefault(spelling, BrandName(name, goods, entry.common))
    return found


def _series() -> Iterator[tuple[Series, set[str]]]:
    for goods, group in brand_words().classes.items():
        for name, entry in group.brands.items():
            brand = BrandName(name, goods, entry.common)
            for needs_brand, listed in ((False, entry.series), (True, entry.codes)):
                for notation in listed:
                    canonical, *others = notation.split("=")
                    told = f"{name}{canonical}" if needs_brand and not canonical.startswith(name) else canonical
                    found = set(itertools.chain.from_iterable(map(spellings, (canonical, *others))))
                    yield Series(told, brand, needs_brand), found
