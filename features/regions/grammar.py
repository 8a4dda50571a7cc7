"""Around names: what joins two levels, what makes a name part of a longer word, what announces a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from features.regions.spellings import words

JOINTS = r"[\s,，、/\\|>·:：()（）\[\]【】_—–－-]"
HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Grammar:
    """What is looked at around names.

    Attributes:
        between: what may stand between two levels; matches always, also nothing.
        city_zone: a development zone behind a city's name.
        longer_words: by the last character of a whole name, what must not follow it.
        longer_names, not_places: what must not follow a short name.
        not_names: words that only begin like a short name.
        place_goes_on: what may follow a county's short name: nothing, a joint, a street or town.
        lead: announces a place at the end of what stands before it.
        company: the rest of a company's name.
    """

    between: re.Pattern[str]
    city_zone: re.Pattern[str]
    longer_words: dict[str, tuple[str, ...]]
    longer_names: re.Pattern[str]
    not_places: tuple[str, ...]
    not_names: tuple[str, ...]
    place_goes_on: re.Pattern[str]
    lead: re.Pattern[str]
    company: re.Pattern[str]


@cache
def grammar() -> Grammar:
    """The grammar that `region_words.yml` describes."""
    given = words()
    zones = [kind for kinds in given["zones"] for kind in kinds] + given["zone_kinds"]
    return Grammar(
        between=re.compile(f"{JOINTS}*(?:(?:{_any(given['fillers'])}){JOINTS}*)*"),
        city_zone=re.compile(f"(?:(?!的){HAN.pattern}){{0,3}}?(?:{_any(zones)})"),
        longer_words={last: tuple(following) for last, following in given["longer_words"].items()},
        longer_names=re.compile(given["longer_names"]),
        not_places=tuple(given["not_places"]),
        not_names=tuple(given["not_names"]),
        place_goes_on=re.compile(rf"$|(?!{HAN.pattern})|{HAN.pattern}{{1,4}}?(?:{_any(given['localities'])})"),
        lead=re.compile(rf"(?:{_any(given['leads'])}){JOINTS}*$"),
        company=re.compile(f"(?:(?![{given['no_company']}])[\\w()（）]){{0,25}}?(?:{_any(given['companies'])})"),
    )


def _any(those: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(those, key=len, reverse=True)))
