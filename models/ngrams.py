"""Strings of units that recur, how firmly they hold together and how freely they stand. Vectorised over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.text_units import SIZE, Flags, Ints, Units

Floats = NDArray[np.float64]
# Neighbours that are no characters: any number, and the edge of a clause.
A_NUMBER, EDGE = SIZE - 1, SIZE - 2


@dataclass(frozen=True)
class Level:
    """The strings of one length that stand in the texts often enough.

    Attributes:
        length: units of a string.
        at: `n_places`; the units that they begin at.
        string: `n_units`; number of the string that begins at a unit, -1 where none does.
        count: `n_strings`; places of each.
        sample: `n_strings`; the first unit of one place of each.
    """

    length: int
    at: Ints
    string: NDArray[np.int32]
    count: Ints
    sample: Ints


def levels(units: Units, longest: int, minimum: int) -> list[Level]:
    """The strings of 1 to `longest` units that stand at `minimum` places or more within clauses, by length.

    What a frequent string begins and ends with is frequent too (Agrawal & Srikant 1994, Fast Algorithms for Mining
    Association Rules), so that only strings between two such are counted.
    """
    found = [_level(1, units.code, np.arange(len(units)), minimum, len(units))]
    while found[-1].length < longest:
        before = found[-1]
        at = before.at[before.at + 1 < len(units)]
        at = at[units.follows[at + 1] & (before.string[at + 1] >= 0)]
        key = before.string[at].astype(np.int64) * SIZE + before.string[at + 1]
        found.append(_level(before.length + 1, key, at, minimum, len(units)))
    return found


def weakest_split(found: list[Level], n_units: int) -> Floats:
    """Pointwise mutual information of the last level's strings, the least of all ways to split them in two.

    Args:
        found: levels of length 1, 2, … in order.
        n_units: units of the texts, by which places become probabilities.

    Returns:
        `n_strings`, bits.
    """
    whole = found[-1]
    weakest = np.full(len(whole.count), np.inf)
    for length in range(1, whole.length):
        left, right = found[length - 1], found[whole.length - length - 1]
        parts = left.count[left.string[whole.sample]] * right.count[right.string[whole.sample + length]].astype(float)
        weakest = np.minimum(weakest, np.log2(whole.count * n_units / parts))
    return weakest


def branching_entropy(level: Level, chosen: Flags, units: Units) -> tuple[Floats, Floats]:
    """How open it is what stands before and behind strings: entropy of their neighbours, bits.

    All numbers are one neighbour; the edge of a clause is one of its own at each place.

    Args:
        level: the strings.
        chosen: `n_strings`; which of them to look at.
        units: of the texts.

    Returns:
        To the left and to the right, as many as are chosen.
    """
    code = np.where(np.isin(units.code, units.number_codes()), A_NUMBER, units.code)
    before, behind = np.full(len(units), EDGE), np.full(len(units), EDGE)
    followed = np.flatnonzero(units.follows)
    before[followed] = code[followed - 1]
    behind[followed - 1] = code[followed]
    at = level.at[chosen[level.string[level.at]]]
    number = np.cumsum(chosen) - 1
    string = number[level.string[at]]
    count = level.count[chosen]
    return _entropy(string, before[at], count), _entropy(string, behind[at + level.length - 1], count)


def _level(length: int, key: Ints, at: Ints, minimum: int, n_units: int) -> Level:
    """The strings with these keys at these places, as far as they are frequent."""
    codes, _ = pd.factorize(key)
    count = np.bincount(codes)
    frequent = count >= minimum
    kept = frequent[codes]
    at, codes = at[kept], (np.cumsum(frequent) - 1)[codes[kept]]
    string = np.full(n_units, -1, dtype=np.int32)
    string[at] = codes
    sample = np.zeros(int(frequent.sum()), dtype=np.int64)
    sample[codes] = at
    return Level(length, at, string, count[frequent], sample)


def _entropy(string: Ints, neighbour: Ints, count: Ints) -> Floats:
    inner = neighbour != EDGE
    codes, pairs = pd.factorize(string[inner] * SIZE + neighbour[inner])
    together = np.bincount(codes, minlength=len(pairs)).astype(float)
    # An edge is met once: it adds nothing to the sum of n log n.
    shared = np.bincount(np.asarray(pairs) // SIZE, weights=together * np.log2(together), minlength=len(count))
    return np.asarray(np.log2(count) - shared / count)
