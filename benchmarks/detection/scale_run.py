"""One measured step of `benchmarks.detection.scale`, in a process of its own; it prints its figures as JSON."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.detection.scale_world import ScaleWorld
from jobs.effects import calendar_effects
from jobs.judge_on_spark import CHUNK_SERIES, judge_on_spark
from models.detection.detector import DAYS, Detector

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ALPHA = 0.01
WEEKLY = Detector("week")


def write(world: ScaleWorld, path: Path) -> dict[str, Any]:
    """Write the world's counts to a folder of Parquet."""
    with _session() as spark:
        start = time.perf_counter()
        world.write(spark, str(path))
        return {"seconds": time.perf_counter() - start, "rows": spark.read.parquet(str(path)).count()}


def on_spark(path: Path, *, chinese: bool) -> dict[str, Any]:
    """Judge the newest week of all series on the Spark that the environment names, from Parquet to Parquet."""
    from pyspark.sql import functions as F

    with _session() as spark, tempfile.TemporaryDirectory(dir=path.parent) as folder:
        judged = f"{folder}/judged"
        start = time.perf_counter()
        counts = spark.read.parquet(str(path))
        judge_on_spark(counts, WEEKLY, chinese=chinese).write.parquet(judged)
        seconds = time.perf_counter() - start
        found = spark.read.parquet(judged).agg(
            F.count("series").alias("series"),
            F.avg((F.col("p_value") <= ALPHA).cast("double")).alias("alarms"),
            # The same for the same rows, in whatever order they are.
            F.bit_xor(F.xxhash64("series", "expected", "upper", "p_value", "score")).alias("digest"),
        )
        return {"seconds": seconds, **found.collect()[0].asDict()}


def on_numpy(world: ScaleWorld, *, chinese: bool) -> dict[str, Any]:
    """Judge the newest week of series that are arrays already, in chunks as on Spark."""
    counts = world.table(world.n_series)
    pool, effects = counts.sum(axis=0), calendar_effects(world.weeks, DAYS["week"], chinese=chinese)
    alarms = 0
    start = time.perf_counter()
    for first in range(0, len(counts), CHUNK_SERIES):
        judgement = WEEKLY.judge(counts[first : first + CHUNK_SERIES], pool, effects)
        alarms += int((judgement.p_value <= ALPHA).sum())
    return {"seconds": time.perf_counter() - start, "series": len(counts), "alarms": alarms / len(counts), "digest": None}


@contextmanager
def _session() -> Iterator[SparkSession]:
    from warehouse.home import Home
    from warehouse.session import spark_session

    with tempfile.TemporaryDirectory() as home, spark_session(Home.at(Path(home)), "scale") as spark:
        yield spark


def main(arguments: list[str] | None = None) -> None:
    """Do one step and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection.scale_run", description=__doc__)
    parser.add_argument("step", choices=["write", "spark", "numpy"])
    parser.add_argument("path", type=Path, help="folder of Parquet; NumPy draws its counts itself")
    parser.add_argument("--series", type=int, required=True)
    parser.add_argument("--weeks", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--calendar", choices=["cn", "none"], required=True)
    asked = parser.parse_args(arguments)
    world, chinese = ScaleWorld(asked.series, asked.weeks, asked.seed), asked.calendar == "cn"
    steps = {
        "write": lambda: write(world, asked.path),
        "spark": lambda: on_spark(asked.path, chinese=chinese),
        "numpy": lambda: on_numpy(world, chinese=chinese),
    }
    print(json.dumps(steps[asked.step]()))


if __name__ == "__main__":
    main()
