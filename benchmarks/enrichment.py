"""Enrichment: complaints per second and peak memory beside plain pandas with jieba and polars with rjieba; where time goes.

Run it alone with `python -m benchmarks.enrichment`: it takes a quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.loading import SEED, load
from benchmarks.memory import own_peak, peak_memory
from benchmarks.plain_enrichment import TEXTS, pandas_jieba, polars_rjieba
from features.deadlines import deadlines
from features.extraction import extract
from features.judging import Judges, judge_all, plain_text, text_identity, text_of
from features.merchants import merchant_key, normalise_merchant
from features.profiles import READS, REVIEWED
from features.routing import route
from features.segmentation import segmenter
from features.severity import judge_severity
from features.trees import issues, products
from jobs.judges import judges_of, model_folder
from jobs.labelled import LabelledTexts
from jobs.training import train
from simulator.generate import simulate
from simulator.scenario import preset
from warehouse.home import Home

ROWS = 1_000_000
DAYS = 60
# What the simulated nation complains of in a day, consultations included.
NATION_A_DAY = 158_000
LAST = dt.date(2026, 11, 15)
# Rows of the plain ways, whose speed does not depend on their number, and of the steps.
SAMPLE = 20_000
# Rows that the classifiers of the steps are trained on.
LEARNED = 4_000
# Rows judged at once: the batches that Spark hands over.
BATCH = 10_000
MICRO = 1e6


@dataclass(frozen=True)
class Measured:
    """One way to enrich: rows, seconds, and peak memory in megabytes."""

    way: str
    rows: int
    seconds: float
    peak: float

    def __str__(self) -> str:
        return f"{self.way} {self.rows / self.seconds:,.0f} rows/s, peak {self.peak:,.0f} MB"


@dataclass(frozen=True)
class Enrichment:
    """Ours, the plain ways, and microseconds per complaint of each step of ours in one process."""

    characters: float
    ours: Measured
    plain: list[Measured]
    steps: dict[str, float]

    def __str__(self) -> str:
        rate = self.ours.rows / self.ours.seconds
        whole = sum(self.steps.values())
        return "\n".join(
            [
                f"enrichment: {self.ours.rows:,} complaints of {self.characters:.0f} characters; {self.ours}",
                *(f"enrichment: {way}; ours is {rate * way.seconds / way.rows:.2f} times as quick" for way in self.plain),
                f"enrichment: {whole:.0f} µs a complaint in one process: "
                + ", ".join(f"{step} {micros:.1f} ({micros / whole:.0%})" for step, micros in self.steps.items()),
            ]
        )


def run() -> Enrichment:
    """Enrich a home of ROWS complaints, a sample of it by the plain ways, and another step by step."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = Home.at(folder / "home")
        ours = _enriched(home, folder)
        sample = folder / "sample.parquet"
        plain = [_plainly(way, sample) for way in (pandas_jieba, polars_rjieba)]
        table = pq.read_table(sample)
        return Enrichment(_characters(table), ours, plain, step_times(table, with_classifiers(home, table)))


def _enriched(home: Home, folder: Path) -> Measured:
    """The time of the whole job; a sample of what it reads is left in the folder."""
    from jobs.enrich import enrich
    from warehouse.session import spark_session
    from warehouse.sources import SILVER
    from warehouse.storage import Warehouse

    span = {"first": LAST - dt.timedelta(days=DAYS - 1), "last": LAST}
    scale = ROWS / (DAYS * NATION_A_DAY)
    world = preset("national-year", **span, scale=scale, by="day", format="csv", incidents=False)
    files = sorted(simulate(world, SEED, folder / "exports").files)
    with spark_session(home, "benchmark") as spark:
        warehouse = Warehouse(spark, home)
        load(warehouse, files, LAST)
        told = [name for name in READS if name not in REVIEWED]
        pq.write_table(warehouse.read(SILVER).select(*told).limit(SAMPLE).toArrow(), folder / "sample.parquet")
        with peak_memory() as peak:
            start = time.perf_counter()
            rows = enrich(warehouse).complaints
            return Measured("ours on Spark", rows, time.perf_counter() - start, peak[0])


