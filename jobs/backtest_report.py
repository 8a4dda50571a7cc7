"""A scored back-test into its figures, its page and its file of scores."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.output import as_json
from models.backtest import IncidentScore, Recall
from reports.backtest import render_backtest
from reports.backtest_figures import BacktestFigures, FalseAlarmRow, IncidentRow, RecallRow
from warehouse.home import write_whole
from warehouse.sources import streams

if TYPE_CHECKING:
    from jobs.backtest import Backtested
    from warehouse.home import Home

FOLDER = ("reports", "backtest")


def figures_of(done: Backtested) -> BacktestFigures:
    """What the back-test says, for the page, the file and the terminal."""
    score = done.score
    return BacktestFigures(
        stream=done.stream,
        stream_zh=streams()[done.stream].zh,
        area=done.truth.area,
        preset=done.truth.preset,
        seed=done.truth.seed,
        first_day=done.judged[0],
        last_day=done.judged[-1],
        every=done.span.every,
        judged_days=len(done.judged),
        unjudged_days=len(done.span.days) - len(done.judged),
        weeks=score.weeks,
        threshold_versions=done.threshold_versions,
        incidents=[_incident_row(done, entry) for entry in score.incidents],
        real=_recall_row(score.real),
        kinds=[_recall_row(kind) for kind in score.kinds],
        hotspot_weeks=score.hotspot_weeks,
        true_hotspot_weeks=score.true_hotspot_weeks,
        precision=score.precision,
        false_alarms=score.false_count,
        false_alarms_per_week=score.false_per_week,
        false_alarm_types=[FalseAlarmRow(row.kind, row.count, row.per_week) for row in score.false_alarms],
    )


def write_backtest(home: Home, figures: BacktestFigures) -> dict[str, Path]:
    """Write the page and the scores of a stream and span; the paths by what they are. A rerun replaces them."""
    stem = home.folder(*FOLDER) / f"{figures.stream}-{figures.first_day}-{figures.last_day}"
    files = {"page": stem.with_name(f"{stem.name}.html"), "scores": stem.with_name(f"{stem.name}.json")}
    write_whole(files["page"], render_backtest(figures))
    write_whole(files["scores"], json.dumps(as_json(document(figures)), ensure_ascii=False, indent=2) + "\n")
    return files


def document(figures: BacktestFigures) -> dict[str, Any]:
    """The figures as one document; the same figures give the same document."""
    return asdict(figures)


def _incident_row(done: Backtested, entry: IncidentScore) -> IncidentRow:
    incident, alert = entry.incident, entry.alert
    (planted,) = [planted for planted in done.truth.incidents if planted.id == incident.id]
    daily = done.daily[incident.id]
    return IncidentRow(
        id=incident.id,
        kind=incident.kind,
        title=planted.title,
        real=incident.real,
        onset=incident.onset,
        end=incident.end,
        complaints=len(incident.complaint_ids),
        complaints_in_tables=sum(daily.values()),
        outcome=entry.outcome,
        unjudged=entry.unjudged,
        found=alert.as_of if alert else None,
        delay_days=entry.delay,
        rank=entry.rank,
        listed=entry.listed,
        level=alert.level if alert else None,
        subject=alert.subject if alert else None,
        hotspot=alert.id if alert else None,
        false_alarms=entry.false_alarms,
        daily=daily,
    )


def _recall_row(recall: Recall) -> RecallRow:
    return RecallRow(
        kind=recall.kind,
        judged=recall.judged,
        found=recall.found,
        unjudged=recall.unjudged,
        recall=recall.recall,
        median_delay_days=recall.median_delay,
        top=dict(recall.top),
    )
