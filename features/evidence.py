"""The complaints behind alarms: who they are, how independent, how severe, and what sets them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyspark.sql import functions as F
from scipy import sparse

from features.counts import COUNTED_KINDS, all_dimensions, count_levels
from models.terms import log_odds

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from features.windows import WindowGrid

RARE_TERM = 3
# A z-score below which a word's share may well be chance.
TELLING = 1.96


def window_complaints(profiles: DataFrame, stream: str, grid: WindowGrid) -> pd.DataFrame:
    """The complaints of the newest window: ids, dimensions, severity and identities; most severe and newest first."""
    start, end = grid.window_start, grid.last_day
    return (
        profiles.filter(F.col("event_month").isin(f"{start:%Y-%m}", f"{end:%Y-%m}"))
        .filter(F.col("event_date").between(start, end))
        .filter((F.col("stream") == stream) & F.col("kind").isin(*COUNTED_KINDS))
        .select("source", "complaint_id", "event_date", "severity", "filer_identity", "text_identity", "merchant_name", *all_dimensions())
        .toArrow()
        .to_pandas()
        .sort_values(["severity", "event_date", "source", "complaint_id"], ascending=[False, False, True, False])
        .reset_index(drop=True)
    )


def membership(complaints: pd.DataFrame, alarms: Sequence[tuple[str, str]]) -> sparse.csr_array:
    """Which complaints count for which alarms, `n_alarms × n_complaints`.

    Args:
        complaints: what `window_complaints` gives.
        alarms: pairs of level and series.
    """
    rows, columns = [], []
    for level in dict.fromkeys(level for level, _ in alarms):
        dimensions = [name for name in all_dimensions() if name in count_levels()[level].dimensions]
        members = complaints.groupby(_series(complaints, dimensions)).indices
        for row, (alarm_level, series) in enumerate(alarms):
            if alarm_level == level:
                found = members.get(series, np.empty(0, dtype=np.intp))
                rows += [row] * len(found)
                columns += found.tolist()
    ones = np.ones(len(rows), dtype=np.int8)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(alarms), len(complaints)))


def _series(complaints: pd.DataFrame, dimensions: list[str]) -> pd.Series:
    """Series names as `features.counts.series_name` makes them; missing where a dimension has no value."""
    if not dimensions:
        return pd.Series("all", index=complaints.index)
    parts = [f"{name}=" + complaints[name].str.replace("|", "｜") for name in dimensions]
    return parts[0].str.cat(parts[1:], sep="|") if len(parts) > 1 else parts[0]


def independent_count(complaints: pd.DataFrame) -> int:
    """Complaints with one complainant and one text counted once each: the smaller of both figures."""
    return int(min(complaints["filer_identity"].nunique(), complaints["text_identity"].nunique()))


def telling_terms(
    profiles: DataFrame, term_counts: DataFrame, stream: str, grid: WindowGrid, groups: Mapping[str, pd.DataFrame], most: int
) -> dict[str, list[str]]:
    """Words that a group of complaints uses clearly more than the other complaints of the window, by group.

    Args:
        profiles: `silver.complaint_profiles`.
        term_counts: `gold.term_counts`.
        stream: the stream of all of them.
        grid: its newest window is looked at.
        groups: complaints (`source`, `complaint_id`) by name of the group.
        most: words per group at the most.
    """
    if not groups:
        return {}
    start, end = grid.window_start, grid.last_day
    pairs = pd.concat([frame[["source", "complaint_id"]].assign(group=name) for name, frame in groups.items()])
    wanted = F.broadcast(profiles.sparkSession.createDataFrame(pairs))
    used = (
        profiles.filter(F.col("event_month").isin(f"{start:%Y-%m}", f"{end:%Y-%m}"))
        .join(wanted, ["source", "complaint_id"])
        .select("group", F.explode(F.array_distinct("tokens")).alias("term"))
        .groupBy("group", "term")
        .agg(F.count(F.lit(1)).alias("used"))
        .toArrow()
        .to_pandas()
    )
    everywhere = (
        term_counts.filter(F.col("stream") == stream)
        .filter(F.col("event_date").between(start, end))
        .groupBy("term")
        .agg(F.sum("complaint_count").alias("everywhere"))
        .toArrow()
        .to_pandas()
        .sort_values("term")
    )
    return {str(name): _leading(rows, everywhere, most) for name, rows in used.groupby("group")}


def _leading(rows: pd.DataFrame, everywhere: pd.DataFrame, most: int) -> list[str]:
    table = everywhere.merge(rows, on="term", how="left").fillna({"used": 0})
    table["score"] = log_odds(table["used"].to_numpy(float), (table["everywhere"] - table["used"]).clip(0).to_numpy(float))
    telling = table[(table["used"] >= RARE_TERM) & (table["score"] >= TELLING)]
    return [str(term) for term in telling.sort_values(["score", "term"], ascending=[False, True])["term"].head(most)]


