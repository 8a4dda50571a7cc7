"""Any table of counts, judged by the detectors of the pipeline, without Spark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from jobs.effects import calendar_effects
from models.detection.detector import DAYS, Detector
from models.detection.ears import Method, ears
from models.detection.judgement import Judgement
from models.detection.series import SeriesTable
from warehouse.errors import RadarError
from warehouse.thresholds import thresholds

COLUMNS = ("series_id", "period", "count")
PARTS = ("level", "season", "calendar")
MONDAY = 0
AUTOMATIC = "auto"
EARS: dict[str, Method] = {"C1": "C1", "C2": "C2", "C3": "C3"}
METHODS = (AUTOMATIC, *EARS)


def judge_file(
    path: Path,
    frequency: str,
    *,
    chinese_calendar: str,
    last: int,
    alpha: float,
    holidays: Path | None = None,
    explain: bool = False,
    method: str = AUTOMATIC,
) -> pd.DataFrame:
    """Judge the last periods of every series of a CSV file; arguments as for `judge_table`, `holidays` a file of dates.

    Raises:
        RadarError: the file cannot be read, or its table is not one of counts.
    """
    try:
        table = pd.read_csv(path, dtype={"series_id": str}, keep_default_na=False, na_values={"period": [""], "count": [""]})
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RadarError(f"{path}: not a readable CSV file: {str(error).splitlines()[0]}") from error
    return judge_table(
        table,
        frequency,
        chinese_calendar=chinese_calendar,
        last=last,
        alpha=alpha,
        holidays=None if holidays is None else read_dates(holidays),
        explain=explain,
        method=method,
    )


def judge_table(
    table: pd.DataFrame,
    frequency: str,
    *,
    chinese_calendar: str,
    last: int,
    alpha: float,
    holidays: pd.DatetimeIndex | None = None,
    explain: bool = False,
    method: str = AUTOMATIC,
) -> pd.DataFrame:
    """Judge the last periods of every series.

    Args:
        table: columns `series_id`, `period` (a date; a Monday for weeks), `count`. A series without a row for a period
            between the first and the last of the table had none in it.
        frequency: `week` or `day`.
        chinese_calendar: `cn` to know the Chinese consumer calendar's peaks, else `none`.
        last: how many of the newest periods to judge, each as if it were the newest.
        alpha: p-value at or below which a period is an alarm.
        holidays: days off that no calendar here knows.
        explain: whether to say what each expectation is made of.
        method: `auto` for the baseline that the history allows, or EARS `C1`, `C2`, `C3`.

    Returns:
        `series_id, period, observed, expected, upper, p_value, score, alarm`, by series and period. Where the history is
        too short, `expected` and `upper` are empty and the p-value is 1. Explained, `level`, `season` and `calendar` follow,
        whose product is what is expected.

    Raises:
        RadarError: a column is missing, a value is unreadable, or an option is not known.
    """
    check_options(frequency, chinese_calendar)
    if method not in METHODS:
        raise RadarError(f"--method {method} is not known: {', '.join(METHODS)}")
    series = _series(table, frequency)
    n_periods = len(series.periods)
    if last > n_periods:
        raise RadarError(f"--last {last}: the table has {n_periods} periods only")
    if method == AUTOMATIC:
        effects = calendar_effects(series.periods, DAYS[frequency], chinese=chinese_calendar == "cn", holidays=holidays)
        detector = detector_of(frequency)
        # A single series is its own total; among several, what they share is the calendar.
        pool = series.counts.sum(axis=0) if len(series.names) > 1 else None
        judgement = detector.judge(series.counts, pool, effects, last)
    else:
        judgement = ears(series.counts, EARS[method]).judgement(last)
    rows = _rows(series, judgement, last, alpha)
    return rows.assign(**{part: getattr(judgement, part).ravel().round(4) for part in PARTS}) if explain else rows


def check_options(frequency: str, chinese_calendar: str) -> None:
    """Refuse options that are not known.

    Raises:
        RadarError: one is not.
    """
    if frequency not in DAYS:
        raise RadarError(f"--freq {frequency} is not known: week or day")
    if chinese_calendar not in ("cn", "none"):
        raise RadarError(f"--calendar {chinese_calendar} is not known: cn or none")


def detector_of(frequency: str) -> Detector:
    """The detector of tables that people bring, `week` or `day`, as the thresholds set it."""
    limits = thresholds()
    return Detector(frequency, short_periods=limits.short_windows, short_minimum=limits.short_minimum)


def read_dates(path: Path) -> pd.DatetimeIndex:
    """The dates of a text file, one a line; what stands behind a comma is a remark.

    Raises:
        RadarError: the file cannot be read, or a line holds no date.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RadarError(f"{path}: not a readable file of dates: {error}") from error
    days = pd.to_datetime(
        pd.Series([line.split(",")[0].strip() for line in lines if line.strip()]), errors="coerce", format="ISO8601"
    )
    if days.isna().any():
        raise RadarError(f"{path}: line {int(days.isna().argmax()) + 1} holds no date such as 2026-10-01")
    return pd.DatetimeIndex(days)


def _series(table: pd.DataFrame, frequency: str) -> SeriesTable:
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise RadarError(f"the table of counts has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
    if table.empty:
        raise RadarError("the table of counts is empty")
    periods = pd.to_datetime(table["period"], errors="coerce", format="ISO8601").dt.normalize()
    counts = pd.to_numeric(table["count"], errors="coerce")
    wrong = table[periods.isna() | ~np.isfinite(counts) | (counts < 0) | (counts % 1 != 0) | table["series_id"].isna()]
    if len(wrong):
        raise RadarError(
            f"row {int(wrong.index[0]) + 2} of the table of counts: a date and a whole count of 0 or more are needed"
        )
    if frequency == "week" and (periods.dt.dayofweek != MONDAY).any():
        first = periods[periods.dt.dayofweek != MONDAY].iloc[0]
        raise RadarError(f"{first:%Y-%m-%d} is no Monday; weeks are named by their Monday")
    grid = pd.date_range(periods.min(), periods.max(), freq=f"{DAYS[frequency]}D")
    return SeriesTable.of(table["series_id"], periods, counts, grid)


def _rows(series: SeriesTable, judgement: Judgement, last: int, alpha: float) -> pd.DataFrame:
    n_series = len(series.names)
    p_value = judgement.p_value.ravel()
    return pd.DataFrame(
        {
            "series_id": np.repeat(series.names.to_numpy(), last),
            "period": np.tile(series.periods[-last:].strftime("%Y-%m-%d"), n_series),
            "observed": series.counts[:, -last:].ravel().astype(int),
            "expected": judgement.expected.ravel().round(4),
            "upper": judgement.upper.ravel(),
            "p_value": p_value,
            "score": judgement.score.ravel().round(4),
            "alarm": p_value <= alpha,
        }
    )
