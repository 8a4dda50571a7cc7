"""Gold tables into the weekly report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from features.counts import count_levels
from features.profiles import PROFILE
from features.rules import rule_text
from features.subjects import UNKNOWN, dimensions_of, merchant_names, subject
from jobs.aggregate import COUNTS, TERMS
from jobs.alarms import TOTAL
from jobs.effects import calendar_effects
from jobs.hotspots import DETECTIONS, read_hotspots
from jobs.judges import judges_of
from jobs.ledger import LOADS
from jobs.merchants import with_names
from jobs.quality_note import quality_note
from jobs.refine import REJECTED
from models.detection.detector import Detector
from models.terms import leading_terms
from reports.figures import WEEK, LoadFigures, Ranking, Trend, WeeklyCounts, WeeklyFigures, year_before
from reports.weekly import render_weekly
from reports.wording import week_name
from warehouse.calendar import peaks_in
from warehouse.errors import RadarError
from warehouse.home import write_whole
from warehouse.sources import SILVER, streams
from warehouse.storage import to_dicts, to_pandas
from warehouse.thresholds import thresholds

if TYPE_CHECKING:
    from warehouse.home import Home
    from warehouse.storage import Warehouse

RANKINGS = {
    "product_class": ("客体大类", 12),
    "product": ("商品和服务", 12),
    "product_label": ("来源客体分类", 12),
    "issue": ("问题大类", 12),
    "issue_label": ("问题细类", 12),
    "province": ("地区", 12),
    "city": ("地级地区", 12),
    "brand": ("品牌", 12),
    "model": ("型号（车系）", 12),
    "merchant": ("被投诉主体", 12),
    "channel": ("接收方式", 12),
}
TREND_WEEKS = 53
HEAT_ROWS = 12
TERM_WEEKS = 8
TERM_MINIMUM = 5
TERM_SCORE = 2.58
TERMS_SHOWN = 24
SAMPLED = 20
SAMPLES = 2
SAMPLE_LENGTH = 110


@dataclass(frozen=True)
class Published:
    """Where a report was written, by format, and the figures it shows."""

    files: dict[str, Path]
    figures: WeeklyFigures


def publish(warehouse: Warehouse, stream: str, as_of: dt.date) -> Published:
    """Write the report of the ISO week that `as_of` lies in, with what was known by then.

    Raises:
        RadarError: the stream has no complaints in or before that week.
    """
    figures = weekly_figures(warehouse, stream, as_of)
    path = report_path(warehouse.home, stream, as_of)
    write_whole(path, render_weekly(figures, thresholds().window_days))
    return Published({"html": path}, figures)


def report_path(home: Home, stream: str, day: dt.date) -> Path:
    """Where the report of the week that a day lies in is written."""
    return home.folder("reports", stream) / f"{week_name(day)}.html"


def last_judged(warehouse: Warehouse, stream: str, monday: dt.date) -> dt.date:
    """The newest day of a week that was judged, else the week's Sunday."""
    days = warehouse.read(DETECTIONS).filter(F.col("stream") == stream)
    in_week = days.filter(F.col("as_of").between(monday, monday + WEEK - dt.timedelta(days=1)))
    (row,) = to_dicts(in_week.agg(F.max("as_of").alias("as_of")))
    return row["as_of"] or monday + WEEK - dt.timedelta(days=1)


