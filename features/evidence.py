"""The complaints behind alarms: who they are, how independent, how severe, and what sets them apart."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
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


def complaints_between(profiles: DataFrame, stream: str, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
    """The counted complaints of a span of days: ids, dimensions, severity and identities; most severe and newest first."""
    return (
        to_pandas(
            _counted_between(profiles, stream, first_day, last_day).select(
                "source",
                "complaint_id",
                "event_date",
                "event_month",
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


def _counted_between(profiles: DataFrame, stream: str, first_day: dt.date, last_day: dt.date) -> DataFrame:
    return (
        profiles.filter(F.col("event_month").between(f"{first_day:%Y-%m}", f"{last_day:%Y-%m}"))
        .filter(F.col("event_date").between(first_day, last_day))
        .filter((F.col("stream") == stream) & F.col("kind").isin(*COUNTED_KINDS))
    )


def in_window(complaints: pd.DataFrame, grid: WindowGrid) -> pd.DataFrame:
    """Those of the complaints that lie in the newest window, in the same order."""
    inside = complaints["event_date"].between(grid.window_start, grid.last_day)
    return complaints[inside].reset_index(drop=True)


def membership(complaints: pd.DataFrame, alarms: Sequence[tuple[str, str]]) -> sparse.csr_array:
    """Which complaints count for which alarms, `n_alarms × n_complaints`.

    Args:
        complaints: the complaints of the window.
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


def term_users(
    profiles: DataFrame, stream: str, terms: Collection[str], first_day: dt.date, last_day: dt.date
) -> dict[str, frozenset[tuple[str, str]]]:
    """Which counted complaints of a span of days use each of some words: their source and id, by word."""
    wanted = F.broadcast(profiles.sparkSession.createDataFrame([(term,) for term in sorted(terms)], "term STRING"))
    rows = to_pandas(
        _counted_between(profiles, stream, first_day, last_day)
        .select("source", "complaint_id", F.explode(F.array_distinct("tokens")).alias("term"))
        .join(wanted, "term")
    )
    return {str(term): frozenset(zip(part["source"], part["complaint_id"], strict=True)) for term, part in rows.groupby("term")}


class TermUsage:
    """The words of some complaints beside those of all complaints of a window.

    Args:
        profiles: `silver.complaint_profiles`.
        term_counts: `gold.term_counts`.
        stream: the stream of all of them.
        complaints: the complaints that will be asked for, columns `source`, `complaint_id`, `event_month`; a complaint may
            stand there more than once.
        first_day: first day of the oldest window that will be asked for.
        last_day: last day of the newest one.
    """

    def __init__(
        self,
        profiles: DataFrame,
        term_counts: DataFrame,
        stream: str,
        complaints: pd.DataFrame,
        first_day: dt.date,
        last_day: dt.date,
    ) -> None:
        wanted = complaints[["source", "complaint_id"]].drop_duplicates()
        rows = to_pandas(
            profiles.filter(F.col("event_month").isin(sorted(set(complaints["event_month"]))))
            .join(F.broadcast(profiles.sparkSession.createDataFrame(wanted)), ["source", "complaint_id"])
            .select("source", "complaint_id", F.array_distinct("tokens").alias("tokens"))
        )
        keys = zip(rows["source"], rows["complaint_id"], strict=True)
        self._tokens: dict[tuple[str, str], Sequence[str]] = dict(zip(keys, rows["tokens"], strict=True))
        self._everywhere = to_pandas(
            term_counts.filter(F.col("stream") == stream)
            .filter(F.col("event_date").between(first_day, last_day))
            .groupBy("event_date", "term")
            .agg(F.sum("complaint_count").alias("everywhere"))
        )

    def of(self, complaints: pd.DataFrame, grid: WindowGrid) -> pd.DataFrame:
        """How many of these complaints use a word, and how many others of the grid's newest window do.

        Returns:
            Columns `term`, `used`, `elsewhere`; every word of the window, sorted.
        """
        days = self._everywhere["event_date"]
        window = self._everywhere[days.between(grid.window_start, grid.last_day)]
        everywhere = window.groupby("term", sort=True)["everywhere"].sum()
        keys = zip(complaints["source"], complaints["complaint_id"], strict=True)
        used = Counter(word for key in keys for word in self._tokens.get(key, ()))
        table = pd.DataFrame({"term": everywhere.index, "used": [used[term] for term in everywhere.index]})
        return table.assign(elsewhere=(everywhere.to_numpy() - table["used"]).clip(0))
