"""A million series judged: Spark on this machine, the same code on a cluster of its own, and NumPy alone beside them.

`python -m benchmarks.detection.scale [--series N ...]`; the default sizes take about half an hour on two cores. Seconds are of
judging from Parquet to Parquet, without the start of Spark; memory is the largest of every kind of process while it ran.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.detection.scale_figures import Measured, disagreements, kind_of, memory_table, time_table
from benchmarks.processes import watched
from benchmarks.standalone_cluster import HOST, standalone_cluster

ROOT = Path(__file__).parent.parent.parent
SIZES = (62_500, 250_000, 1_000_000)
WEEKS = 156
# Series of NumPy alone, whose speed does not depend on their number.
PLAIN_SERIES = 20_000
CORES = 2
# One process with two cores, or two with one each and a driver that only plans.
LOCAL_MEMORY, EXECUTOR_MEMORY, DRIVER_MEMORY, WORKER_MEMORY = "2g", "1g", "1g", "2g"
SPARK_OPTIONS = {
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # One thread for each core: several per process would only wait for each other.
    "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
}


class StepError(Exception):
    """A measured process failed; its text is the end of what it said."""


@dataclass(frozen=True)
class Asked:
    """What a step is told.

    Attributes:
        series: how many.
        weeks: of each.
        seed: of the world.
        calendar: `cn` or `none`.
    """

    series: int
    weeks: int = WEEKS
    seed: int = 1
    calendar: str = "cn"

    def arguments(self) -> list[str]:
        """As options of `scale_run`."""
        return [part for name, value in vars(self).items() for part in (f"--{name}", str(value))]


def measure(asked: Asked, ways: Sequence[str], folder: Path) -> Iterator[Measured]:
    """Judge series by some ways, one after the other; the counts are written once and gone afterwards."""
    counts = folder / f"counts-{asked.series}"
    try:
        if set(ways) - {"numpy"}:
            _step("write", counts, asked, _spark(f"local[{CORES}]", LOCAL_MEMORY))
        for way in ways:
            yield judged_by(way, counts, asked, folder)
    finally:
        shutil.rmtree(counts, ignore_errors=True)


def judged_by(way: str, counts: Path, asked: Asked, folder: Path) -> Measured:
    """Judge written counts by one way; NumPy draws its counts itself."""
    with watched(kind_of) as usage:
        if way == "numpy":
            told = _step("numpy", counts, asked, {})
        elif way == "local":
            told = _step("spark", counts, asked, _spark(f"local[{CORES}]", LOCAL_MEMORY))
        else:
            told = _on_cluster(counts, asked, folder)
    return Measured(way, told["series"], asked.weeks, told["seconds"], told["alarms"], told["digest"], usage)


def _on_cluster(counts: Path, asked: Asked, folder: Path) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(dir=folder) as own,
        standalone_cluster(Path(own), workers=CORES, cores=1, memory=WORKER_MEMORY) as address,
    ):
        return _step("spark", counts, asked, _spark(address, DRIVER_MEMORY))


def _spark(master: str, driver_memory: str) -> dict[str, str]:
    """The environment in which the profile `cluster` finds this master."""
    options = [f"--master {master} --driver-memory {driver_memory} --executor-memory {EXECUTOR_MEMORY}"]
    options += [f"--conf {name}={value}" for name, value in SPARK_OPTIONS.items()]
    return {"RADAR_SPARK": "cluster", "PYSPARK_SUBMIT_ARGS": " ".join([*options, "pyspark-shell"]), "SPARK_LOCAL_IP": HOST}


def _step(step: str, path: Path, asked: Asked, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.detection.scale_run", step, str(path), *asked.arguments()]
    own = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment}
    done = subprocess.run(command, cwd=ROOT, env=own, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepError(f"{step} of {asked.series:,} series: {done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(arguments: list[str] | None = None) -> None:
    """Measure the sizes and ways asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection.scale", description=__doc__)
    parser.add_argument(
        "--series", type=int, nargs="+", default=list(SIZES), help="how many series; several one after the other"
    )
    parser.add_argument("--ways", nargs="+", choices=["numpy", "local", "cluster"], default=["numpy", "local", "cluster"])
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument(
        "--calendar", choices=["cn", "none"], default="cn", help="whether the consumer calendar is reckoned with"
    )
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    # Ended from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    console, progress = Console(width=None if sys.stdout.isatty() else 200), Console(stderr=True)
    plain = Asked(min(PLAIN_SERIES, *asked.series), asked.weeks, asked.seed, asked.calendar)
    steps = [(plain, ["numpy"])] if "numpy" in asked.ways else []
    on_spark = [way for way in asked.ways if way != "numpy"]
    steps += [(Asked(series, asked.weeks, asked.seed, asked.calendar), on_spark) for series in asked.series]
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="radar-scale-", ignore_cleanup_errors=True) as name:
        for told, ways in steps:
            for one in measure(told, ways, Path(name)):
                progress.print(f"{one.way}: {one.series:,} series in {one.seconds:,.0f} s")
                measured.append(one)
    console.print(time_table(measured))
    console.print(memory_table(measured))
    for line in disagreements(measured):
        console.print(line)


if __name__ == "__main__":
    main()
