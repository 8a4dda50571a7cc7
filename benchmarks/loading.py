"""Loading: rows per second and peak memory of ingest and refine beside a plain pandas script; a day on top of a long history.

Run it alone with `python -m benchmarks.loading`: it takes a quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.memory import own_peak, peak_memory
from benchmarks.pairs import Comparison
from features.masking import keyed_hash, mask
from features.regions import resolve
from simulator.generate import simulate
from simulator.scenario import preset
from warehouse.home import Home

SEED = 3
DAYS = 366
# Of the nation's volume; with it the exports of DAYS days hold five million rows, versions included.
SCALE = 0.0455
# Rows that both ways load.
ROWS = 1_000_000
SOURCE = "national_12315"


def run() -> Comparison:
    """Load a million rows both ways, then the rest of five million, then one more day."""
    from warehouse.session import spark_session
    from warehouse.storage import Warehouse

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        last = dt.date(2026, 11, 15)
        span = {"first": last - dt.timedelta(days=DAYS - 1), "last": last}
        world = preset("national-year", **span, scale=SCALE, by="day", format="csv", incidents=False)
        *history, newest = sorted(simulate(world, SEED, folder / "exports").files)
        first, rest = _split(history)
        home = Home.at(folder / "home")
        with peak_memory() as peak, spark_session(home, "benchmark") as spark:
            warehouse = Warehouse(spark, home)
            rows, seconds = load(warehouse, first, last)
            ours = seconds
            more, seconds = load(warehouse, rest, last) if rest else (0, 0.0)
            day, increment = load(warehouse, [newest], last)
        plain, plain_peak = _plainly(first, folder / "plain")
        print(f"loading: {rows:,} rows at {rows / ours:,.0f} rows/s, {more:,} more in {seconds:.0f} s; peak {peak[0]:,.0f} MB")
        print(f"loading: a day of {day:,} rows on top of {rows + more:,} takes {increment:.1f} s")
        print(f"loading: the plain script {rows / plain:,.0f} rows/s; peak {plain_peak:,.0f} MB")
        return Comparison("loading, ingest and refine against plain pandas", rows, ours, plain, [plain / ours])


def _split(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The first files, until they hold ROWS rows, and the others."""
    rows = 0
    for place, path in enumerate(files):
        if rows >= ROWS:
            return list(files[:place]), list(files[place:])
        with path.open("rb") as file:
            rows += sum(1 for _ in file) - 1
    return list(files), []


def load(warehouse, files: Sequence[Path], load_date: dt.date) -> tuple[int, float]:  # type: ignore[no-untyped-def]
    """Rows that `ingest` and `refine` took of the files, and seconds."""
    from jobs.arrivals import ingest_arrivals, open_arrivals
    from jobs.refine import refine
    from warehouse.sources import mapping_of

    start = time.perf_counter()
    mapping = mapping_of(SOURCE)
    done = ingest_arrivals(warehouse, mapping, open_arrivals(mapping, [str(path) for path in files]), load_date)
    refine(warehouse)
    return sum(load.rows_in for load in done.new), time.perf_counter() - start


def _plainly(files: Sequence[Path], out: Path) -> tuple[float, float]:
    """Seconds and peak memory in megabytes of the plain script in a process of its own."""
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        peak = pool.apply(_plain, (list(files), out))
    return time.perf_counter() - start, peak


def _plain(files: Sequence[Path], out: Path) -> float:
    """What one would write in an hour: everything in memory, one table, no ledger, no history, nothing to resume."""
    out.mkdir()
    rows = pd.concat([pd.read_csv(path, dtype=str, on_bad_lines="skip") for path in files], ignore_index=True)
    rows["registered_at"] = pd.to_datetime(rows["登记日期"], errors="coerce")
    rows["version_at"] = pd.to_datetime(rows["更新时间"], errors="coerce").fillna(rows["registered_at"])
    rows["amount"] = pd.to_numeric(rows["消费金额"], errors="coerce")
    good = rows["登记编号"].notna() & rows["类型"].isin(["投诉", "举报", "咨询"]) & rows["registered_at"].notna()
    rows[~good].to_parquet(out / "rejected.parquet")
    rows = rows[good].sort_values("version_at").drop_duplicates("登记编号", keep="last")
    for column in ("具体问题", "企业名称", "企业地址", "反馈内容", "商品/服务名称", "事发地"):
        rows[column] = rows[column].map(mask, na_action="ignore")
    rows["region_code"] = rows["事发地"].map(resolve, na_action="ignore")
    rows["phone_key"] = rows.pop("联系电话").map(lambda phone: keyed_hash(phone, b"key"), na_action="ignore")
    rows.to_parquet(out / "complaints.parquet")
    return own_peak()


if __name__ == "__main__":
    print(run())
