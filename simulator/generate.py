"""A scenario into files: batches and exports over several processes, and the truth about what was planted."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from simulator.batches import Batch, Worker, Written, export_labels, plan_batches
from simulator.choices import PERIODS
from simulator.drafting import Drafter
from simulator.scenario import Scenario
from simulator.truth import truth_of, write_truth

Progress = Callable[[int, int], None]
Result = TypeVar("Result")
TRUTH = "truth.json"
# Batches that are under way or spooled ahead of the exports, per process.
AHEAD = 2
# Complaints from which on several processes are quicker than one: each takes some seconds to start.
MANY_COMPLAINTS = 800_000


@dataclass(frozen=True)
class Simulated:
    """What was written: files in the order of their days, rows in them, complaints in these, and the file with the truth."""

    files: list[Path]
    rows: int
    complaints: int
    truth: Path


def simulate(
    scenario: Scenario, seed: int, folder: Path, *, workers: int | None = None, progress: Progress = lambda _done, _all: None
) -> Simulated:
    """Write a world's exports and its truth. The same scenario and seed give the same bytes, whatever the number of workers.

    Args:
        scenario: what to simulate.
        seed: of all random numbers; not negative.
        folder: is made if need be; files of the same names are replaced.
        workers: processes; one simulates in this process. If not given, all cores for a large world and one for a small one.
        progress: is told days done and all days.

    Raises:
        ValueError: the folder holds exports of another world, the seed is negative, or a sheet would get too long.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}; it must not be negative")
    labels = export_labels(scenario)
    names = [f"12315-{label}.{scenario.format}" for label in labels]
    folder.mkdir(parents=True, exist_ok=True)
    strangers = sorted({path.name for path in folder.glob("12315-*")} - set(names))
    if strangers:
        raise ValueError(f"{folder} holds other exports, such as {strangers[0]}; give an empty folder")
    with tempfile.TemporaryDirectory(prefix=".spool-", dir=folder) as spool:
        arguments = (seed, scenario, Path(spool), folder)
        here = Worker(*arguments)
        batches = plan_batches(here.drafter)
        with _executor(workers or _workers_for(here.drafter), arguments, here) as executor:
            done = _run(executor, batches, Path(spool), scenario, progress)
        truth = write_truth(folder / TRUTH, truth_of(seed, here.drafter, done))
    counts = sum((written.counts for written in done), Counter[str]())
    return Simulated([folder / name for name in names], counts["rows"], counts["complaints"], truth)


def _run(executor: Executor, batches: list[Batch], spool: Path, scenario: Scenario, progress: Progress) -> list[Written]:
    """Simulate all batches, and put exports together as soon as no later batch can add to them."""
    ends = _last_days(scenario)
    done: list[Written] = []
    waiting: list[Future[Written]] = []
    assembling: list[Future[str]] = []
    finished = 0
    queue = iter(batches)
    limit = AHEAD * (os.cpu_count() or 1)
    for batch in queue:
        waiting.append(executor.submit(_simulate, batch))
        if len(waiting) >= limit:
            break
    while waiting:
        done.append(waiting.pop(0).result())
        for batch in queue:
            waiting.append(executor.submit(_simulate, batch))
            break
        complete = sum(end <= done[-1].batch.last for end in ends)
        for export in range(finished, complete):
            parts = [written.batch.number for written in done if export in written.exports]
            assembling.append(executor.submit(_assemble, export, parts))
        finished = complete
        if len(assembling) >= limit:
            assembling = _settle(assembling)
            _sweep(done, finished, spool)
        progress(done[-1].batch.last + 1, len(scenario.span.days))
    _settle(assembling)
    return done


def _workers_for(drafter: Drafter) -> int:
    """Processes that pay."""
    complaints = sum(map(drafter.expected, drafter.scenario.span.days))
    return (os.cpu_count() or 1) if complaints >= MANY_COMPLAINTS else 1


def _settle(futures: list[Future[str]]) -> list[Future[str]]:
    for future in futures:
        future.result()
    return []


def _sweep(done: list[Written], finished: int, spool: Path) -> None:
    """Delete what every export has taken its part of."""
    for written in done:
        if not written.exports or max(written.exports) < finished:
            for suffix in ("arrow", "json"):
                (spool / f"{written.batch.number}.{suffix}").unlink(missing_ok=True)


def _last_days(scenario: Scenario) -> list[int]:
    """Offset of the last day of each export."""
    last = {PERIODS[scenario.by](day): offset for offset, day in enumerate(scenario.span.days)}
    return list(last.values())


_worker: Worker


def _start(*arguments: Any) -> None:
    global _worker  # noqa: PLW0603 - a process has one worker, as long as it lives
    _worker = Worker(*arguments)


def _simulate(batch: Batch) -> Written:
    return _worker.simulate(batch)


def _assemble(export: int, batches: list[int]) -> str:
    return _worker.assemble(export, batches)


class _Here(Executor):
    """Runs what it is given at once, in this process."""

    def submit(self, function: Callable[..., Result], /, *arguments: Any, **keywords: Any) -> Future[Result]:
        future: Future[Result] = Future()
        future.set_result(function(*arguments, **keywords))
        return future


@contextmanager
def _executor(workers: int, arguments: tuple[Any, ...], here: Worker) -> Iterator[Executor]:
    if workers == 1:
        global _worker  # noqa: PLW0603 - as above; this process is the one worker
        _worker = here
        yield _Here()
    else:
        # A fresh interpreter: Arrow's threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=arguments) as pool:
            yield pool
