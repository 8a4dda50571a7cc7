"""Complaints to the American road safety agency before and after recalls: whether alerts come before the recall does.

The date of a recall is an outside truth that the complaints do not know. An alert counts only before it, because complaints
rise through the recall itself. Not every recall shows in complaints (a label, a test finding, software), and a method that
alarms often is before every recall by chance: what chance gives is measured on all weeks of the same series.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.detection.real_series import (
    REAL_DATA,
    Judged,
    available,
    count_series,
    data_file,
    judge_ears,
    judge_farrington,
    judge_naively,
    judge_ours,
)
from benchmarks.detection.references import ReferenceMissingError
from benchmarks.detection.world import Ints

FIRST_WEEK, LAST_WEEK = "2015-01-05", "2026-05-25"
HISTORY_WEEKS = 156
WINDOWS = (26, 52)
MATCHED_RATE = 0.01
FEWEST_COMPLAINTS = 5
SMALLEST_TOTAL = 20
KEYS = ("make", "model", "component")
# The agency renamed components over the years; recalls and complaints use both.
RENAMED = {
    "ENGINE AND ENGINE COOLING": "ENGINE",
    "SERVICE BRAKES, HYDRAULIC": "SERVICE BRAKES",
    "SERVICE BRAKES, AIR": "SERVICE BRAKES",
    "FUEL SYSTEM, GASOLINE": "FUEL/PROPULSION SYSTEM",
    "FUEL SYSTEM, OTHER": "FUEL/PROPULSION SYSTEM",
    "HYBRID PROPULSION SYSTEM": "FUEL/PROPULSION SYSTEM",
    "VISIBILITY/WIPER": "VISIBILITY",
}
UNSAID = "UNKNOWN OR OTHER"


@dataclass(frozen=True)
class Recalls:
    """Complaints by series and week, and the recalls of these series.

    Attributes:
        names: make, model and component of `n_series`.
        periods: `n_periods` Mondays.
        counts: `n_series × n_periods`.
        row: `n_recalls`; the series of a recall.
        week: `n_recalls`; index of the week that holds its date, within `periods`.
    """

    names: pd.MultiIndex
    periods: pd.DatetimeIndex
    counts: Ints
    row: Ints
    week: Ints


@dataclass(frozen=True)
class Leads:
    """How far alerts came before recalls.

    Attributes:
        method: its name.
        rate: false alarm rate that was asked for; None for the method's own alarms.
        window: weeks before a recall in which an alert counts.
        recalls: recalls judged, with at least five complaints in the window.
        early: share of them with an alert in the window.
        by_chance: the share of all such windows in the same series that have one too, but for those behind a recall.
        median_lead: weeks from the first alert in the window to the recall, of those with one; None where none has.
        false_alarms: alarms per series-week outside of all windows.
    """

    method: str
    rate: float | None
    window: int
    recalls: int
    early: float
    by_chance: float
    median_lead: float | None
    false_alarms: float


def load(root: Path = REAL_DATA) -> Recalls:
    """Read complaints and recalls; series of fewer than 20 complaints are left out.

    Raises:
        DataMissingError: they are not there.
    """
    complaints = pd.read_csv(data_file(root, "nhtsa/complaints.csv.gz"))
    recalls = pd.read_csv(data_file(root, "nhtsa/recalls.csv.gz"))
    complaints = complaints.assign(component=complaints["component"].map(components)).explode("component")
    complaints = complaints[complaints["component"] != UNSAID].drop_duplicates(["odi_number", "component"])
    periods = pd.date_range(FIRST_WEEK, LAST_WEEK, freq="7D")
    names, counts = count_series(complaints, KEYS, "filed_date", periods)
    large = counts.sum(axis=1) >= SMALLEST_TOTAL
    names, counts = names[large], counts[large]

    recalls = recalls.assign(component=recalls["component"].map(lambda text: components(text.split(":")[0])[0]))
    week = (pd.to_datetime(recalls["recall_date"]) - periods[0]).dt.days // 7
    known = pd.DataFrame({"row": names.get_indexer(pd.MultiIndex.from_frame(recalls[list(KEYS)])), "week": week})
    known = known[known["row"] >= 0].drop_duplicates()
    return Recalls(names, periods, counts, known["row"].to_numpy(dtype=np.int64), known["week"].to_numpy(dtype=np.int64))


def components(text: str) -> list[str]:
    """Components of a complaint, under their newer names; a comma within a name has a space behind it."""
    names = text.replace(", ", "\0").split(",")
    found = [name.replace("\0", ", ").strip() for name in names]
    return list(dict.fromkeys(RENAMED.get(name, name) for name in found))


def measure(recalls: Recalls, *, with_r: bool = True) -> tuple[list[Leads], list[str]]:
    """Leads of all methods with their own alarms and at a matched rate, and why methods are left out."""
    judged = len(recalls.periods) - HISTORY_WEEKS
    methods = [
        lambda: judge_ours(recalls.counts, recalls.periods, judged),
        *([lambda: judge_farrington(recalls.counts, recalls.periods, judged)] if with_r else []),
        lambda: judge_ears(recalls.counts, judged, "C2"),
        lambda: judge_naively(recalls.counts, judged),
    ]
    done, missing = available(methods, ReferenceMissingError)
    found = [leads(recalls, one, window, rate) for window in WINDOWS for rate in (None, MATCHED_RATE) for one in done]
    return found, missing


def leads(recalls: Recalls, judged: Judged, window: int, rate: float | None = None) -> Leads:
    """Leads of one method.

    Recalls without a whole window of judged weeks before them are left out, and those with fewer than five complaints in
    it: nothing of them can be seen in complaints. Windows that reach back to a recall do not count as chance, since the recall
    itself makes people complain.
    """
    n_judged = judged.score.shape[1]
    first = len(recalls.periods) - n_judged
    week = recalls.week - first
    inside = (week >= window) & (week <= n_judged)
    before = np.zeros(judged.score.shape, dtype=bool)
    # By the week in which a window ends; one more than there are judged weeks.
    aftermath = np.zeros((len(before), n_judged + 1), dtype=bool)
    for series, end in zip(recalls.row, week, strict=True):
        before[series, max(end - window, 0) : max(end, 0)] = True
        aftermath[series, max(end + 1, 0) : max(end + 1 + window, 0)] = True
    alarm = judged.alarm if rate is None else judged.at_rate(~before, rate)

    # By series and week in which a window ends, from the window-th judged week on.
    windows = np.lib.stride_tricks.sliding_window_view(alarm, window, axis=1)
    complaints = np.lib.stride_tricks.sliding_window_view(recalls.counts[:, first:], window, axis=1).sum(axis=2)
    telling = complaints >= FEWEST_COMPLAINTS
    row, end = recalls.row[inside], week[inside] - window
    row, end = row[telling[row, end]], end[telling[row, end]]
    alerted = np.asarray(windows.any(axis=2))
    usual = telling & ~aftermath[:, window:]
    chance = (alerted & usual).sum(axis=1) / np.maximum(usual.sum(axis=1), 1)
    early = alerted[row, end]
    lead = window - windows[row, end].argmax(axis=1)[early]
    return Leads(
        judged.method,
        rate,
        window,
        len(row),
        float(early.mean()) if len(row) else 0.0,
        float(chance[row].mean()) if len(row) else 0.0,
        float(np.median(lead)) if len(lead) else None,
        float(alarm[~before].mean()),
    )
