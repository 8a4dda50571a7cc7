"""What each kind of process below this one took: the largest memory, and time on the processor."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.memory import MEGABYTE, SAMPLE_SECONDS, family, proportional_memory

TICKS = os.sysconf("SC_CLK_TCK")
Kind = Callable[[list[str]], str | None]


@dataclass
class Usage:
    """What a kind of process took.

    Attributes:
        peak: the largest memory, in megabytes, of all processes of the kind together; shared pages are counted once.
        largest: the largest memory, in megabytes, of a single one.
        seconds: time on the processor of all of them, but for the last moments of those that ended.
    """

    peak: float = 0.0
    largest: float = 0.0
    processor: dict[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(self.processor.values())


@contextmanager
def watched(kind_of: Kind) -> Iterator[dict[str, Usage]]:
    """Usage by kind of all processes below this one, while the block runs; it is complete behind the block.

    Args:
        kind_of: names the kind of a process by its command line; None for one that does not count.
    """
    usage: dict[str, Usage] = {}
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(SAMPLE_SECONDS):
            _sample(usage, kind_of)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield usage
    finally:
        stopped.set()
        thread.join()


def _sample(usage: dict[str, Usage], kind_of: Kind) -> None:
    together: dict[str, float] = {}
    for process in family(os.getpid())[1:]:
        kind = kind_of(_command(process))
        if kind is None:
            continue
        memory, one = proportional_memory(process) / MEGABYTE, usage.setdefault(kind, Usage())
        one.largest = max(one.largest, memory)
        one.processor[process] = max(one.processor.get(process, 0.0), _processor_seconds(process))
        together[kind] = together.get(kind, 0.0) + memory
    for kind, memory in together.items():
        usage[kind].peak = max(usage[kind].peak, memory)


def _command(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return []


def _processor_seconds(process: int) -> float:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system = told[11:13]
    return (int(user) + int(system)) / TICKS
