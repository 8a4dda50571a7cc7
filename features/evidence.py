"""The complaints behind alarms: who they are, how independent, how severe, and what sets them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyspark.sql import functions as F
from scipy import sparse

from features.counts import COUNTED_KINDS, all_dimensions, count_levels
from warehouse.storage import to_pandas

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from features.windows import WindowGrid


def window_complaints(profiles: DataFrame, stream: str, grid: WindowGrid) -> pd.DataFrame:
    """The complaints of the newest window: ids, dimensions, severity and identities; most severe and newest first."""
    start, end = grid.window_start, grid.last_day
    return (
        to_pandas(
            profiles.filter(F.col("event_month").isin(f"{start:%Y-%m}", f"{end:%Y-%m}"))
            .filter(F.col("event_date").between(start, end))
            .filter((F.col("stream") == stream) & F.col("kind").isin(*COUNTED_KINDS))
            .select(
                "source",
                "complaint_id",
                "event_date",
                "severity",
                "filer_identity",
                "text_identity",
                "merchant_name",
                *all_dimensions(),
            )
        )
        .sort_values(["severity", "event_date", "source", "complaint_id"], ascending=[False, False, True, False])
        .reset_index(drop=True)
    )


def membership(complaints: pd.DataFrame, alarms: Sequence[tuple[str, str]]) -> sparse.csr_array:
    """Which complaints count for which alarms, `n_alarms × n_complaints`.

    Args:
        complaints: what `window_complaints` gives.
        alarms: pairs of level and series.
    """
    rows: list[int] = []
    columns: list[int] = []
    for level in dict.fromkeys(level for level, _ in alarms):
        dimensions = [name for name in all_dimensions() if name in count_levels()[level].dimensions]
        members = complaints.groupby(_series(complaints, dimensions)).indices
        for row, (alarm_level, series) in enumerate(alarms):
            if alarm_level == level:
                found = members.get(series, np.empty(0, dtype=np.intp))
                rows += [row] * len(found)
                columns += list(map(int, found))
    ones = np.ones(len(rows), dtype=np.int8)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(alarms), len(complaints)))


def _series(complaints: pd.DataFrame, dimensions: list[str]) -> pd.Series:
    """Series names as `features.counts.series_name` makes them; missing where a dimension has no value."""
    if not dimensions:
        return pd.Series("all", index=complaints.index)
    parts = [f"{name}=" + complaints[name].str.replace("|", "｜") for name in dimensions]
    return reduce(lambda left, right: left + "|" + right, parts)


def independent_count(complaints: pd.DataFrame) -> int:
    """Complaints with one complainant and one text counted once each: the smaller of both figures."""
    return int(min(complaints["filer_identity"].nunique(), complaints["text_identity"].nunique()))


def term_usage(
    profiles: DataFrame, term_counts: DataFrame, stream: str, grid: WindowGrid, groups: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """How many complaints of each group use a word, and how many others of the window do.

    Args:
        profiles: `silver.complaint_profiles`.
        term_counts: `gold.term_counts`.
        stream: the stream of all of them.
        grid: its newest window is looked at.
        groups: complaints (`source`, `complaint_id`) by name of the group.

    Returns:
        Columns `term`, `used`, `elsewhere` by group; every word of the window is in each.
    """
    start, end = grid.window_start, grid.last_day
    pairs = pd.concat([frame[["source", "complaint_id"]].assign(group=name) for name, frame in groups.items()])
    wanted = F.broadcast(profiles.sparkSession.createDataFrame(pairs))
    used = to_pandas(
        profiles.filter(F.col("event_month").isin(f"{start:%Y-%m}", f"{end:%Y-%m}"))
        .join(wanted, ["source", "complaint_id"])
        .select("group", F.explode(F.array_distinct("tokens")).alias("term"))
        .groupBy("group", "term")
        .agg(F.count(F.lit(1)).alias("used"))
    )
    everywhere = to_pandas(
        term_counts.filter(F.col("stream") == stream)
        .filter(F.col("event_date").between(start, end))
        .groupBy("term")
        .agg(F.sum("complaint_count").alias("everywhere"))
    )
    return {str(name): _usage(rows, everywhere) for name, rows in used.groupby("group")}


def _usage(used: pd.DataFrame, everywhere: pd.DataFrame) -> pd.DataFrame:
    table = everywhere.merge(used[["term", "used"]], on="term", how="left").fillna({"used": 0})
    return table.assign(elsewhere=(table["everywhere"] - table["used"]).clip(0))[["term", "used", "elsewhere"]]
