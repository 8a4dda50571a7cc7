"""Seven real weekly series, 2001 to 2004, whose outbreak weeks were labelled by others.

All labelled weeks lie in the first 67 of 209, so the series are read in two ways: in their order, with the little history
there is before; and with the later years as the history of the first, so that methods that need years can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.detection.real_series import (
    REAL_DATA,
    DataMissingError,
    Judged,
    available,
    data_file,
    judge_ears,
    judge_farrington,
    judge_ours,
    runs,
)
from benchmarks.detection.references import ReferenceMissingError
from benchmarks.detection.world import Bools, Ints

FOLDER = "outbreak_series"
# Weeks before the first judged one, if the series are read in their order: what EARS C3 looks back.
SHORTEST_HISTORY = 11
# The weeks up to the last labelled one.
LABELLED_WEEKS = 67
RATES = (0.01, 0.05)


@dataclass(frozen=True)
class Labelled:
    """Series with labels.

    Attributes:
        names: `n_series` file names.
        periods: `n_periods` Mondays.
        counts: `n_series × n_periods`.
        outbreak: `n_series × n_periods`; whether a week is labelled.
    """

    names: list[str]
    periods: pd.DatetimeIndex
    counts: Ints
    outbreak: Bools

    def with_later_years_first(self) -> Labelled:
        """The same weeks in another order: those behind the last labelled one come before all others."""
        return Labelled(
            self.names,
            self.periods,
            np.roll(self.counts, -LABELLED_WEEKS, axis=1),
            np.roll(self.outbreak, -LABELLED_WEEKS, axis=1),
        )


@dataclass(frozen=True)
class LabelledScores:
    """How a method did.

    Attributes:
        method: its name.
        rate: false positive rate that was asked for; None for the method's own alarms.
        false_positive_rate: share of alarmed weeks among those without label.
        sensitivity: share of alarmed weeks among labelled ones.
        found: labelled episodes with an alarm.
        episodes: labelled episodes with a judged week.
    """

    method: str
    rate: float | None
    false_positive_rate: float
    sensitivity: float
    found: int
    episodes: int


def load(root: Path = REAL_DATA) -> Labelled:
    """Read the series.

    Raises:
        DataMissingError: they are not there.
    """
    files = sorted(data_file(root, FOLDER).glob("*.csv"))
    if not files:
        raise DataMissingError(f"{root / FOLDER} holds no series; these data are not part of the project")
    tables = [pd.read_csv(file) for file in files]
    return Labelled(
        [file.stem for file in files],
        pd.DatetimeIndex(pd.to_datetime(tables[0]["date"])),
        np.stack([table["observed"].to_numpy(dtype=np.int64) for table in tables]),
        np.stack([table["state"].to_numpy() == 1 for table in tables]),
    )


def measure_in_order(labelled: Labelled) -> tuple[list[LabelledScores], list[str]]:
    """Scores of methods that need little history, and why others are left out."""
    judged = len(labelled.periods) - SHORTEST_HISTORY
    methods = [
        lambda: judge_ours(labelled.counts, labelled.periods, judged),
        *(lambda variant=variant: judge_ears(labelled.counts, judged, variant) for variant in ("C1", "C2", "C3")),
    ]
    done, missing = available(methods, ReferenceMissingError)
    return _all_scores(done, labelled.outbreak[:, -judged:]), missing


def measure_with_later_years(labelled: Labelled, *, with_r: bool = True) -> tuple[list[LabelledScores], list[str]]:
    """Scores of all methods with the later years as history, and why others are left out."""
    turned = labelled.with_later_years_first()
    methods = [
        lambda: judge_ours(turned.counts, turned.periods, LABELLED_WEEKS),
        *([lambda: judge_farrington(turned.counts, turned.periods, LABELLED_WEEKS)] if with_r else []),
        *(lambda variant=variant: judge_ears(turned.counts, LABELLED_WEEKS, variant) for variant in ("C1", "C2", "C3")),
    ]
    done, missing = available(methods, ReferenceMissingError)
    return _all_scores(done, turned.outbreak[:, -LABELLED_WEEKS:]), missing


def _all_scores(done: list[Judged], outbreak: Bools) -> list[LabelledScores]:
    own = [score(one.method, one.alarm, outbreak) for one in done]
    matched = [score(one.method, one.at_rate(~outbreak, rate), outbreak, rate) for rate in RATES for one in done]
    return own + matched


def score(method: str, alarm: Bools, outbreak: Bools, rate: float | None = None) -> LabelledScores:
    """Scores of alarms beside labels, both `n_series × judged`."""
    episodes = [alarm[row, span].any() for row, marked in enumerate(outbreak) for span in runs(marked)]
    return LabelledScores(
        method,
        rate,
        float(alarm[~outbreak].mean()),
        float(alarm[outbreak].mean()),
        int(sum(episodes)),
        len(episodes),
    )
