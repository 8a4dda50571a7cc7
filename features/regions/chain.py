"""Names in a row: 浙江省杭州市西湖区, each below the one before, and where the row ends.

A name alone may mean several regions; the names around it say which. So a chain carries all that it may still mean, and every
further name keeps what lies below (or above) it. What fits none of it, such as 北京路 behind 广州市, ends the chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from features.regions.grammar import grammar
from features.regions.spellings import SHORTEST, Basis, Meaning, Name, lengths, names
from features.regions.table import in_common, lines, regions

CITY, COUNTY = 2, 3
# Twice as many names in a row as an address has levels, and more; what still goes on is no address.
MOST_NAMES = 8


class Chain(NamedTuple):
    """What a row of names means so far.

    Attributes:
        meanings: regions that it may mean, by code; None before the first name.
        end: where in the text it ends.
        names: how many names it has.
        telling: whether one of them shows that it is a region (市, 区, 高新区 ...).
        above: what it meant before its last name.
    """

    meanings: Mapping[str, Meaning] | None
    end: int
    names: int = 0
    telling: bool = False
    above: Mapping[str, Meaning] | None = None


class Resolution(NamedTuple):
    """A region, and what it was recognised by."""

    code: str
    basis: Basis


def follow(text: str, chain: Chain) -> Chain:
    """The chain with the names that come next, itself where none does; of several readings, the one that gets deepest."""
    between = grammar().between.match(text, chain.end)
    start = between.end() if between else chain.end
    best = chain
    for length in lengths().get(text[start : start + SHORTEST], ()):
        name = names().get(text[start : start + length])
        if name is None or len(name.text) < length:
            continue
        end = start + len(name.text)
        meanings = narrowed(chain.meanings, name, ends=grammar().place_goes_on.match(text, end) is not None)
        if not meanings:
            continue
        # Two characters such as 新县 may also be the end of one word and the beginning of another.
        telling = chain.telling or (name.telling and (len(name.text) > SHORTEST or chain.names > 0))
        here = Chain(meanings, end, chain.names + 1, telling, chain.meanings)
        reached = follow(text, here) if here.names < MOST_NAMES else here
        if reached is here and (best is not chain or not _stands(text, name, start, chain)):
            continue
        # A shorter name goes before a longer one only for a name behind it: 济南 and 市中区 in 济南市中区.
        if best is chain or depth(reached.meanings) > depth(best.meanings):
            best = reached
        if depth(best.meanings) == COUNTY:
            break
    return best if best is not chain else _with_zone(text, chain)


def narrowed(known: Mapping[str, Meaning] | None, name: Name, *, ends: bool) -> Mapping[str, Meaning]:
    """What a name means behind what is known: regions below that, else of that what lies at or below the name; else nothing.

    Args:
        known: what the names before it mean; None where there are none.
        name: the next name.
        ends: whether it stands like the last name of a place. If not, a short name that means what is known repeats it and does
            not say a county of the same name: 南昌 behind 南昌市 in 南昌市南昌兴盛保险公司.
    """
    finer: dict[str, Meaning] = {}
    if known is None:
        for meaning in name.meanings:
            if not meaning.dependent:
                finer.setdefault(meaning.code, meaning)
        return finer
    kept: dict[str, Meaning] = {}
    line_of, repeats = lines(), False
    for meaning in name.meanings:
        line = line_of[meaning.code]
        for code, own in known.items():
            if meaning.code in line_of[code]:
                kept[code] = own
                repeats |= meaning.code == code
            elif code in line or code == meaning.scope:
                finer.setdefault(meaning.code, meaning)
    return kept if repeats and not ends and not name.telling else finer or kept


def meet(one: Mapping[str, Meaning], other: Mapping[str, Meaning]) -> Mapping[str, Meaning]:
    """What two chains may both mean: of every two regions on one line the finer; nothing if they exclude each other."""
    met: dict[str, Meaning] = {}
    for a in one.values():
        for b in other.values():
            if a.code in lines()[b.code]:
                met[b.code] = b
            elif b.code in lines()[a.code]:
                met[a.code] = a
    return met


def chosen(meanings: Mapping[str, Meaning]) -> Meaning | None:
    """The meaning of the lowest rank; of several alike, what their regions have in common, if that is anything."""
    if len(meanings) == 1:
        return next(iter(meanings.values()))
    lowest = min(meaning.rank for meaning in meanings.values())
    left = [meaning for meaning in meanings.values() if meaning.rank == lowest]
    if len(left) == 1:
        return left[0]
    code = in_common([meaning.code for meaning in left])
    return Meaning(code, lowest, Basis.COARSER) if code else None


def depth(meanings: Mapping[str, Meaning] | None) -> int:
    """Levels down to the region that is meant: 3 for a county, 0 for none."""
    meaning = chosen(meanings) if meanings else None
    return len(lines()[meaning.code]) if meaning else 0


def resolution(chain: Chain) -> Resolution | None:
    """The region that a chain means."""
    meaning = chosen(chain.meanings) if chain.meanings else None
    if not meaning:
        return None
    alone = meaning.basis is Basis.NAME and _without_city(meaning.code, chain.above)
    return Resolution(meaning.code, Basis.ALONE if alone else meaning.basis)


def _without_city(code: str, above: Mapping[str, Meaning] | None) -> bool:
    line = lines()[code]
    if len(line) < COUNTY or regions()[line[-2]].is_holder:
        return False
    return all(len(lines()[known]) < CITY for known in above or ())


def _with_zone(text: str, chain: Chain) -> Chain:
    """A development zone that no reviewed row names lies in the city that it is named with."""
    if not chain.meanings or not 0 < depth(chain.meanings) < COUNTY:
        return chain
    zone = grammar().city_zone.match(text, chain.end)
    if not zone:
        return chain
    meanings = {code: meaning._replace(basis=Basis.ZONE) for code, meaning in chain.meanings.items()}
    return chain._replace(meanings=meanings, end=zone.end(), telling=True)


def _stands(text: str, name: Name, start: int, chain: Chain) -> bool:
    """Whether a name is one where it stands, and not the beginning of a longer word."""
    around, end = grammar(), start + len(name.text)
    if name.telling and (len(name.text) > SHORTEST or chain.meanings):
        return not text.startswith(around.longer_words.get(name.text[-1], ("\0",)), end)
    if text.startswith(around.not_names, start) or text.startswith(around.not_places, end):
        return False
    if around.longer_names.match(text, end):
        return False
    # A county's short name is too often an ordinary word, unless what follows says that it is a place.
    if chain.meanings is None and not name.telling and all(_is_county(meaning.code) for meaning in name.meanings):
        return around.place_goes_on.match(text, end) is not None
    return True


def _is_county(code: str) -> bool:
    return regions()[code].level == "county"
