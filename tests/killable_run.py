"""Loads a file into a home in a process of its own; told to, the process and its JVM are killed at a certain write.

Usage: killable_run.py HOME FILE DATE [before|inside|after TABLE NTH]
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from jobs.aggregate import aggregate
from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.commands.base import invocation, open_warehouse
from jobs.enrich import enrich
from jobs.refine import refine
from warehouse.sources import mapping_of
from warehouse.storage import Warehouse

SOURCE = "national_12315"


def kill() -> None:
    """What an operator, the kernel or a power cut does: nothing is closed, nothing is tidied up."""
    from pyspark import SparkContext

    os.kill(SparkContext._gateway.proc.pid, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def kill_between_data_and_commit(folder: Path) -> None:
    """Wait until the write has put its rows on the disk, and strike before its commit makes them count."""
    before = set(folder.rglob("*.parquet"))

    def watch() -> None:
        while not set(folder.rglob("*.parquet")) - before:
            time.sleep(0.0005)
        kill()

    threading.Thread(target=watch, daemon=True).start()


def arm(when: str, table: str, nth: int) -> None:
    """Let the `nth` write to a table be the one at which the process is killed."""
    writes: Counter[str] = Counter()
    for name in ("append", "replace", "upsert"):
        real = getattr(Warehouse, name)

        def write(self, written, *arguments, _real=real, **options):
            writes[written] += 1
            struck = (written, writes[written]) == (table, nth)
            if struck and when == "before":
                kill()
            if struck and when == "inside":
                kill_between_data_and_commit(self.home.tables / table.replace(".", "/"))
            _real(self, written, *arguments, **options)
            if struck:
                kill()

        setattr(Warehouse, name, write)


def main(home: str, file: str, date: str, *struck: str) -> None:
    if struck:
        arm(struck[0], struck[1], int(struck[2]))
    invocation.home = home
    mapping = mapping_of(SOURCE)
    arrivals = open_arrivals(mapping, [file])
    with open_warehouse(write=True) as warehouse:
        ingest_arrivals(warehouse, mapping, arrivals, dt.date.fromisoformat(date))
        refine(warehouse)
        enrich(warehouse)
        aggregate(warehouse)


if __name__ == "__main__":
    main(*sys.argv[1:])
