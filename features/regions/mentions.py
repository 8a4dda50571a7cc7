"""Places within running text, where most short names are roads, dishes, brands and companies."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from features.regions.chain import COUNTY, Chain, Resolution, depth, follow, meet, resolution
from features.regions.grammar import HAN, grammar
from features.regions.spellings import SHORTEST, Basis, lengths
from features.regions.table import in_common

LONGEST_LEAD = 8
# 市南区 within 城市南区.
CITY_LETTER = "市"


class Mention(NamedTuple):
    """A place named in a text, and whether a word such as 在 announces it."""

    chain: Chain
    led: bool

    @property
    def is_firm(self) -> bool:
        """Whether it says both that something happened there and what kind of region it is."""
        return self.led and self.chain.telling


def find_region(text: str) -> Resolution | None:
    """The region that running text names, and how; None if it names none, or several that exclude each other.

    Only names that show their kind count (杭州市, 西湖区, 杭州高新区, 杭州西湖区), and short ones behind 在, 位于 and such; not
    what is part of a road, a school, a dish, a brand or a company's name. Announced whole names go before all others; of places
    on one line the finest is taken, of others what they have in common.
    """
    return mentioned(unicodedata.normalize("NFKC", text))


def mentioned(text: str) -> Resolution | None:
    """As `find_region`, of a text whose characters are normalised."""
    found = list(mentions(text))
    firm = [mention.chain for mention in found if mention.is_firm]
    others = [mention.chain for mention in found if not mention.is_firm]
    leading, following = (firm, others) if firm else (others, [])
    if not leading:
        return None
    merged = leading[0]
    for chain in leading[1:]:
        together = _both(merged, chain)
        if not together:
            return _shared(leading)
        merged = together
    for chain in following:
        merged = _both(merged, chain) or merged
    return resolution(merged)


def mentions(text: str, start: int = 0) -> Iterator[Mention]:
    """The places that the text names from `start` on."""
    heads, around = lengths(), grammar()
    position = start
    while position < len(text) - 1:
        if text[position : position + SHORTEST] in heads and not _splits_a_word(text, position):
            chain = follow(text, Chain(None, position))
            led = around.lead.search(text[max(0, position - LONGEST_LEAD) : position]) is not None
            if chain.names and (chain.telling or led) and not _is_company(text, chain, led):
                yield Mention(chain, led)
                position = chain.end
                continue
        position += 1


def _is_company(text: str, chain: Chain, led: bool) -> bool:
    """Whether the place only begins a company's name; one told down to the county, or announced, is meant."""
    meant = chain.telling and (led or depth(chain.meanings) == COUNTY)
    return not meant and grammar().company.match(text, chain.end) is not None


def _splits_a_word(text: str, position: int) -> bool:
    return text[position] == CITY_LETTER and position > 0 and HAN.match(text[position - 1]) is not None


def _both(one: Chain, other: Chain) -> Chain | None:
    met = meet(one.meanings or {}, other.meanings or {})
    return one._replace(meanings=met, above=one.meanings) if met else None


def _shared(chains: list[Chain]) -> Resolution | None:
    chosen_codes = [found.code for found in map(resolution, chains) if found]
    code = in_common(chosen_codes) if len(chosen_codes) == len(chains) else None
    return Resolution(code, Basis.COARSER) if code else None
