"""A run of days at a time: drafted, written, cut into the exports that its versions belong to, and laid into a spool.

A complaint of one day appears in the exports of many later ones. Instead of keeping all open complaints in memory, a batch lays
the rows of every export into a file of its own; an export is put together once all batches up to its last day are there.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from simulator.calendar import Workdays
from simulator.choices import PERIODS
from simulator.draft import KINDS, NONE, Draft
from simulator.drafting import Drafter
from simulator.export import Export, open_export
from simulator.lifecycle import Versions, fates, versions
from simulator.rows import LAYOUTS, RowWriter
from simulator.scenario import Scenario
from simulator.seeds import stream
from simulator.spoil import FAULTS, Spoilt, faults_of

# Large enough for the column-wise work to pay, small enough for the memory of a laptop.
BATCH_ROWS = 20_000


@dataclass(frozen=True)
class Batch:
    """Days that are simulated together: first and last offset, both included."""

    number: int
    first: int
    last: int


@dataclass
class Written:
    """What a batch wrote: the export of each part, counts, and the complaints of each incident with their days."""

    batch: Batch
    exports: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    incidents: dict[int, list[tuple[str, int]]] = field(default_factory=dict)


def plan_batches(drafter: Drafter) -> list[Batch]:
    """Consecutive days with about `BATCH_ROWS` complaints together; depends on what is expected, not on what is drawn."""
    batches: list[Batch] = []
    first, rows = 0, 0.0
    days = drafter.scenario.span.days
    for offset, day in enumerate(days):
        rows += drafter.expected(day)
        if rows >= BATCH_ROWS or offset == len(days) - 1:
            batches.append(Batch(len(batches), first, offset))
            first, rows = offset + 1, 0.0
    return batches


def export_labels(scenario: Scenario) -> list[str]:
    """Names of the exports in their order: days, months or years."""
    return list(dict.fromkeys(map(PERIODS[scenario.by], scenario.span.days)))


class Worker:
    """Simulates batches and puts exports together; every process has one."""

    def __init__(self, seed: int, scenario: Scenario, spool: Path, folder: Path) -> None:
        self._seed, self._scenario, self._spool, self._folder = seed, scenario, spool, folder
        self.drafter = Drafter(seed, scenario)
        self._rows = RowWriter(self.drafter)
        self._workdays = Workdays(scenario.span)
        self._labels = export_labels(scenario)
        names = list(map(PERIODS[scenario.by], scenario.span.days))
        self._export_of_day = np.array([self._labels.index(name) for name in names])
        self._header = LAYOUTS[scenario.layout]
        self._faults = faults_of(scenario.format, self._header)

    def simulate(self, batch: Batch) -> Written:
        """Simulate the days of a batch and lay its rows into the spool, as parts that belong to one export each."""
        done, spoilt = Written(batch), []
        draft = Draft.joined([self.drafter.draft(offset) for offset in range(batch.first, batch.last + 1)])
        schema = pa.schema([(name, pa.string()) for name in self._header])
        with pa.OSFile(str(self._spool / f"{batch.number}.arrow"), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            # A day of the nation is drafted at once, as numbers; its texts are written in pieces.
            for first in range(0, len(draft), BATCH_ROWS):
                piece = draft.at(slice(first, first + BATCH_ROWS))
                rng = stream(self._seed, "batch", str(batch.first), str(first))
                for export, table in self._parts(rng, piece, done):
                    rows = self._spoilt(rng, table)
                    spoilt.append([asdict(row) for row in rows])
                    done.exports.append(export)
                    done.counts.update(rows=len(table) + len(rows))
                    done.counts.update(f"malformed.{row.kind}" for row in rows)
                    writer.write_batch(table.combine_chunks().to_batches()[0])
        index = json.dumps({"exports": done.exports, "spoilt": spoilt})
        (self._spool / f"{batch.number}.json").write_text(index, encoding="utf-8")
        return done

    def assemble(self, export: int, batches: list[int]) -> str:
        """Put an export together from its parts in these batches; the file's name."""
        scenario = self._scenario
        path = self._folder / f"12315-{self._labels[export]}.{scenario.format}"
        unfinished = path.with_name(f".{path.name}")
        file = open_export(unfinished, scenario.format, self._header, scenario.encoding)
        for number in batches:
            index = json.loads((self._spool / f"{number}.json").read_text(encoding="utf-8"))
            with pa.memory_map(str(self._spool / f"{number}.arrow")) as source:
                parts = pa.ipc.open_file(source)
                for place, belongs_to in enumerate(index["exports"]):
                    if belongs_to == export:
                        rows = pa.Table.from_batches([parts.get_batch(place)])
                        _write(file, rows, [Spoilt(**row) for row in index["spoilt"][place]])
        file.close()
        unfinished.replace(path)
        return path.name

    def _parts(self, rng: np.random.Generator, draft: Draft, done: Written) -> list[tuple[int, pa.Table]]:
        """The rows of each export that holds versions of these complaints, in the order of the exports."""
        fate = fates(rng, draft, self._workdays)
        rows = self._rows.rows(rng, draft)
        version = versions(rng, draft, fate, self._scenario.span, self._export_of_day)
        table = self._rows.versions(rng, rows, draft, fate, version)
        self._count(done, draft, version, rows.column("登记编号"))
        # A few rows come twice in their export.
        twice = np.repeat(np.arange(len(version)), 1 + (rng.random(len(version)) < self.drafter.calibration["duplicated"]))
        done.counts.update(duplicated=len(twice) - len(version))
        table, export = table.take(pa.array(twice)), self._export_of_day[version.exported][twice]
        starts = np.flatnonzero(np.diff(export, prepend=-1))
        ends = [*starts[1:], len(export)]
        return [(int(export[start]), table.slice(start, end - start)) for start, end in zip(starts, ends, strict=True)]

    def _spoilt(self, rng: np.random.Generator, table: pa.Table) -> list[Spoilt]:
        """Spoilt copies of rows, under numbers of their own, in the order of their places."""
        count = int(rng.poisson(self.drafter.calibration["malformed"] * len(table)))
        places, found = np.sort(rng.integers(len(table) + 1, size=count)), []
        for before in map(int, places):
            kind = self._faults[int(rng.integers(len(self._faults)))]
            row = table.slice(int(rng.integers(len(table))), 1).to_pylist()[0]
            row["登记编号"] = f"{row['登记编号']}X{before}"
            found.append(Spoilt(kind, FAULTS[kind].spoil(rng, self._header, list(row.values())), before))
        return found

    def _count(self, done: Written, draft: Draft, version: Versions, numbers: pa.ChunkedArray) -> None:
        """Counts of complaints that reach an export, and of the versions in the exports."""
        first = np.unique(version.row, return_index=True)[1]
        seen = version.row[first]
        done.counts.update(
            complaints=len(seen),
            later_versions=len(version) - len(seen),
            late=int(version.late[first].sum()),
            filed_again=int(draft.repeat[seen].sum()),
            serial=int((draft.serial[seen] != NONE).sum()),
        )
        done.counts.update(
            {
                f"kind.{KINDS[kind]}": int(count)
                for kind, count in enumerate(np.bincount(draft.kind[seen], minlength=3))
                if count
            }
        )
        marked = seen[draft.incident[seen] != NONE]
        for row in map(int, marked):
            done.incidents.setdefault(int(draft.incident[row]), []).append((numbers[row].as_py(), int(draft.day[row])))


def _write(file: Export, rows: pa.Table, spoilt: list[Spoilt]) -> None:
    """Write rows, and each spoilt one before the row that it stands before."""
    before = 0
    for row in spoilt:
        file.write(rows.slice(before, row.before - before))
        file.write_spoilt(row)
        before = row.before
    file.write(rows.slice(before))
