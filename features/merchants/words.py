"""The reviewed words that names of respondents are read by, as a typed record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Annotated

from pydantic import Field

from warehouse.contracts import Strict
from warehouse.files import reference_version, reference_yaml

FILE = "merchants"


class LegalForms(Strict):
    """See `merchants.yml`."""

    dropped: list[str]
    individual: list[str]
    loose: list[str]
    kept: list[str]
    latin: list[str]


class BranchWords(Strict):
    """See `merchants.yml`."""

    company: list[str]
    shop: list[str]
    bracket: list[str]
    named: list[str]
    landmarks: list[str]


class Platforms(Strict):
    """Words by platform; see `merchants.yml`."""

    market: dict[str, list[str]]
    booking: dict[str, list[str]]

    @cached_property
    def by_word(self) -> dict[str, str]:
        """The platform that a word names."""
        named = {**self.market, **self.booking}
        return {word: platform for platform, words in named.items() for word in (platform, *words)}


class ShopEnds(Strict):
    """Spellings by the word that they are counted under; see `merchants.yml`."""

    online: dict[str, list[str]]
    either: dict[str, list[str]]

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """The word that a spelling is counted under."""
        ends = {**self.online, **self.either}
        return {spelling: end for end, spellings in ends.items() for spelling in spellings}


class CandidateRules(Strict):
    """See `merchants.yml`."""

    prior: dict[str, Annotated[float, Field(gt=0, lt=1)]]
    strength: Annotated[float, Field(gt=0)]
    least_score: Annotated[float, Field(ge=0, le=1)]
    common: Annotated[int, Field(ge=2)]
    trade_words: list[str]
    homophones: list[str]

    @cached_property
    def alike_sounding(self) -> dict[str, frozenset[str]]:
        """Per character those that sound alike; a character with several readings has those of each."""
        alike: dict[str, frozenset[str]] = {}
        for group in self.homophones:
            for character in group:
                alike[character] = alike.get(character, frozenset()) | frozenset(group)
        return alike


class MerchantWords(Strict):
    """`merchants.yml`; see there for what each entry means."""

    version: int
    code_share: Annotated[float, Field(gt=0.5, le=1)]
    national_cities: Annotated[int, Field(ge=2)]
    nobody: frozenset[str]
    kinds: frozenset[str]
    doubts: list[str]
    headings: list[str]
    remarks: list[str]
    legal_forms: LegalForms
    branch: BranchWords
    platforms: Platforms
    platform_links: list[str]
    shop_ends: ShopEnds
    candidates: CandidateRules


@cache
def words() -> MerchantWords:
    """The words in force."""
    return MerchantWords.model_validate(reference_yaml(FILE))


def words_version() -> str:
    """Changes whenever a file does that names are read by."""
    return reference_version(f"{FILE}.yml", "regions.csv")


def one_of(options: Iterable[str]) -> str:
    """A pattern that matches any of the options, the longest first."""
    return "|".join(map(re.escape, sorted(set(options), key=lambda option: (-len(option), option))))