def weekly_figures(warehouse: Warehouse, stream: str, as_of: dt.date) -> WeeklyFigures:
    """The figures of the week that `as_of` lies in, with what was known by then."""
    monday = as_of - dt.timedelta(days=as_of.weekday())
    sunday = monday + WEEK - dt.timedelta(days=1)
    daily = warehouse.read(COUNTS).filter((F.col("stream") == stream) & (F.col("event_date") <= as_of))
    totals = daily.filter(F.col("level") == TOTAL).groupBy("event_date").agg(F.sum("raw_count").alias("n"))
    by_day = to_pandas(totals).set_index("event_date")["n"].sort_index()
    if by_day.empty or by_day.index[0] > sunday:
        raise RadarError(f"stream {stream} has no complaints up to {as_of}; nothing to report for {week_name(monday)}")
    complaints, judges = _complaints(warehouse, stream, monday, as_of), judges_of(warehouse.home)
    counts = _week_counts(daily, monday, merchant_names(complaints))
    weekly = WeeklyCounts(counts, _first_full_monday(by_day.index[0]), monday)
    hotspots = [row for row in read_hotspots(warehouse, as_of) if row["stream"] == stream]
    return WeeklyFigures(
        stream=stream,
        stream_zh=streams()[stream].zh,
        monday=monday,
        sunday=sunday,
        covered_until=min(as_of, sunday),
        total=weekly.compare(TOTAL),
        severe=weekly.severe(TOTAL),
        kinds=weekly.ranking("kind", "业务类型", "业务类型", 3).rows,
        trend=_trend(by_day, monday, chinese=streams()[stream].calendar == "cn"),
        hotspots=hotspots,
        samples=_samples(warehouse, stream, hotspots),
        rankings=_rankings(weekly),
        heat=_heat(daily, monday),
        terms=_terms(warehouse, stream, monday, as_of),
        calendar_peaks=peaks_in(monday, sunday) if streams()[stream].calendar == "cn" else [],
        loads=_loads(warehouse, stream),
        versions={
            "预警阈值版本": str(thresholds().version),
            "词典版本": judges.lexicon.version,
            "判定规则版本": judges.version,
        },
        quality=quality_note(warehouse, stream, monday, as_of),
    )


def _first_full_monday(first_day: dt.date) -> dt.date:
    return first_day + dt.timedelta(days=-first_day.weekday() % 7)


def _complaints(warehouse: Warehouse, stream: str, monday: dt.date, as_of: dt.date) -> pd.DataFrame:
    profiles = (
        warehouse.read(PROFILE)
        .filter((F.col("stream") == stream) & F.col("event_date").between(monday, as_of))
        .filter(F.col("event_month").isin(f"{monday:%Y-%m}", f"{as_of:%Y-%m}"))
    )
    return to_pandas(with_names(warehouse, profiles).select("merchant", "merchant_name"))


def _week_counts(daily: Any, monday: dt.date, merchants: dict[str, str]) -> pd.DataFrame:
    weeks = [monday, monday - WEEK, year_before(monday)]
    start = F.date_sub("event_date", F.weekday("event_date"))
    rows = to_pandas(
        daily.filter(F.col("level").isin([TOTAL, "kind", *RANKINGS]))
        .withColumn("monday", start)
        .filter(F.col("monday").isin(weeks))
        .groupBy("level", "series", "monday")
        .agg(F.sum("raw_count").alias("raw_count"), F.sum("severe_count").alias("severe_count"))
    )
    rows["name"] = [subject(dimensions_of(series), merchants) for series in rows.pop("series")]
    return rows


def _rankings(weekly: WeeklyCounts) -> list[Ranking]:
    """The rankings that say something: more than one group, and known ones among them."""
    rankings = (weekly.ranking(level, title, count_levels()[level].zh, most) for level, (title, most) in RANKINGS.items())
    return [ranking for ranking in rankings if ranking.groups > 1]


def _trend(by_day: pd.Series, monday: dt.date, *, chinese: bool) -> Trend:
    first = _first_full_monday(by_day.index[0])
    mondays = pd.date_range(min(first, monday), monday, freq="7D")[-thresholds().lookback_windows :]
    days = pd.DatetimeIndex(by_day.index)
    weekly = by_day.groupby(days - pd.to_timedelta(days.dayofweek, unit="D")).sum()
    counts = weekly.reindex(mondays, fill_value=0).to_numpy(dtype=float)[None, :]
    limits = thresholds()
    effects = calendar_effects(mondays, 7, chinese=chinese)
    prediction = Detector("week", limits.seasonal_windows, limits.short_windows, limits.short_minimum).predict(
        counts, None, effects
    )
    shown = slice(-TREND_WEEKS, None)
    return Trend(
        weeks=[monday.date() for monday in mondays[shown]],
        observed=counts[0, shown].astype(int).tolist(),
        expected=prediction.mean[0, shown].tolist(),
        upper=prediction.upper(np.array([0]))[0, shown].tolist(),
    )


