"""The largest memory that a process, or a family of processes, had."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1 << 20
SAMPLE_SECONDS = 0.25


def own_peak() -> float:
    """The largest memory of this process, in megabytes; what `getrusage` tells a child holds its parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """The largest memory, in megabytes, of this process and all below it; shared pages are counted once."""
    peak, stopped = [0.0], threading.Event()

    def watch() -> None:
        while not stopped.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], sum(map(proportional_memory, family(os.getpid()))) / MEGABYTE)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stopped.set()
        thread.join()


def family(root: int) -> list[int]:
    """The process and all below it, itself first."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = [root]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def proportional_memory(process: int) -> int:
    """Bytes of a process, its part of what it shares with others; 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
