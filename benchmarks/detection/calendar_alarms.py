"""Real Chinese car complaints over the Spring Festival and 15 March 2024: neither may raise alarms by itself.

Both touch all brands alike. On 15 March, the consumer rights day, complaints double; the holiday weeks are nearly empty,
and the week behind them is a return to normal. There are nine weeks of data, so that nothing is known of a year before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.detection.real_series import REAL_DATA, Judged, count_series, data_file, judge_ears, judge_naively, judge_ours
from benchmarks.detection.world import Bools

DAY = "投诉日期"
LEVELS = {"brand": "投诉品牌", "model": "投诉车系", "fault": "投诉问题", "symptom": "问题类型"}
FIRST, LAST = "2024-01-29", "2024-03-31"
JUDGED_DAYS, JUDGED_WEEKS = 49, 5
NAIVE_WINDOW = {"day": 14, "week": 4}
# The holiday and the return from it; the rights day and the days around it.
EVENTS = {
    "Spring Festival": ("2024-02-08", "2024-02-22"),
    "consumer rights day": ("2024-03-13", "2024-03-18"),
}


@dataclass(frozen=True)
class EventAlarms:
    """Alarms of one method on one level.

    Attributes:
        method: its name.
        frequency: `week` or `day`.
        level: what the series are.
        series: how many there are.
        shares: by event, and `other`, the share of alarmed series-periods; None where no period was judged.
        alarms: the same as numbers.
    """

    method: str
    frequency: str
    level: str
    series: int
    shares: dict[str, float | None]
    alarms: dict[str, int]


def load(root: Path = REAL_DATA) -> pd.DataFrame:
    """Read the complaints.

    Raises:
        DataMissingError: they are not there.
    """
    return pd.read_csv(data_file(root, "auto12365_2024/complaints.csv"), encoding="utf-8-sig", dtype=str)


def measure(complaints: pd.DataFrame) -> list[EventAlarms]:
    """Alarms of all levels, by weeks and by days, of ours, EARS C2 (days only) and a naive threshold."""
    found = []
    for frequency, step, judged in (("week", 7, JUDGED_WEEKS), ("day", 1, JUDGED_DAYS)):
        grid = pd.date_range(FIRST, LAST, freq=f"{step}D")
        for level, column in LEVELS.items():
            _, counts = count_series(complaints, [column], DAY, grid)
            methods = [
                judge_ours(counts, grid, judged, frequency=frequency, calendar="cn"),
                judge_naively(counts, judged, window=NAIVE_WINDOW[frequency]),
            ]
            if frequency == "day":
                methods.insert(1, judge_ears(counts, judged, "C2"))
            found += [alarms_by_event(one, frequency, level, grid[-judged:]) for one in methods]
    return found


def alarms_by_event(judged: Judged, frequency: str, level: str, periods: pd.DatetimeIndex) -> EventAlarms:
    """Count alarms in periods that touch an event, and in all others."""
    step = 7 if frequency == "week" else 1
    touched = {name: _touching(periods, step, span) for name, span in EVENTS.items()}
    masks = {**touched, "other": ~np.any(list(touched.values()), axis=0)}
    return EventAlarms(
        judged.method,
        frequency,
        level,
        len(judged.alarm),
        {name: float(judged.alarm[:, mask].mean()) if mask.any() else None for name, mask in masks.items()},
        {name: int(judged.alarm[:, mask].sum()) for name, mask in masks.items()},
    )


def _touching(periods: pd.DatetimeIndex, step: int, span: Sequence[str]) -> Bools:
    first, last = (pd.Timestamp(day) for day in span)
    return np.asarray((periods <= last) & (periods + pd.Timedelta(days=step - 1) >= first))
