"""Filings in their order: how many of a kind came before each, which earlier one it repeats, and what it then weighs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NONE = -1


def trailing_rank(group: Ints, day: Ints, days: int) -> Ints:
    """The place of each filing among those of its group in the days up to it: 1 for the first of them.

    Args:
        group: `n`; number of the group of each filing, `NONE` for a filing that is in none and thus always the first.
        day: `n`, not falling: filings stand in their order.
        days: days that are looked back over, the filing's own included.

    Returns:
        `n`.
    """
    rank = np.ones(len(group), dtype=np.int64)
    inside = np.flatnonzero(group != NONE)
    if len(inside):
        order = inside[np.argsort(group[inside], kind="stable")]
        rank[order] = np.arange(len(order)) - _window_starts(group[order], day[order], days) + 1
    return rank


def trailing_distinct(group: Ints, member: Ints, day: Ints, days: int) -> Ints:
    """How many different members of its group filed in the days up to each filing, itself included.

    Args:
        group, member: `n` numbers, counted from 0; `NONE` where not known: such a filing counts for nothing, and its own
            figure is 1.
        day: `n`, not falling.
        days: days that are looked back over, the filing's own included.
    """
    distinct = np.ones(len(group), dtype=np.int64)
    known = np.flatnonzero((group != NONE) & (member != NONE))
    # Only groups of several members, which are few, need a walk.
    members = int(member.max(initial=0)) + 1
    pairs = pd.unique(group[known] * members + member[known])
    several = np.flatnonzero(np.bincount(pairs // members) > 1)
    rows = known[np.isin(group[known], several)]
    rows = rows[np.argsort(group[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(group[rows], prepend=NONE - 1))
    for first, last in pairwise([*starts, len(rows)]):
        walked = rows[first:last]
        distinct[walked] = _distinct_in_window(member[walked], day[walked], days)
    return distinct


def earlier_alike(keys: Ints, day: Ints, days: int, least: int) -> tuple[Ints, Floats]:
    """The earlier filing that each one's text is a copy of.

    Of every key the first filing of the days before that has it is asked; the one that is first of most keys is taken, the
    earliest among equals. A text that thousands copied thus costs as many comparisons as it has keys, not millions, and all
    copies point to the first.

    Args:
        keys: `n × m`; keys of each text, 0 for none (`models.minhash.bands`).
        day: `n`, not falling.
        days: days that a copy may lie behind, the filing's own included.
        least: keys that a copy must have in common with it.

    Returns:
        `n` each: the earlier filing, `NONE` where there is none; the share of keys in common.
    """
    count, width = keys.shape
    parent, share = np.full(count, NONE, dtype=np.int64), np.zeros(count)
    flat, row = keys.ravel(), np.repeat(np.arange(count), width)
    told = flat != 0
    flat, row = flat[told], row[told]
    order = np.lexsort((row, flat))
    flat, row = flat[order], row[order]
    first = row[_window_starts(flat, day[row], days)]
    # A pair as one number: sorting them counts the keys that both have in common.
    pairs, common = np.unique((row * count + first)[first < row], return_counts=True)
    later, earlier = pairs // max(count, 1), pairs % max(count, 1)
    enough = common >= least
    later, earlier, common = later[enough], earlier[enough], common[enough]
    best = np.lexsort((earlier, -common, later))
    taken, place = np.unique(later[best], return_index=True)
    parent[taken], share[taken] = earlier[best][place], common[best][place] / max(width, 1)
    return parent, share


def window_first(group: Ints, day: Ints, days: int) -> Ints:
    """The first filing of its group in the days up to each; itself where it is in no group.

    Args:
        group: `n`; `NONE` for a filing that is in none.
        day: `n`, not falling.
        days: days that are looked back over, the filing's own included.
    """
    first = np.arange(len(group))
    inside = np.flatnonzero(group != NONE)
    order = inside[np.argsort(group[inside], kind="stable")]
    first[order] = order[_window_starts(group[order], day[order], days)]
    return first


def alike_before(keys: Ints, day: Ints, days: int, least: int) -> Ints:
    """How many filings of the days up to each have a text like its own, itself included.

    Counted by key, of which the `least`-th fullest tells: so many keys each have as many filings. Of copies that is their
    number, and unlike that of groups it does not depend on how far back one looks.

    Args:
        keys, day, days, least: as of `earlier_alike`.
    """
    return _by_key(keys, least, lambda key, row: trailing_rank(key, day[row], days))


def filers_alike(keys: Ints, filer: Ints, day: Ints, days: int, least: int) -> Ints:
    """The same for the different complainants who filed them.

    Args:
        filer: `n`; number of the complainant of each filing.
        keys, day, days, least: as of `earlier_alike`.
    """
    return _by_key(keys, least, lambda key, row: trailing_distinct(key, filer[row], day[row], days))


def _by_key(keys: Ints, least: int, count: Callable[[Ints, Ints], Ints]) -> Ints:
    """The `least`-th largest of the counts of each filing's keys; 1 for a filing with fewer keys.

    Args:
        keys: `n × m`; 0 for none.
        least: which of the counts tells.
        count: from keys and the filings that have them, both in the filings' order, to a count of each.
    """
    rows, width = keys.shape
    if not rows or width < least:
        return np.ones(rows, dtype=np.int64)
    flat = keys.ravel()
    # 0 is no key; a key may be any other number, and groups are numbered from 0 on.
    numbers = pd.factorize(flat)[0]
    counts = np.asarray(count(np.where(flat == 0, NONE, numbers), np.repeat(np.arange(rows), width)))
    return np.asarray(np.sort(counts.reshape(rows, width), axis=1)[:, -least], dtype=np.int64)


def weights(repeat_rank: Ints, copy_rank: Ints, serial_rank: Ints, whole: int) -> Floats:
    """How much each filing counts: 0 to 1.

    Args:
        repeat_rank: place among the filings of one complainant on one matter; only the first counts.
        copy_rank: place among the copies of one text; the k-th counts 1/k, so that n copies weigh about ln n.
        serial_rank: place among all filings of one complainant.
        whole: filings of one complainant that count whole; the k-th counts whole/k.
    """
    once = (repeat_rank == 1).astype(float)
    return np.asarray(np.minimum(once / copy_rank, np.minimum(1.0, whole / serial_rank) * once), dtype=float)


def _window_starts(group: NDArray[np.integer], day: NDArray[np.integer], days: int) -> Ints:
    """For filings sorted by group, then day: the place of the first one of the same group in the days up to each."""
    number = np.cumsum(np.diff(group, prepend=group[:1]) != 0)
    span = int(day.max() - day.min()) + days + 1 if len(day) else 1
    place = number * span + (day - (day.min() if len(day) else 0))
    # A window that reaches over the group's first day must not reach into the group before.
    earliest = np.maximum(place - (days - 1), number * span)
    return np.asarray(np.searchsorted(place, earliest, side="left"), dtype=np.int64)


def _distinct_in_window(member: Ints, day: Ints, days: int) -> Ints:
    inside: deque[int] = deque()
    counts: Counter[int] = Counter()
    found = np.empty(len(member), dtype=np.int64)
    for place in range(len(member)):
        inside.append(place)
        counts[int(member[place])] += 1
        while day[inside[0]] <= day[place] - days:
            left = int(member[inside.popleft()])
            counts[left] -= 1
            if not counts[left]:
                del counts[left]
        found[place] = len(counts)
    return found