def _plainly(way: Callable[[pa.Table], Any], sample: Path) -> Measured:
    """One of the plain ways in a process of its own, tables loaded before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_plain, (way, sample))


def _plain(way: Callable[[pa.Table], Any], sample: Path) -> Measured:
    table = pq.read_table(sample)
    way(table.slice(0, 1))
    start = time.perf_counter()
    way(table)
    seconds = time.perf_counter() - start
    return Measured(way.__name__.replace("_", " and "), len(table), seconds, own_peak())


def with_classifiers(home: Home, table: pa.Table) -> Judges:
    """The judges of the home, with classifiers that learned the official classes of the first complaints."""
    rows, lexicon = table.slice(0, LEARNED).to_pylist(), judges_of(home).lexicon
    for name, tree in (("product", products()), ("issue", issues())):
        nodes = [tree.node_of(row[f"{name}_code"], row[f"{name}_label"]) for row in rows]
        texts = [text_of(row) for row, node in zip(rows, nodes, strict=True) if node]
        labelled = LabelledTexts(texts, [node for node in nodes if node], 0, "silver.complaints", "")
        train(labelled, model_folder(home, name), name, lexicon)
    return judges_of(home)


def step_times(table: pa.Table, judges: Judges) -> dict[str, float]:
    """Microseconds per complaint of each step.

    Args:
        table: silver complaints with the columns of `features.profiles.READS` but the reviewers'. The first third fills
            what is remembered of values, the second is judged step by step, the last at once, for what is beside the steps.
        judges: who judges.
    """
    for name in REVIEWED:
        table = table.append_column(name, pa.nulls(len(table), pa.string()))
    third = len(table) // 3
    first, second, last = (table.slice(third * place, third).to_batches(BATCH) for place in range(3))
    for batch in first:
        judge_all(batch.to_pylist(), judges)
    watch, whole = Stopwatch(), Stopwatch()
    for batch in second:
        _step_by_step(batch, judges, watch)
    for batch in last:
        with whole.step("Arrow in"):
            rows = batch.drop_columns(["version_at"]).to_pylist()
        with whole.step("judging"):
            judged = judge_all(rows, judges)
        with whole.step("Arrow out"):
            _arrow_arrays(judged)
    steps = {name: seconds / third * MICRO for name, seconds in watch.seconds.items()}
    beside = {name: seconds / third * MICRO for name, seconds in whole.seconds.items()}
    rest = max(beside.pop("judging") - sum(steps.values()), 0.0)
    return {**steps, "records and reasons": rest, **beside}


@dataclass
class Stopwatch:
    """Seconds of this process's own work in each step, over all batches: others on the machine do not count."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of a block to a step."""
        start = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start


def _step_by_step(batch: pa.RecordBatch, judges: Judges, watch: Stopwatch) -> None:
    """What `features.judging.judge_all` does, one step after the other over the whole batch."""
    rows, cutter = batch.to_pylist(), segmenter(judges.lexicon)
    texts = [text_of(row) for row in rows]
    with watch.step("words"):
        words = [cutter.words(text) for text in texts]
    guesses: dict[str, list[Any]] = {"product": [None] * len(rows), "issue": [None] * len(rows)}
    for name, judge in (("product", judges.product), ("issue", judges.issue)):
        if judge:
            with watch.step("classifiers"):
                guesses[name] = list(judge.guesses(words, [cutter.prepared(text) for text in texts]))
    with watch.step("text keys"):
        judges.fingerprints.of([plain_text(row["content"]) for row in rows])
    nodes = {}
    for name, tree in (("product", products()), ("issue", issues())):
        with watch.step("product and issue"):
            nodes[name] = [
                tree.judge(row[f"{name}_code"], row[f"{name}_label"], own, guess).node
                for row, own, guess in zip(rows, words, guesses[name], strict=True)
            ]
    with watch.step("facts"):
        for row, text in zip(rows, texts, strict=True):
            extract(text, row["event_date"])
    with watch.step("severity"):
        for row, text in zip(rows, texts, strict=True):
            judge_severity(text, row["injured_count"], row["death_count"], row["fire_involved"])
    with watch.step("routing"):
        for row, own, product, issue in zip(rows, words, nodes["product"], nodes["issue"], strict=True):
            route(product, issue, own, online=bool(row["is_online"]), kind=row["kind"])
    with watch.step("deadlines"):
        for row in rows:
            accepted = row["accepted_at"]
            deadlines(row["kind"], row["event_date"], accepted and accepted.date(), row["decision"])
    with watch.step("respondent"):
        for row in rows:
            merchant_key(row["merchant_name"], row["merchant_uscc"], row["region_code"], row["platform_name"], row["is_online"])
            normalise_merchant(row["merchant_name"])
    with watch.step("text identity"):
        for row in rows:
            text_identity(row["content"])


def _arrow_arrays(judged: list[dict[str, Any]]) -> list[pa.Array]:
    return [pa.array([row[name] for row in judged]) for name in judged[0]]


def _characters(table: pa.Table) -> float:
    """Mean length of the texts that are judged."""
    lengths = [sum(len(row[name] or "") for name in TEXTS) for row in table.select(TEXTS).to_pylist()]
    return sum(lengths) / max(len(lengths), 1)


# Processes of the plain ways import this module anew.
if __name__ == "__main__":
    print(run())
