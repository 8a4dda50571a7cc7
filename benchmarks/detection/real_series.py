"""What the measurements on real series share: where the data lie, and how tables of counts are made and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.detection.references import EARS_LIMITS, ears, judge_with_r
from benchmarks.detection.scoring import threshold
from benchmarks.detection.world import Bools, Floats, Ints, World
from jobs.detect_series import judge_table

REAL_DATA = Path(__file__).parents[3] / "shared" / "data"
ALPHA = 0.01
OURS = "Complaint Radar"


class DataMissingError(Exception):
    """A real data set is not there; the message says which."""


def data_file(root: Path, name: str) -> Path:
    """A file of the real data.

    Raises:
        DataMissingError: it is not there.
    """
    path = root / name
    if not path.exists():
        raise DataMissingError(f"{path} is missing; these data are not part of the project")
    return path


@dataclass(frozen=True)
class Judged:
    """Judged periods of real series.

    Attributes:
        method: its name.
        score: `n_series × judged`; higher is rarer.
        alarm: `n_series × judged`; the method's own alarms.
    """

    method: str
    score: Floats
    alarm: Bools

    def at_rate(self, quiet: Bools, rate: float) -> Bools:
        """Alarms at a rate of at most `rate` over the periods marked quiet, `n_series × judged`."""
        return self.score > threshold(self.score[quiet], rate)


def judge_ours(
    counts: Ints, periods: pd.DatetimeIndex, judged: int, *, frequency: str = "week", calendar: str = "none"
) -> Judged:
    """Judge series together by the door of `radar detect-series`; `counts` is `n_series × n_periods`."""
    names = [f"s{row:06d}" for row in range(len(counts))]
    table = pd.DataFrame(
        {
            "series_id": np.repeat(names, len(periods)),
            "period": np.tile(periods.strftime("%Y-%m-%d").to_numpy(), len(names)),
            "count": counts.ravel(),
        }
    )
    rows = judge_table(table, frequency, chinese_calendar=calendar, last=judged, alpha=ALPHA)
    shape = (len(counts), judged)
    score = rows["score"].to_numpy(dtype=float) - 1e-6 * rows["p_value"].to_numpy(dtype=float)
    return Judged(OURS, score.reshape(shape), rows["alarm"].to_numpy(dtype=bool).reshape(shape))


def judge_ears(counts: Ints, judged: int, variant: str) -> Judged:
    """Judge series with EARS C1, C2 or C3; at least 11 periods of history."""
    score = ears(counts, judged, variant)
    return Judged(f"EARS {variant}", score, np.asarray(score > EARS_LIMITS[variant]))


def judge_farrington(counts: Ints, periods: pd.DatetimeIndex, judged: int) -> Judged:
    """Judge weekly series with R's farringtonFlexible on the two years before.

    Raises:
        ReferenceMissingError: R or the package is not installed.
    """
    flat, rows = np.ones(counts.shape), np.arange(len(counts))
    nothing = np.zeros_like(counts)
    world = World("week", periods, counts, nothing, flat, flat, rows, rows, rows, judged)
    verdicts = judge_with_r(world, "farrington_short", np.zeros((len(counts), judged), dtype=bool))
    return Judged(verdicts.method, verdicts.quiet_score, verdicts.quiet_alarm)


def judge_naively(counts: Ints, judged: int, *, window: int = 26, deviations: float = 3.0, smallest: int = 3) -> Judged:
    """What one would do by hand: alarm at three standard deviations above the mean of the half year before, and 3 cases.

    Args:
        counts: `n_series × n_periods`, at least `window` more than `judged`.
        judged: how many of the last periods.
        window: periods that the mean is of.
        deviations: how far above it an alarm is.
        smallest: the fewest cases of an alarm.
    """
    windows = np.lib.stride_tricks.sliding_window_view(counts.astype(float), window, axis=1)[:, :-1][:, -judged:]
    today = counts[:, -judged:]
    # One case of deviation at least: a series of zeros would alarm at its first case.
    score = (today - windows.mean(axis=2)) / np.maximum(windows.std(axis=2), 1.0)
    score = np.where(today >= smallest, score, np.minimum(score, 0.0))
    return Judged("mean + 3 deviations", score, np.asarray(score > deviations))


def count_series(rows: pd.DataFrame, keys: Sequence[str], day: str, grid: pd.DatetimeIndex) -> tuple[pd.MultiIndex, Ints]:
    """Count rows by keys and period.

    Args:
        rows: a row per event; those without a key or a day are left out.
        keys: columns that name a series.
        day: column of dates.
        grid: first days of the periods, equally spaced; events outside are left out.

    Returns:
        Names of the series, sorted, and `n_series × n_periods`.
    """
    step = (grid[1] - grid[0]).days
    rows = rows.dropna(subset=[*keys, day])
    column = (pd.to_datetime(rows[day]) - grid[0]).dt.days // step
    inside = (column >= 0) & (column < len(grid))
    groups = rows.loc[inside].groupby(list(keys), sort=True)
    names = pd.MultiIndex.from_tuples(
        [name if isinstance(name, tuple) else (name,) for name in groups.groups], names=list(keys)
    )
    counts = np.zeros((len(names), len(grid)), dtype=np.int64)
    np.add.at(counts, (groups.ngroup().to_numpy(), column[inside].to_numpy()), 1)
    return names, counts


def runs(marked: NDArray[np.bool_]) -> list[slice]:
    """Runs of marked places in an array of one dimension."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(int)))
    return [slice(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def available(methods: Sequence[Callable[[], Judged]], missing: type[Exception]) -> tuple[list[Judged], list[str]]:
    """Run methods; those whose software is missing are told apart, with the reason."""
    done: list[Judged] = []
    reasons: list[str] = []
    for method in methods:
        try:
            done.append(method())
        except missing as error:
            reasons.append(str(error))
    return done, reasons