def _samples(warehouse: Warehouse, stream: str, hotspots: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Typical masked sentences of every hotspot."""
    wanted = {key for hotspot in hotspots for key in hotspot["complaint_ids"][:SAMPLED]}
    if not wanted:
        return {}
    months = {f"{day:%Y-%m}" for hotspot in hotspots for day in (hotspot["window_start"], hotspot["last_date"])}
    rows = (
        warehouse.read(SILVER)
        .filter((F.col("stream") == stream) & F.col("event_month").isin(sorted(months)))
        .filter(F.col("complaint_id").isin(sorted(wanted)) & F.col("content").isNotNull())
        .select("complaint_id", "content")
    )
    texts = {row["complaint_id"]: row["content"] for row in to_dicts(rows)}
    samples = {}
    for hotspot in hotspots:
        own = dict.fromkeys(texts[key] for key in hotspot["complaint_ids"][:SAMPLED] if key in texts)
        samples[hotspot["id"]] = [_cut(text) for text in own][:SAMPLES]
    return samples


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SAMPLE_LENGTH else line[: SAMPLE_LENGTH - 1] + "…"


def _heat(daily: Any, monday: dt.date) -> pd.DataFrame:
    rows = to_pandas(
        daily.filter((F.col("level") == "product_issue") & (F.col("event_date") >= monday))
        .groupBy("product_l2", "issue_l1")
        .agg(F.sum("raw_count").alias("n"))
        .filter(F.col("issue_l1") != UNKNOWN)
    )
    if rows.empty:
        return pd.DataFrame()
    table = rows.pivot_table(index="product_l2", columns="issue_l1", values="n", aggfunc="sum", fill_value=0)
    top = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index[:HEAT_ROWS]]
    top = top.loc[:, top.sum().sort_values(ascending=False, kind="stable").index]
    top.index = pd.Index([subject({"product_l2": code}) for code in top.index])
    top.columns = pd.Index([subject({"issue_l1": code}) for code in top.columns])
    return top.loc[:, (top > 0).any()]


def _terms(warehouse: Warehouse, stream: str, monday: dt.date, as_of: dt.date) -> list[str]:
    """Words that this week's complaints use more than those of the weeks before."""
    now = F.col("event_date") >= monday
    rows = to_pandas(
        warehouse.read(TERMS)
        .filter((F.col("stream") == stream) & F.col("event_date").between(monday - TERM_WEEKS * WEEK, as_of))
        .groupBy("term")
        .agg(
            F.sum(F.when(now, F.col("complaint_count")).otherwise(0)).alias("now"),
            F.sum(F.when(now, 0).otherwise(F.col("complaint_count"))).alias("before"),
        )
    )
    if rows.empty or not rows["before"].any():
        return []
    usage = rows.rename(columns={"now": "used", "before": "elsewhere"})
    return leading_terms(usage, most=TERMS_SHOWN, minimum=TERM_MINIMUM, score=TERM_SCORE)


def _loads(warehouse: Warehouse, stream: str) -> LoadFigures:
    loads = warehouse.read(LOADS).filter(F.col("stream") == stream)
    table = to_pandas(loads.select("load_id", "rows_in", "rows_accepted", "rows_rejected"))
    reasons = to_dicts(
        warehouse.read(REJECTED)
        .filter(F.col("load_id").isin(table["load_id"].tolist()))
        .select(F.explode("reasons").alias("reason"))
        .groupBy("reason")
        .agg(F.count(F.lit(1)).alias("n"))
    )
    return LoadFigures(
        loads=len(table),
        rows_in=int(table["rows_in"].sum()),
        rows_accepted=int(table["rows_accepted"].sum()),
        rows_rejected=int(table["rows_rejected"].sum()),
        reasons=sorted(((rule_text(row["reason"]), row["n"]) for row in reasons), key=lambda pair: (-pair[1], pair[0])),
    )
