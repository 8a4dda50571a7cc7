"""Counts into hotspots: every series judged, the alarms grouped, graded and explained."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from features.evidence import independent_count, membership, term_usage, window_complaints
from features.profiles import PROFILE
from features.reasons import Reason
from features.severity import SEVERE
from features.subjects import UNKNOWN, dimensions_of, merchant_names, subject
from features.windows import WindowGrid, windowed_counts
from jobs.aggregate import COUNTS, TERMS
from jobs.hotspots import DETECTIONS, HOTSPOTS, Hotspot, alive_before
from models.detector import Detector
from models.grouping import fold
from models.judgement import Prediction
from models.levels import LEVELS, level_of
from models.multiplicity import q_values
from models.series import SeriesTable
from models.terms import leading_terms
from warehouse.calendar import covariates
from warehouse.contracts import contract_of
from warehouse.sources import streams
from warehouse.storage import sql_literal, to_dicts
from warehouse.thresholds import thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from warehouse.storage import Warehouse

TOTAL = "total"


@dataclass(frozen=True)
class Detected:
    """What was judged and found on a day.

    Attributes:
        stream: the stream judged.
        as_of: the business date.
        windows: windows of history, the judged one included; 0 where there is none.
        series: series that had complaints in these windows.
        tests: series of them large enough to be tested.
        hotspots: rows of `gold.hotspots`, strongest first.
    """

    stream: str
    as_of: dt.date
    windows: int
    series: int
    tests: int
    hotspots: list[Hotspot]


def detect(warehouse: Warehouse, stream: str, as_of: dt.date) -> Detected:
    """Judge the window that ends on `as_of` and write the day's snapshot of hotspots; a rerun replaces it.

    Only complaints registered up to `as_of` are looked at, so that a day can be judged as if it were that day.
    """
    grid = _grid(warehouse, stream, as_of)
    hotspots: list[Hotspot] = []
    judged = pd.DataFrame()
    if grid is not None and grid.count > thresholds().short_minimum:
        tables = _tables(windowed_counts(warehouse.read(COUNTS), stream, grid), grid)
        predictions = _predict(tables, grid, streams()[stream].calendar == "cn")
        judged = _judge(tables, predictions)
        hotspots = _hotspots(warehouse, stream, grid, judged, tables, predictions)
    tests = int(judged["q_value"].notna().sum()) if len(judged) else 0
    detected = Detected(stream, as_of, grid.count if grid else 0, len(judged), tests, hotspots)
    _write(warehouse, detected)
    return detected


def _write(warehouse: Warehouse, detected: Detected) -> None:
    where = f"as_of = DATE'{detected.as_of}' AND stream = {sql_literal(detected.stream)}"
    rows = [asdict(hotspot) for hotspot in detected.hotspots]
    warehouse.replace(HOTSPOTS, warehouse.spark.createDataFrame(rows, contract_of(HOTSPOTS).schema_ddl), where=where)
    row = {**vars(detected), "hotspots": len(detected.hotspots), "threshold_version": thresholds().version}
    warehouse.replace(DETECTIONS, warehouse.spark.createDataFrame([row], contract_of(DETECTIONS).schema_ddl), where=where)


def _grid(warehouse: Warehouse, stream: str, as_of: dt.date) -> WindowGrid | None:
    total = warehouse.read(COUNTS).filter((F.col("stream") == stream) & (F.col("level") == TOTAL))
    (row,) = to_dicts(total.filter(F.col("event_date") <= as_of).agg(F.min("event_date").alias("first")))
    if row["first"] is None:
        return None
    return WindowGrid.covering(row["first"], as_of, thresholds().window_days, thresholds().lookback_windows)


def _tables(windowed: pd.DataFrame, grid: WindowGrid) -> dict[str, SeriesTable]:
    """The counts of every level as an array over all windows, by level."""
    return {
        str(level): SeriesTable.of(rows["series"], rows["start"], rows["raw_count"], grid.starts)
        for level, rows in windowed.groupby("level", sort=True)
    }


def _predict(tables: dict[str, SeriesTable], grid: WindowGrid, chinese: bool) -> dict[str, Prediction]:
    limits = thresholds()
    detector = Detector("week", limits.seasonal_windows, limits.short_windows, limits.short_minimum)
    events = covariates(grid.starts, grid.days) if chinese else np.zeros((grid.count, 0))
    total = tables[TOTAL].counts[0]
    return {level: detector.predict(table.counts, None if level == TOTAL else total, events) for level, table in tables.items()}


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


def _alarms(judged: pd.DataFrame) -> pd.DataFrame:
    """Series that are significant among all of the day, and large enough."""
    limits = thresholds()
    large = judged["observed"] >= judged["level"].map(limits.minimum)
    return judged[large & (judged["q_value"] <= limits.false_discovery_rate)].reset_index(drop=True)


def _hotspots(
    warehouse: Warehouse,
    stream: str,
    grid: WindowGrid,
    judged: pd.DataFrame,
    tables: dict[str, SeriesTable],
    predictions: dict[str, Prediction],
) -> list[Hotspot]:
    complaints = window_complaints(warehouse.read(PROFILE), stream, grid)
    alarms = _graded(_alarms(judged), complaints, predictions)
    if alarms.empty:
        return []
    members = membership(complaints, list(zip(alarms["level"], alarms["series"], strict=True)))
    alarms["main"] = fold(members, alarms["weighted"].tolist(), alarms["upper"].tolist())
    names = merchant_names(complaints)
    alarms["about"] = [subject(dimensions_of(series), names) for series in alarms["series"]]
    mains = alarms[alarms["main"] == alarms.index]
    evidence = {str(i): complaints.iloc[members[[i]].indices] for i in mains.index}
    usage = term_usage(warehouse.read(PROFILE), warehouse.read(TERMS), stream, grid, evidence)
    limits = thresholds().evidence
    earlier = alive_before(warehouse, stream, grid.last_day)
    return [
        _hotspot(
            stream=stream,
            grid=grid,
            alarm=alarm,
            complaints=evidence[str(i)].sort_index(),
            terms=leading_terms(
                usage.get(str(i), pd.DataFrame()), most=limits.terms, minimum=limits.term_minimum, score=limits.term_score
            ),
            parts=alarms.loc[(alarms["main"] == i) & (alarms.index != i), "about"].tolist(),
            history=tables[str(alarm["level"])].counts[alarm["row"]],
            prediction=predictions[str(alarm["level"])],
            earlier=earlier,
        )
        for i, alarm in mains.iterrows()
    ]


def _graded(alarms: pd.DataFrame, complaints: pd.DataFrame, predictions: dict[str, Prediction]) -> pd.DataFrame:
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
        p_value = predictions[alarm["level"]].tail(alarm["row"], weighted)
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


def _hotspot(
    *,
    stream: str,
    grid: WindowGrid,
    alarm: pd.Series,
    complaints: pd.DataFrame,
    terms: list[str],
    parts: list[str],
    history: NDArray[np.float64],
    prediction: Prediction,
    earlier: dict[str, dt.date],
) -> Hotspot:
    limits = thresholds()
    identity = hashlib.sha256(f"{stream}|{alarm['level']}|{alarm['series']}".encode()).hexdigest()[:12]
    shown = slice(-min(grid.count, limits.evidence.history_windows), None)
    row = np.array([alarm["row"]])
    why = Reason(
        days=grid.days,
        observed=int(alarm["observed"]),
        expected=float(alarm["expected"]),
        weighted=int(alarm["weighted"]),
        severe=int(alarm["severe"]),
        p_value=float(alarm["p_value"]),
        terms=terms,
    )
    return Hotspot(
        as_of=grid.last_day,
        as_of_month=f"{grid.last_day:%Y-%m}",
        stream=stream,
        id=identity,
        level=alarm["grade"],
        status="ongoing" if identity in earlier else "new",
        subject=alarm["about"],
        count_level=alarm["level"],
        series=alarm["series"],
        first_date=earlier.get(identity, grid.last_day),
        last_date=grid.last_day,
        window_start=grid.window_start,
        observed=why.observed,
        expected=round(why.expected, 3),
        upper=float(alarm["upper"]),
        ratio=round(why.ratio, 3),
        p_value=why.p_value,
        q_value=float(alarm["q_value"]),
        method=Detector("week", limits.seasonal_windows).method(grid.count),
        rule=alarm["rule"],
        raw_count=len(complaints),
        weighted_count=why.weighted,
        weighted_p_value=float(alarm["weighted_p"]),
        severe_count=why.severe,
        history=history[shown].astype(int).tolist(),
        history_expected=np.round(prediction.mean[row, shown][0], 3).tolist(),
        history_upper=prediction.upper(row)[0, shown].tolist(),
        parts=parts,
        terms=terms,
        complaint_ids=complaints["complaint_id"].head(limits.evidence.complaint_ids).tolist(),
        reason=why.zh,
        reason_en=why.en,
    )
