"""Counts that may leave the house: cells that stand for too few complaints are withheld (k-anonymity)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

WITHHELD = "withheld"


def withhold_small_cells(counts: pd.DataFrame, group: Sequence[str], value: str, smallest: int) -> pd.DataFrame:
    """The counts with small cells empty and `withheld` true.

    Where exactly one cell of a group is small, its figure would follow from the group's total, so the next smallest cell of
    the group is withheld too (complementary suppression; Hundepool et al. 2012, Statistical Disclosure Control, chapter 4).
    A group of one cell has no total beside it to subtract from.

    Args:
        counts: a row per cell, unique by its dimensions.
        group: columns within whose combinations a total may be known.
        value: column of the counts, integers of at least 0; a cell of 0 names nobody and is kept.
        smallest: smallest count that may be told.

    Returns:
        The same rows in the same order; `value` as nullable integers, `withheld` as booleans.
    """
    small = counts[value].between(1, smallest - 1)
    keys = [counts[name] for name in group] if group else [pd.Series(0, index=counts.index)]
    alone = small.groupby(keys, dropna=False).transform("sum") == 1
    candidates = counts[value].where(~small & (counts[value] > 0))
    # The first of equals: the same table gives the same answer.
    rank = candidates.groupby(keys, dropna=False).rank(method="first")
    withheld = small | (alone & (rank == 1))
    safe = counts.copy()
    safe[value] = counts[value].astype("Int64").mask(withheld)
    safe[WITHHELD] = withheld
    return safe
