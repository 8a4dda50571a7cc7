"""A place field to the region that it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from features.regions.chain import COUNTY, Chain, Resolution, depth, follow, meet, resolution
from features.regions.grammar import grammar
from features.regions.mentions import mentioned, mentions
from features.regions.spellings import OWN, Basis, Meaning
from features.regions.table import in_common, lines, regions
from warehouse.files import reference_rows

# Codes of counties, streets and villages, at the beginning of a place.
CODE = re.compile(r"(\d{12}|\d{9}|\d{6})(?!\d)")
COUNTY_DIGITS = 6
NATION = re.compile(r"(?:中华人民共和国|中国)?")
SPACE = re.compile(r"\s+")
REMEMBERED = 50_000


def resolve(place: str) -> str | None:
    """The code of the region that a place field names; None if it names none, or several alike."""
    found = resolve_region(place)
    return found.code if found else None


@lru_cache(maxsize=REMEMBERED)
def resolve_region(place: str) -> Resolution | None:
    """The finest region that a code, a name or an address names, and how.

    Takes codes of GB/T 2260 (6 digits, also abolished ones), of streets and villages (9, 12) and of US states (`CA`, `US-CA`);
    whole, short, former and customary names, with levels left out, joined by spaces or signs; development zones. A name counts
    only below those before it, so that 北京路 in Guangzhou is not Beijing. Where several regions are meant alike, the answer is
    what they have in common, if that is anything.
    """
    text = unicodedata.normalize("NFKC", place).strip()
    state = text if text.startswith("US-") else f"US-{text}"
    if state in regions():
        return Resolution(state, Basis.CODE)
    code = CODE.match(text)
    if not code:
        return _named(text, None)
    region, rest = _by_digits(code[1]), text[code.end() :]
    found = _named(rest, None)
    # Six digits may be a postcode: an address that lies elsewhere goes before them.
    if not region or (found and found.code not in lines()[region] and region not in lines()[found.code]):
        return found
    return _named(rest, {region: Meaning(region, OWN, Basis.CODE)}) or Resolution(region, Basis.CODE)


def _named(text: str, known: Mapping[str, Meaning] | None) -> Resolution | None:
    """What the names say; with the spaces taken out, where those stand within names."""
    found = _spelt(text, known)
    joined = SPACE.sub("", text)
    if joined == text or (found and len(lines()[found.code]) == COUNTY):
        return found
    other = _spelt(joined, known)
    return other if other and (not found or found.code in lines()[other.code]) else found


def _spelt(text: str, known: Mapping[str, Meaning] | None) -> Resolution | None:
    nation = NATION.match(text)
    chain = follow(text, Chain(known, nation.end() if nation else 0))
    if not chain.names:
        return mentioned(text) if known is None else None
    if not chain.telling and grammar().company.match(text, chain.end):
        return None
    if depth(chain.meanings) < COUNTY:
        chain = _narrowed_later(text, chain)
    return resolution(chain)


def _narrowed_later(text: str, chain: Chain) -> Chain:
    """With what a later part of the address says: 广东省万科城花园(深圳市龙岗区)."""
    for mention in mentions(text, chain.end):
        met = meet(chain.meanings or {}, mention.chain.meanings or {})
        if depth(met) > depth(chain.meanings):
            return chain._replace(meanings=met, above=chain.meanings)
    return chain


def _by_digits(digits: str) -> str | None:
    """The region of a code; of a street or village in an unknown county, its city."""
    county = digits[:COUNTY_DIGITS]
    if county in regions():
        return county
    if county in _former_codes():
        return _former_codes()[county]
    city = county[:4] + "00"
    # 01 is a city's own districts in sum.
    known = city in regions() and (len(digits) > COUNTY_DIGITS or county.endswith("01"))
    return city if known else None


@cache
def _former_codes() -> dict[str, str]:
    """Codes that were abolished, each with the region that its successors have in common."""
    found: dict[str, str] = {}
    for row in reference_rows("region_aliases"):
        region = in_common(row["code"].split())
        found |= dict.fromkeys(row["former_code"].split(), region) if region else {}
    return found
