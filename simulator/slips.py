"""Slips of the keyboard: a word or character taken for one that is typed or sounds alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.data import world
from simulator.pools import take
from simulator.seeds import Flags


def slipped(rng: np.random.Generator, texts: pa.Array, rows: Flags, slips: Sequence[Sequence[str]]) -> pa.Array:
    """The texts, with one slip in those of `rows` that have a word which people slip on.

    Args:
        rng: random numbers.
        texts: whole ones.
        rows: which of them have a slip.
        slips: pairs of what is meant and what is typed.
    """
    at_hand = world("habits")["slip_at_hand"]
    right = take(texts, np.flatnonzero(rows))
    wrong = right
    for slip in rng.permutation(len(slips)):
        untouched = pc.and_(pc.equal(wrong, right), pa.array(rng.random(len(right)) < at_hand))
        wrong = pc.if_else(untouched, pc.replace_substring(wrong, *slips[slip], max_replacements=1), wrong)
    return pc.replace_with_mask(texts, pa.array(rows), wrong)
