"""kill -9 at every step, between and inside them, and two runs at once: the tables are those of an undisturbed run."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import killable_run
import pytest
from deltalake import DeltaTable
from tiny_export import complaint

from jobs.aggregate import aggregate
from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.enrich import enrich
from jobs.ledger import COUNTED, loads
from jobs.refine import refine
from warehouse.contracts import contracts
from warehouse.home import Home
from warehouse.sources import mapping_of
from warehouse.storage import Warehouse

SOURCE = mapping_of(killable_run.SOURCE)
FIRST, SECOND, THIRD = (dt.date(2026, 6, day) for day in (10, 11, 12))
# What tells of the way and not of the result.
OF_THE_WAY = {"versions_before", "versions_after"}
KILLED_AT = [
    ("inside", "bronze.complaints", 1),
    ("after", "ops.loads", 3),
    ("inside", "silver.complaints", 1),
    ("after", "silver.complaints", 1),
    ("inside", "silver.complaint_profiles", 1),
    ("inside", "silver.complaint_links", 1),
    ("inside", "gold.complaint_counts", 1),
    ("after", "gold.complaint_counts", 1),
    ("before", "ops.loads", 5),
]


def load(warehouse: Warehouse, file: str, date: dt.date) -> None:
    with warehouse.home.lock():
        ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, [file]), date)
        refine(warehouse)
        enrich(warehouse)
        aggregate(warehouse)


def start(home: Path, file: str, date: dt.date, *struck: object) -> subprocess.Popen[bytes]:
    """The same in a process of its own."""
    command = [sys.executable, killable_run.__file__, str(home), file, str(date), *map(str, struck)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "RADAR_SPARK": "test"})


def tables(root: Path) -> dict[str, list[str]]:
    """Every row of every table that was written, read without Spark: that is quicker, and another reader."""
    found = {}
    for table in contracts():
        folder = root / "tables" / table.replace(".", "/")
        if (folder / "_delta_log").is_dir():
            rows = DeltaTable(str(folder)).to_pyarrow_table().to_pylist()
            found[table] = sorted(str({k: v for k, v in row.items() if k not in OF_THE_WAY}) for row in rows)
    return found


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A first delivery, and a second that adds, changes and moves complaints, repeats some and has rows to reject."""
    import csv

    from tiny_export import HEADER

    first = [complaint(number, dt.date(2026, 6, 1 + number % 6), "甲牌") for number in range(20)]
    second = [
        *(complaint(number, dt.date(2026, 6, 8), "乙牌") for number in range(20, 26)),
        {**first[0], "初查受理状态": "已受理"},
        {**first[1], "登记日期": "2026-05-30 10:00:00"},
        {**first[2], "企业名称": "丙牌专卖店"},
        *first[5:9],
        {**first[3], "登记编号": ""},
    ]
    folder, paths = tmp_path_factory.mktemp("exports"), []
    for name, rows in (("first.csv", first), ("second.csv", second)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)
        paths.append(str(folder / name))
    return paths


@pytest.fixture(scope="module")
def base(spark, tmp_path_factory, exports):
    """A home that holds the first delivery."""
    home = Home.at(tmp_path_factory.mktemp("base") / "home")
    load(Warehouse(spark, home), exports[0], FIRST)
    return home.root


@pytest.fixture(scope="module")
def undisturbed(spark, tmp_path_factory, base, exports):
    """All tables after the second delivery, loaded in peace."""
    root = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(base, root)
    warehouse = Warehouse(spark, Home.at(root))
    load(warehouse, exports[1], SECOND)
    return tables(root)


@pytest.mark.parametrize("struck", KILLED_AT, ids=lambda struck: "-".join(map(str, struck)))
def test_a_killed_run_that_is_started_again_ends_as_if_nothing_had_been(spark, tmp_path, base, exports, undisturbed, struck):
    shutil.copytree(base, tmp_path / "home")
    killed = start(tmp_path / "home", exports[1], SECOND, *struck)
    assert killed.wait(timeout=300) == -signal.SIGKILL

    warehouse = Warehouse(spark, Home.at(tmp_path / "home"))
    assert tables(warehouse.home.root) != undisturbed
    # The next run may come on another day; what was announced goes on under its own.
    load(warehouse, exports[1], THIRD)
    assert tables(warehouse.home.root) == undisturbed
    assert not [left for pattern in ("staging-*", "refining-*") for left in warehouse.home.state.glob(pattern)]


def test_two_loads_at_once_wait_for_each_other_and_lose_nothing(spark, tmp_path, exports):
    together = [start(tmp_path / "home", file, FIRST) for file in exports]
    assert [process.wait(timeout=300) for process in together] == [0, 0]
    warehouse = Warehouse(spark, Home.at(tmp_path / "home"))
    first, second = loads(warehouse)
    assert (first.state, second.state) == (COUNTED, COUNTED)
    assert sorted((first.load_sequence, second.load_sequence)) == [1, 2]
    assert warehouse.read("bronze.complaints").count() == first.rows_in + second.rows_in == 34
    assert warehouse.read("silver.complaints").count() == 26

    # In that order, one after the other, the tables come out the same.
    calm = Warehouse(spark, Home.at(tmp_path / "calm"))
    shutil.copy(tmp_path / "home" / "state" / "hash.key", calm.home.state)
    for file in sorted(exports, key=lambda path: path.endswith(second.file_name)):
        load(calm, file, FIRST)
    assert tables(calm.home.root) == tables(warehouse.home.root)
