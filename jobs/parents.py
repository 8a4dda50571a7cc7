"""The larger series that a level's series are part of, and share their season with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.counts import count_levels
from models.detection.seasonal import Parents
from models.detection.series import SeriesTable


def parents_of(level: str, tables: Mapping[str, SeriesTable], total: str) -> Parents | None:
    """The parents of all series of a level; None where it has no level above but the total's.

    Args:
        level: of `count_levels.yml`.
        tables: counts by level, all over the same periods.
        total: the level of the total, which is the parent of what has none of its own.
    """
    above = count_levels()[level].parent
    if above is None or above not in tables:
        return None
    table, kept = tables[above], set(count_levels()[above].dimensions)
    places = table.names.get_indexer(pd.Index([_shortened(name, kept) for name in tables[level].names]))
    orphans = len(table.names)
    return Parents(np.vstack([table.counts, tables[total].counts[:1]]), np.where(places < 0, orphans, places))


def _shortened(name: str, kept: set[str]) -> str:
    """A series name, `name=value|name=value`, with some of its dimensions only."""
    return "|".join(part for part in name.split("|") if part.split("=", 1)[0] in kept)
