"""Pairs of respondents' names that look like one name, found without comparing all with all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA

from features.merchants.keys import NATIONAL, ONLINE, UNKNOWN
from features.merchants.places import city_of, is_region_code, regions_within
from features.merchants.words import words

SOUND, SLIP, ORDER, SHORT, BRANCH, PLACE = "sound", "slip", "order", "short", "branch", "place"
SHORTEST = 3


@dataclass(frozen=True)
class Name:
    """A name in its scope."""

    scope: str
    core: str

    @property
    def place(self) -> str:
        """Names are compared within a city, and those that are good in more than a city among each other."""
        if is_region_code(self.scope):
            return city_of(self.scope) or NATIONAL
        return UNKNOWN if self.scope == UNKNOWN else NATIONAL


@dataclass(frozen=True)
class Likeness:
    """Two names that look alike.

    Attributes:
        one, other: their places in the list, ascending.
        reason: why; `merchants.yml` says what each means.
        pattern: what exactly differs; pairs with the same pattern are alike in the same way.
    """

    one: int
    other: int
    reason: str
    pattern: str


def alike(names: Sequence[Name]) -> list[Likeness]:
    """Every pair of names that look alike, once each, in order.

    The work grows with the number of names and with the pairs found, not with the number of all pairs: names that one edit
    parts share a text that lacks one character of each (the deletion neighbourhood of Mor & Fraenkel 1982, CACM 25).
    """
    found: dict[tuple[int, int], Likeness] = {}
    for find in (_same_elsewhere, _one_edit, _parts):
        for likeness in find(names):
            found.setdefault((likeness.one, likeness.other), likeness)
    return [found[pair] for pair in sorted(found)]


def _one_edit(names: Sequence[Name]) -> Iterator[Likeness]:
    sharing: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        if len(name.core) >= SHORTEST:
            place = name.place
            for piece in {name.core, *(name.core[:i] + name.core[i + 1 :] for i in range(len(name.core)))}:
                sharing[place, piece].append(number)
    seen: set[tuple[int, int]] = set()
    for members in sharing.values():
        if 1 < len(members) <= words().candidates.common:
            seen.update(combinations(members, 2))
    for one, other in seen:
        first, second = names[one].core, names[other].core
        if first != second and OSA.distance(first, second, score_cutoff=1) == 1:
            yield _edit(one, other, first, second)


def _edit(one: int, other: int, first: str, second: str) -> Likeness:
    start = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    if len(first) != len(second):
        longer = max(first, second, key=len)
        return Likeness(one, other, SLIP, f"+{longer[start]}")
    if first[start + 1 :] == second[start + 1 :]:
        here, there = sorted((first[start], second[start]))
        sounds = there in words().candidates.alike_sounding.get(here, ())
        return Likeness(one, other, SOUND if sounds else SLIP, f"{here}/{there}")
    return Likeness(one, other, ORDER, ORDER)


def _parts(names: Sequence[Name]) -> Iterator[Likeness]:
    """A name and what is left of it without a trade word, or without what may be a branch."""
    numbers, everywhere = _numbered(names), _by_core(names)
    ends = sorted(words().candidates.trade_words, key=len, reverse=True)
    shops = tuple(words().branch.shop)
    for number, name in enumerate(names):
        place, core = name.place, name.core
        for end in ends:
            stem = core.removesuffix(end)
            if len(stem) >= SHORTEST and stem != core:
                # What is known in the whole nation is called by its short name in any city.
                for other in everywhere.get(stem, ()) if place == NATIONAL else numbers.get((place, stem), ()):
                    yield _pair(number, other, SHORT, f"-{end}")
        if core.endswith(shops):
            for length in range(SHORTEST, len(core) - 1):
                for other in numbers.get((place, core[:length]), ()):
                    yield _pair(number, other, BRANCH, BRANCH)


def _same_elsewhere(names: Sequence[Name]) -> Iterator[Likeness]:
    """The same core in a county and its city, in a region and without one, with the region at another place in the name."""
    by_core = _by_core(names)
    for members in by_core.values():
        if len(members) <= words().candidates.common:
            pairs = list(combinations(members, 2))
            for one, other in pairs:
                pattern = _relation(names[one], names[other], alone=len(pairs) == 1)
                if pattern:
                    yield Likeness(one, other, PLACE, pattern)
    for number, name in enumerate(names):
        for code, rest in regions_within(name.core):
            for other in by_core.get(rest, ()):
                if names[other].scope == code:
                    yield _pair(number, other, PLACE, "moved")


def _relation(one: Name, other: Name, *, alone: bool) -> str | None:
    scopes = {one.scope, other.scope}
    if UNKNOWN in scopes:
        return UNKNOWN if alone else None
    if one.place == other.place:
        return "county" if one.place != NATIONAL else ONLINE
    return NATIONAL if NATIONAL in scopes else None


def _numbered(names: Sequence[Name]) -> dict[tuple[str, str], list[int]]:
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        numbers[name.place, name.core].append(number)
    return numbers


def _by_core(names: Sequence[Name]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        numbers[name.core].append(number)
    return numbers


def _pair(one: int, other: int, reason: str, pattern: str) -> Likeness:
    return Likeness(min(one, other), max(one, other), reason, pattern)
