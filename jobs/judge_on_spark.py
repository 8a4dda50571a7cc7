"""Counts of so many series that no single machine should hold them, judged on Spark in chunks of series."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, NumericType, StringType

from jobs.effects import calendar_effects
from models.detection.detector import DAYS, Detector
from models.detection.effects import Effects
from models.detection.predictive import Array
from models.detection.series import SeriesTable
from warehouse.errors import RadarError
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

COLUMNS = {"series": StringType, "period": DateType, "count": NumericType}
KINDS = {StringType: "texts", DateType: "dates", NumericType: "numbers"}
JUDGED = (
    "series STRING, period DATE, observed BIGINT, expected DOUBLE, upper DOUBLE, p_value DOUBLE, score DOUBLE, "
    "level DOUBLE, season DOUBLE, calendar DOUBLE"
)
# Enough that chunks, whose series learn from each other, learn the same; judging takes no less time per series with more, and
# a worker holds one chunk at a time.
CHUNK_SERIES = 2_000
# Left alone, Spark makes tasks by their bytes, which is as many as there are cores: the slowest would keep all others waiting,
# for judging takes far longer than reading. A task for each chunk would cost more to start than it brings.
TASK_CHUNKS = 4


def judge_on_spark(
    counts: DataFrame,
    detector: Detector,
    *,
    chinese: bool,
    last: int = 1,
    holidays: pd.DatetimeIndex | None = None,
    chunk_series: int = CHUNK_SERIES,
    n_chunks: int | None = None,
) -> DataFrame:
    """Judge the last periods of every series of a level where its rows lie.

    The driver sees totals by period only. Series are dealt into chunks by a hash of their names, and each chunk is judged as
    one array `n_series × n_periods` by `Detector.judge`, with the total of all series as its pool. What the series of a chunk
    share beyond the pool (how much they differ, how dispersed they are) is estimated within the chunk. Which chunk a series
    is in follows from its name and the number of chunks alone, so that neither the cluster nor the order or partitions of the
    rows change the result.

    Workers import this package: their Python environment must hold it, as docs/operations.md asks of every cluster.

    Args:
        counts: columns `series` (text), `period` (date, the first day of a week or of a day of the detector's frequency),
            `count` (whole, 0 or more). A series without a row for a period had none in it; rows of the same series and period
            add up. It is read two or three times.
        detector: the judge; its frequency says how far periods lie apart.
        chinese: whether the Chinese consumer calendar is among the covariates.
        last: how many of the newest periods to judge, each as if it were the newest.
        holidays: days off that no calendar here knows.
        chunk_series: series in a chunk, about, where `n_chunks` is not given: their number is estimated by a sketch.
        n_chunks: how many chunks.

    Returns:
        One row per series and judged period, in no order, columns `JUDGED`: counts observed and expected, the highest count
        that is no alarm at 1 %, the p-value, its standard normal deviate, and level, season and calendar, whose product is
        what is expected. Where the history is too short, what is expected is null and the p-value is 1.

    Raises:
        RadarError: a column is missing or of another type, the table is empty or holds what is no count, periods are not
            equally spaced, or more periods shall be judged than there are.
    """
    _check_columns(counts)
    days = DAYS[detector.frequency]
    totals = _totals(counts)
    grid = _grid(totals["period"], days)
    if not 1 <= last <= len(grid):
        raise RadarError(f"{last} periods cannot be judged: the table of counts has {len(grid)}")
    volume = totals.set_index("period")["total"].reindex(grid, fill_value=0.0).to_numpy(dtype=float)
    # A single series is its own total; among several, what they share is the calendar.
    pool = volume if totals["first_key"].min() < totals["last_key"].max() else None
    effects = calendar_effects(grid, days, chinese=chinese, holidays=holidays)
    judge = ChunkJudge(detector, grid, pool, effects, last)
    chunks = n_chunks or math.ceil(_about_series(counts) / chunk_series)

    def judged(table: pa.Table) -> pa.Table:
        return judge.judged(table)

    count = F.col("count").cast("double").alias("count")
    rows = counts.select(chunk_of("series", chunks).alias("chunk"), "series", "period", count)
    dealt = rows.repartitionById(math.ceil(chunks / TASK_CHUNKS), "chunk")
    return dealt.groupBy("chunk").applyInArrow(judged, JUDGED)


def chunk_of(series: str, n_chunks: int) -> Column:
    """The number of the chunk, from 0, that the series named in a column belongs to."""
    return F.pmod(F.xxhash64(series), F.lit(n_chunks)).cast("int")


@dataclass(frozen=True)
class ChunkJudge:
    """Judges the rows of a chunk of series; it travels to the workers.

    Attributes:
        detector: the judge.
        grid: first days of the periods, `n_periods`.
        pool: `n_periods`; the total of all series, None for a series that is such a total itself.
        effects: of the calendar in these periods.
        last: newest periods to judge.
    """

    detector: Detector
    grid: pd.DatetimeIndex
    pool: Array | None
    effects: Effects
    last: int

    def judged(self, rows: pa.Table) -> pa.Table:
        """Rows `series, period, count` of a chunk into rows of `JUDGED`, by series and period."""
        told = rows.to_pandas(date_as_object=False)
        series = SeriesTable.of(told["series"], told["period"], told["count"], self.grid)
        judgement = self.detector.judge(series.counts, self.pool, self.effects, self.last)
        periods = pa.array(self.grid[-self.last :].date)
        estimates = {name: _nullable(getattr(judgement, name)) for name in ("expected", "upper")}
        factors = {name: _nullable(getattr(judgement, name)) for name in ("level", "season", "calendar")}
        return pa.table(
            {
                "series": pa.array(series.names).take(pa.array(np.repeat(np.arange(len(series.names)), self.last))),
                "period": periods.take(pa.array(np.tile(np.arange(self.last), len(series.names)))),
                "observed": pa.array(series.counts[:, -self.last :].ravel().astype(np.int64)),
                **estimates,
                "p_value": pa.array(judgement.p_value.ravel()),
                "score": pa.array(judgement.score.ravel()),
                **factors,
            }
        )


def _nullable(values: Array) -> pa.Array:
    return pa.array(values.ravel(), from_pandas=True)


def _check_columns(counts: DataFrame) -> None:
    for name, kind in COLUMNS.items():
        if name not in counts.columns:
            raise RadarError(f"the table of counts has no column {name}; it needs {', '.join(COLUMNS)}")
        if not isinstance(counts.schema[name].dataType, kind):
            raise RadarError(f"column {name} of the table of counts must hold {KINDS[kind]}")


def _totals(counts: DataFrame) -> pd.DataFrame:
    """Complaints by period (`period`, `total`), and the least and greatest hash of a series' name (`first_key`, `last_key`)."""
    count, key = F.col("count").cast("double"), F.xxhash64("series")
    whole = F.col("series").isNotNull() & F.col("period").isNotNull() & (count >= 0) & (count % 1 == 0)
    totals = counts.groupBy("period").agg(
        F.sum(count).alias("total"),
        F.min(key).alias("first_key"),
        F.max(key).alias("last_key"),
        F.count_if(~F.coalesce(whole, F.lit(False))).alias("wrong"),
    )
    table = pd.DataFrame(to_dicts(totals))
    if table.empty:
        raise RadarError("the table of counts is empty")
    if table["wrong"].any():
        raise RadarError(
            f"{table['wrong'].sum()} rows of the table of counts lack a series, a date or a whole count of 0 or more"
        )
    return table.assign(period=pd.to_datetime(table["period"])).sort_values("period", ignore_index=True)


def _grid(periods: pd.Series, days: int) -> pd.DatetimeIndex:
    first = periods.min()
    off = periods[(periods - first).dt.days % days != 0]
    if len(off):
        raise RadarError(
            f"{off.iloc[0]:%Y-%m-%d} is no multiple of {days} days behind {first:%Y-%m-%d}: periods must be equally spaced"
        )
    return pd.date_range(first, periods.max(), freq=f"{days}D")


def _about_series(counts: DataFrame) -> int:
    """How many series there are, by a sketch that comes out the same however the rows are dealt out."""
    found = counts.select(F.approx_count_distinct("series").alias("n")).first()
    return max(int(found["n"]), 1) if found else 1
