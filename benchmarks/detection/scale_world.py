"""A world of very many series of weekly counts, most of them sparse, written as Parquet by Spark without a shuffle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.detection.world import Floats

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FIRST_WEEK = np.datetime64("2023-11-27")
YEAR_WEEKS = 365.25 / 7
# Half of the series have less than one complaint in ten weeks; the largest of a million have hundreds a week.
MEDIAN, DEVIATION = 0.1, 1.8
AMPLITUDE, AMPLITUDE_DEVIATION = 0.25, 0.1
# Weeks in a file, as a partition by quarter has them.
FILE_WEEKS = 13
SCHEMA = "series STRING, period DATE, count INT"


@dataclass(frozen=True)
class ScaleWorld:
    """Poisson counts around log-normal sizes with a yearly season, the amplitude of which differs somewhat.

    Every block of series and week has a generator of its own, so that the same counts come out in whatever order and
    process they are drawn, and a larger world begins with the series of a smaller one.

    Attributes:
        n_series: how many series.
        n_weeks: weeks, the last of them the judged one.
        seed: of the world.
        block: series drawn at once; another number makes another world.
    """

    n_series: int
    n_weeks: int = 156
    seed: int = 1
    block: int = 50_000

    @property
    def n_blocks(self) -> int:
        """Blocks that the series are drawn in."""
        return -(-self.n_series // self.block)

    @property
    def weeks(self) -> pd.DatetimeIndex:
        """The Mondays, oldest first."""
        return pd.DatetimeIndex(FIRST_WEEK + 7 * np.arange(self.n_weeks))

    def counts(self, block: int, week: int) -> Floats:
        """Counts of a block of series in a week, `n_series_of_block`."""
        n_series = min(self.block, self.n_series - block * self.block)
        drawn = np.random.default_rng([self.seed, block]).standard_normal((self.block, 2))[:n_series]
        amplitude = AMPLITUDE + AMPLITUDE_DEVIATION * drawn[:, 1]
        log_mean = np.log(MEDIAN) + DEVIATION * drawn[:, 0] + amplitude * np.cos(2 * np.pi * week / YEAR_WEEKS)
        return np.random.default_rng([self.seed, block, week]).poisson(np.exp(log_mean)).astype(float)

    def table(self, n_series: int) -> Floats:
        """Counts of the first series, `n_series × n_weeks`.

        Raises:
            IndexError: they are more than the first block.
        """
        if n_series > self.block:
            raise IndexError(f"{n_series} series are more than the first block of {self.block}")
        return np.column_stack([self.counts(0, week)[:n_series] for week in range(self.n_weeks)])

    def write(self, spark: SparkSession, path: str) -> None:
        """Write rows `series, period, count`, those without a complaint left out, week by week as they come in."""
        places = spark.range(0, self.n_weeks * self.n_blocks, 1, -(-self.n_weeks // FILE_WEEKS))

        def draw(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                for place in batch.column("id").to_pylist():
                    week, block = divmod(place, self.n_blocks)
                    yield self._rows(block, week)

        places.mapInArrow(draw, SCHEMA).write.parquet(path)

    def _rows(self, block: int, week: int) -> pa.RecordBatch:
        counts = self.counts(block, week)
        some = np.flatnonzero(counts)
        number = pc.utf8_lpad(pc.cast(pa.array(block * self.block + some), pa.string()), 7, "0")
        names = pc.binary_join_element_wise(pa.scalar("city=330100|merchant=m"), number, pa.scalar(""))
        period = pa.array(np.full(len(some), FIRST_WEEK + 7 * week))
        count = pa.array(counts[some].astype(np.int32))
        return pa.RecordBatch.from_arrays([names, period, count], names=["series", "period", "count"])
