"""Two ways to do the same work, timed in turns, so that a busy machine slows both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Comparison:
    """Median seconds of both ways and the ratio of each round."""

    what: str
    items: int
    ours: float
    other: float
    ratios: list[float]

    def __str__(self) -> str:
        low, high = min(self.ratios), max(self.ratios)
        return (
            f"{self.what}: {self.items / self.ours:,.0f}/s against {self.items / self.other:,.0f}/s, "
            f"ratio {statistics.median(self.ratios):.1f} ({low:.1f} to {high:.1f} over {len(self.ratios)} rounds)"
        )


def compare(what: str, items: int, ours: Callable[[], object], other: Callable[[], object]) -> Comparison:
    """Time both in turns after a warm-up; the ratio says how many times quicker ours is."""
    ours()
    pairs = [(_seconds(ours), _seconds(other)) for _ in range(ROUNDS)]
    return Comparison(
        what,
        items,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        [b / a for a, b in pairs],
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
