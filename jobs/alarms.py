"""Counts of a day into alarms: every series judged, the significant ones graded and grouped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.evidence import independent_count, membership
from features.severity import SEVERE
from features.subjects import UNKNOWN, dimensions_of, merchant_names, subject
from features.windows import WindowGrid
from jobs.effects import calendar_effects
from jobs.parents import parents_of
from models.detection.detector import Detector
from models.detection.effects import Effects
from models.detection.judgement import Prediction, Reported
from models.detection.multiplicity import q_values
from models.detection.predictive import Array
from models.detection.series import DailySeries, SeriesTable
from models.grouping import fold
from models.levels import LEVELS, level_of
from warehouse.thresholds import thresholds

TOTAL = "total"
COMPLETE = Reported()


@dataclass(frozen=True)
class JudgedDay:
    """All series of a stream as of a day.

    Attributes:
        grid: the windows, the newest one judged.
        effects: of the calendar in them.
        tables: counts by level, `n_series × n_windows`.
        predictions: what was expected of them, of the same shapes.
        series: one row per series: where it stands (`level`, `row`), its judgement, and its q-value over all series of
            the day, NaN where it was too small to be tested.
    """

    grid: WindowGrid
    effects: Effects
    tables: dict[str, SeriesTable]
    predictions: dict[str, Prediction]
    series: pd.DataFrame

    @property
    def tests(self) -> int:
        """Series large enough to be tested."""
        return int(self.series["q_value"].notna().sum()) if len(self.series) else 0


@dataclass(frozen=True)
class Finding:
    """An alarm that leads a hotspot.

    Attributes:
        grid: the windows.
        alarm: the alarm's row: level, series, judgement, grade and independent complaints.
        about: what it is about, in Chinese.
        complaints: its complaints of the newest window, most severe and newest first.
        parts: what the alarms folded into it are about.
        history: counts of the last windows shown, oldest first; `n_shown`.
        expected: what was expected in them.
        upper: the 99 % bound of what was expected.
    """

    grid: WindowGrid
    alarm: pd.Series
    about: str
    complaints: pd.DataFrame
    parts: list[str]
    history: Array
    expected: Array
    upper: Array


def judge_day(daily: Mapping[str, DailySeries], grid: WindowGrid, *, chinese: bool, reported: Reported = COMPLETE) -> JudgedDay:
    """Judge every series in the newest window.

    Args:
        daily: daily counts by level; days outside of the grid are not looked at.
        grid: the windows.
        chinese: whether the Chinese consumer calendar is among the covariates.
        reported: how much of the newest window has arrived.
    """
    tables = {level: series.windows(grid.starts, grid.days) for level, series in daily.items()}
    tables = {level: table for level, table in tables.items() if len(table.names)}
    effects = calendar_effects(grid.starts, grid.days, chinese=chinese)
    if TOTAL not in tables:
        return JudgedDay(grid, effects, {}, {}, pd.DataFrame())
    predictions = _predict(tables, effects, reported)
    return JudgedDay(grid, effects, tables, predictions, _judge(tables, predictions))


def findings(day: JudgedDay, complaints: pd.DataFrame) -> list[Finding]:
    """What the day's hotspots are, strongest first.

    Args:
        day: the judged series.
        complaints: the complaints of the newest window, as `features.evidence` gives them.
    """
    alarms = _graded(significant(day.series), complaints, day)
    if alarms.empty:
        return []
    members = membership(complaints, list(zip(alarms["level"], alarms["series"], strict=True)))
    alarms["main"] = fold(members, alarms["weighted"].tolist(), alarms["upper"].tolist())
    names = merchant_names(complaints)
    alarms["about"] = [subject(dimensions_of(series), names) for series in alarms["series"]]
    shown = slice(-min(day.grid.count, thresholds().evidence.history_windows), None)
    found = []
    for i, alarm in alarms[alarms["main"] == alarms.index].iterrows():
        prediction, row = day.predictions[alarm["level"]], np.array([alarm["row"]])
        found.append(
            Finding(
                grid=day.grid,
                alarm=alarm,
                about=alarm["about"],
                complaints=complaints.iloc[members[[i]].indices].sort_index(),
                parts=alarms.loc[(alarms["main"] == i) & (alarms.index != i), "about"].tolist(),
                history=day.tables[alarm["level"]].counts[alarm["row"], shown],
                expected=prediction.mean[row, shown][0],
                upper=prediction.upper(row)[0, shown],
            )
        )
    return found


def has_alarms(day: JudgedDay) -> bool:
    """Whether any series is significant; where none is, nobody need look at complaints."""
    return len(day.series) > 0 and not significant(day.series).empty


def significant(judged: pd.DataFrame) -> pd.DataFrame:
    """Rows of the judged series that are significant among all of the day, and large enough."""
    limits = thresholds()
    large = judged["observed"] >= judged["level"].map(limits.minimum)
    return judged[large & (judged["q_value"] <= limits.false_discovery_rate)].reset_index(drop=True)


def detector() -> Detector:
    """The detector of weekly windows, as the thresholds set it."""
    limits = thresholds()
    return Detector("week", limits.seasonal_windows, limits.short_windows, limits.short_minimum)


def _predict(tables: dict[str, SeriesTable], effects: Effects, reported: Reported) -> dict[str, Prediction]:
    """What is expected on every level, of what has arrived; series are drawn to the season of the level above."""
    total, weekly = tables[TOTAL].counts[0], detector()
    seasonal = weekly.method(len(total)) == "seasonal"
    predictions = {}
    for level, table in tables.items():
        pool = None if level == TOTAL else total
        parents = parents_of(level, tables, TOTAL) if seasonal else None
        prediction = weekly.predict(table.counts, pool, effects, parents=parents)
        # A short history is held to the others of the same window, which are as incomplete.
        predictions[level] = prediction.as_reported(reported) if seasonal or pool is None else prediction
    return predictions


def _judge(tables: dict[str, SeriesTable], predictions: dict[str, Prediction]) -> pd.DataFrame:
    """One row per series: where it stands (`level`, `row`), its judgement, and its q-value over all series of the day."""
    frames = []
    for level, table in tables.items():
        judgement = predictions[level].judge(table.counts)
        frames.append(
            pd.DataFrame(
                {
                    "level": level,
                    "row": np.arange(len(table.names)),
                    "series": table.names,
                    "total": table.counts.sum(axis=1),
                    "observed": table.counts[:, -1].astype(int),
                    "expected": judgement.expected[:, 0],
                    "upper": judgement.upper[:, 0],
                    "p_value": judgement.p_value[:, 0],
                    "expected_level": judgement.level[:, 0],
                    "season_factor": judgement.season[:, 0],
                    "calendar_factor": judgement.calendar[:, 0],
                }
            )
        )
    judged = pd.concat(frames, ignore_index=True)
    # A series that has not had as many complaints in all of its windows as a hotspot needs in one cannot be one and is no
    # test. Whether a series is large says next to nothing about whether its newest window is unusual (independent
    # filtering: Bourgon, Gentleman & Huber 2010, PNAS 107).
    known = ~judged["series"].str.contains(f"={UNKNOWN}(?:\\||$)", regex=True)
    tested = known & (judged["total"] >= judged["level"].map(thresholds().minimum))
    judged["q_value"] = q_values(judged["p_value"].where(tested).to_numpy())
    judged["ratio"] = judged["observed"] / judged["expected"]
    return judged


def _graded(alarms: pd.DataFrame, complaints: pd.DataFrame, day: JudgedDay) -> pd.DataFrame:
    """Alarms with level, rule, independent and severe complaints; strongest first, those without a level left out.

    They are graded by their independent complaints, which must be as rare as the day's weakest alarm by themselves: one
    complainant's flood is no hotspot, however large.
    """
    limits = thresholds()
    members = membership(complaints, list(zip(alarms["level"], alarms["series"], strict=True)))
    weakest = alarms["p_value"].max()
    rows = []
    for i, alarm in alarms.iterrows():
        evidence = complaints.iloc[members[[i]].indices]
        weighted, severe = independent_count(evidence), int((evidence["severity"] >= SEVERE).sum())
        level, row = alarm["level"], alarm["row"]
        p_value = day.predictions[level].rarity(row, day.tables[level].counts[row], weighted)
        graded = level_of(
            p_value=p_value,
            ratio=weighted / alarm["expected"],
            observed=weighted,
            severe_count=severe,
            volume=limits.levels,
            harm=limits.severe,
        )
        if graded and weighted >= limits.minimum_weighted and p_value <= weakest:
            rows.append(
                {**alarm, "grade": graded[0], "rule": graded[1], "weighted": weighted, "weighted_p": p_value, "severe": severe}
            )
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows)
    table["rank"] = table["grade"].map(LEVELS.index)
    table["excess"] = table["observed"] - table["expected"]
    order = ["rank", "p_value", "excess", "level", "series"]
    return table.sort_values(order, ascending=[False, True, False, True, True]).reset_index(drop=True)
