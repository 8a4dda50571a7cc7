"""What the detectors of a span of days look at: daily counts, held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.detection.predictive import Array
from models.detection.series import DailySeries

# A weight is a share of one; sums of thirds fall short of a whole by rounding.
ROUNDING = 1e-6
# Of words: in all complaints, and by product class.
ALL = ("total", "all")


@dataclass(frozen=True)
class Measures:
    """Daily counts of a stream.

    Attributes:
        raw: complaints by level.
        independent: the same by their weights, so that repeated filings count nothing and copies of one text once.
        severe: severe ones of the raw.
        terms: complaints by word, by level and series of the complaints that were looked at.
    """

    raw: Mapping[str, DailySeries]
    independent: Mapping[str, DailySeries]
    severe: Mapping[str, DailySeries]
    terms: Mapping[tuple[str, str], DailySeries]

    @classmethod
    def of(cls, counts: pd.DataFrame, terms: pd.DataFrame) -> Measures:
        """Measures from tables as `features.windows` reads them."""
        raw, independent, severe = {}, {}, {}
        for level, rows in counts.groupby("level", sort=True):
            series = DailySeries.of(rows["series"], rows["day"], rows["raw_count"])
            raw[str(level)] = series
            independent[str(level)] = replace(series, counts=rows["weighted_count"].to_numpy(dtype=float))
            severe[str(level)] = replace(series, counts=rows["severe_count"].to_numpy(dtype=float))
        return cls(raw, independent, severe, _terms(terms))


def _terms(rows: pd.DataFrame) -> dict[tuple[str, str], DailySeries]:
    if rows.empty:
        return {}
    columns = ("term", "day", "complaint_count")
    by_class = {
        ("product_class", f"product_l1={value}"): DailySeries.of(*(part[name] for name in columns))
        for value, part in rows.groupby("product_l1", sort=True)
    }
    return {ALL: DailySeries.of(*(rows[name] for name in columns)), **by_class}


def whole(counts: Array) -> Array:
    """Whole complaints in sums of weights."""
    return np.asarray(np.floor(counts + ROUNDING), dtype=float)


def numbered(keys: Sequence[str]) -> NDArray[np.intp]:
    """A number from 0 on for every different key, in the order of their coming."""
    return pd.factorize(pd.Series(keys, dtype=object))[0].astype(np.intp)
