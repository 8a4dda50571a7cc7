"""What a way to judge many series took, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from benchmarks.processes import Usage

DRIVER, DRIVER_JVM, EXECUTORS, WORKERS, DAEMONS = "driver", "driver's JVM", "executors", "Python workers", "master and workers"
KINDS = {
    "benchmarks.detection.scale_run": DRIVER,
    "org.apache.spark.deploy.SparkSubmit": DRIVER_JVM,
    "org.apache.spark.executor.CoarseGrainedExecutorBackend": EXECUTORS,
    "pyspark.daemon": WORKERS,
    "org.apache.spark.deploy.master.Master": DAEMONS,
    "org.apache.spark.deploy.worker.Worker": DAEMONS,
}


@dataclass(frozen=True)
class Measured:
    """One way to judge some series.

    Attributes:
        way: `numpy`, `local` or `cluster`.
        series: judged, those without any complaint left out.
        weeks: of each series.
        seconds: of judging.
        alarms: share of series at or below a p-value of 1 %.
        digest: of all that was judged; None where it was not kept.
        usage: by kind of process.
    """

    way: str
    series: int
    weeks: int
    seconds: float
    alarms: float
    digest: int | None
    usage: dict[str, Usage]

    def processor_seconds(self, *kinds: str) -> float:
        """Time on the processor of some kinds of processes, the start of Spark included."""
        return sum(self.usage[kind].seconds for kind in kinds if kind in self.usage)


def kind_of(command: list[str]) -> str | None:
    """The kind of a process by its command line; None for one that does not count."""
    return next((kind for name, kind in KINDS.items() if name in command), None)


def time_table(measured: Sequence[Measured]) -> Table:
    """A row per size and way: seconds, what they come to, and time on the processor of Python and Java."""
    titles = ("s", "series-weeks/s", "s / s of cluster", "processor s: Python", "processor s: Java", "alarms %")
    table = _table(f"the newest of {measured[0].weeks} weeks judged", titles)
    for one in measured:
        cluster = next((other.seconds for other in measured if (other.way, other.series) == ("cluster", one.series)), None)
        table.add_row(
            f"{one.series:,}",
            one.way,
            f"{one.seconds:,.1f}",
            f"{one.series * one.weeks / one.seconds:,.0f}",
            "–" if cluster is None else f"{one.seconds / cluster:.2f}",
            f"{one.processor_seconds(DRIVER, WORKERS):,.0f}",
            f"{one.processor_seconds(DRIVER_JVM, EXECUTORS):,.0f}",
            f"{100 * one.alarms:.2f}",
        )
    return table


def memory_table(measured: Sequence[Measured]) -> Table:
    """A row per size and way: the largest memory of every kind of process, and of a single Python worker."""
    kinds = (DRIVER, DRIVER_JVM, EXECUTORS, WORKERS, DAEMONS)
    table = _table("largest memory, MB, of all processes of a kind", (*kinds, "the largest Python worker"))
    for one in measured:
        peaks = (f"{one.usage[kind].peak:,.0f}" if kind in one.usage else "–" for kind in kinds)
        largest = f"{one.usage[WORKERS].largest:,.0f}" if WORKERS in one.usage else "–"
        table.add_row(f"{one.series:,}", one.way, *peaks, largest)
    return table


def disagreements(measured: Sequence[Measured]) -> list[str]:
    """Sizes at which two ways judged differently, as sentences."""
    digests: dict[int, set[int]] = {}
    for one in measured:
        if one.digest is not None:
            digests.setdefault(one.series, set()).add(one.digest)
    return [f"{series:,} series: the ways judged differently" for series, found in digests.items() if len(found) > 1]


def _table(title: str, titles: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("series", justify="right")
    table.add_column("way")
    for one in titles:
        table.add_column(one, justify="right")
    return table
