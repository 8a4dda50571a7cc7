"""Series by the million in small: the same counts however they are drawn, the same judgement on a cluster of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import functions as F

from benchmarks.detection.scale import Asked, judged_by
from benchmarks.detection.scale_figures import (
    DAEMONS,
    DRIVER,
    EXECUTORS,
    WORKERS,
    Measured,
    disagreements,
    kind_of,
    memory_table,
    time_table,
)
from benchmarks.detection.scale_run import on_numpy
from benchmarks.detection.scale_world import ScaleWorld
from benchmarks.memory import family
from benchmarks.processes import Usage, watched
from benchmarks.standalone_cluster import ClusterError, standalone_cluster
from jobs.judge_on_spark import judge_on_spark
from models.detection.detector import Detector

ROOT = Path(__file__).parent.parent.parent
BUSY_CHILD = """
import time
kept = bytearray(60 << 20)
while time.process_time() < 0.4:
    pass
time.sleep(0.6)
"""


def dense(spark, path, n_series, world):
    """Counts of written rows, `n_series × n_weeks`."""
    rows = spark.read.parquet(str(path)).toPandas()
    table = np.zeros((n_series, world.n_weeks))
    weeks = world.weeks.get_indexer(rows["period"].astype("datetime64[ns]"))
    table[rows["series"].str[-7:].astype(int), weeks] = rows["count"]
    return table


def cluster_processes():
    commands = [Path(f"/proc/{process}/cmdline").read_text().split("\0") for process in family(os.getpid())[1:]]
    return [command for command in commands if kind_of(command) in (DAEMONS, EXECUTORS, DRIVER)]


def test_the_written_counts_are_the_drawn_ones_and_larger_worlds_begin_alike(spark, tmp_path):
    world = ScaleWorld(100, n_weeks=30, block=40)
    world.write(spark, str(tmp_path / "counts"))
    written = dense(spark, tmp_path / "counts", 100, world)
    np.testing.assert_array_equal(written[:40], world.table(40))
    np.testing.assert_array_equal(written[80:, 7], world.counts(2, 7))
    np.testing.assert_array_equal(ScaleWorld(25, n_weeks=30, block=40).table(25), world.table(40)[:25])
    assert (ScaleWorld(40, n_weeks=30, seed=2, block=40).table(40) != world.table(40)).any()


def test_most_series_are_sparse_and_some_are_large():
    counts = ScaleWorld(50_000, n_weeks=4).counts(0, 3)
    assert np.median(counts) == 0
    assert 0.2 < counts.mean() < 1.0
    assert counts.max() > 50
    with pytest.raises(IndexError, match="first block"):
        ScaleWorld(20, n_weeks=4, block=10).table(11)


def test_a_cluster_of_its_own_judges_as_this_process_does_and_is_gone_afterwards(spark, tmp_path, monkeypatch):
    # As in the profile of the tests: most code runs a few times only.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
    asked = Asked(series=300, weeks=112)
    counts = tmp_path / "counts"
    ScaleWorld(asked.series, asked.weeks, asked.seed).write(spark, str(counts))
    measured = judged_by("cluster", counts, asked, tmp_path)
    here = judge_on_spark(spark.read.parquet(str(counts)), Detector(), chinese=True)
    found = here.agg(F.count("series").alias("series"), F.avg((F.col("p_value") <= 0.01).cast("double")).alias("alarms"))
    assert (measured.series, measured.alarms) == tuple(found.collect()[0])
    assert measured.seconds > 0
    # The cluster's executors and their Python did the work; nothing of it is left.
    for kind in (DAEMONS, EXECUTORS, WORKERS, DRIVER):
        assert measured.usage[kind].peak >= measured.usage[kind].largest > 0
    assert cluster_processes() == []
    assert list(tmp_path.iterdir()) == [counts]


def test_a_cluster_that_does_not_come_up_leaves_nothing_behind(tmp_path):
    with pytest.raises(ClusterError, match="ended"), standalone_cluster(tmp_path, workers=1, memory="nonsense"):
        pytest.fail("it came up")
    assert cluster_processes() == []


def test_numpy_judges_series_in_chunks():
    told = on_numpy(ScaleWorld(80, n_weeks=110), chinese=True)
    assert told["series"] == 80
    assert 0 <= told["alarms"] < 0.2
    assert told["seconds"] > 0


def test_the_command_prints_both_tables():
    command = [sys.executable, "-m", "benchmarks.detection.scale", "--ways", "numpy", "--series", "60", "--weeks", "110"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "the newest of 110 weeks judged" in done.stdout
    assert "largest memory" in done.stdout
    assert done.stdout.count(" numpy ") == 2


def test_tables_compare_local_with_cluster_and_name_disagreements():
    usage = {WORKERS: Usage(peak=500.0, largest=260.0, processor={1: 7.0, 2: 5.0})}
    measured = [
        Measured("numpy", 50, 10, 1.0, 0.01, None, {}),
        Measured("local", 100, 10, 4.0, 0.02, 17, usage),
        Measured("cluster", 100, 10, 5.0, 0.02, 17, usage),
    ]
    cells = {column.header: list(column.cells) for column in time_table(measured).columns}
    assert cells["s / s of cluster"] == ["–", "0.80", "1.00"]
    assert cells["series-weeks/s"] == ["500", "250", "200"]
    assert cells["processor s: Python"] == ["0", "12", "12"]
    cells = {column.header: list(column.cells) for column in memory_table(measured).columns}
    assert cells["the largest Python worker"] == ["–", "260", "260"]
    assert disagreements(measured) == []
    other = Measured("local", 100, 10, 4.0, 0.02, 18, usage)
    assert disagreements([*measured, other]) == ["100 series: the ways judged differently"]


def test_memory_and_time_of_a_child_are_seen_by_kind():
    with watched(lambda command: "child" if BUSY_CHILD in command else None) as usage:
        subprocess.run([sys.executable, "-c", BUSY_CHILD], check=True)
        time.sleep(0.3)
    assert list(usage) == ["child"]
    assert 60 < usage["child"].largest <= usage["child"].peak < 300
    assert 0.3 < usage["child"].seconds < 3
