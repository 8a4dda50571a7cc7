"""What the figures of a monitor mean: pure functions from figures to findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.stability import mix_drift, usual_gap, usual_range
from warehouse.calendar import covariates
from warehouse.checks import DuplicateShare, Freshness, LoadShare, MixDrift, RowShare, Silence, Volume
from warehouse.quality.results import Outcome

UNJUDGED = "可比的历史不足，未作判断"
DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Finding:
    """What a monitor found; the fields are those of `CheckResult`."""

    outcome: Outcome
    figure: float | None
    threshold: float | None
    violating: int
    evaluated: int
    detail: str

    @classmethod
    def of(cls, figure: float, threshold: float, violating: int, evaluated: int, detail: str) -> Finding:
        """A finding that is a failure if anything breaks the check."""
        return cls("failed" if violating else "passed", figure, threshold, violating, evaluated, detail)


NOTHING_TO_JUDGE = Finding("unjudged", None, None, 0, 0, UNJUDGED)


def judge_freshness(check: Freshness, newest: dt.date | None, as_of: dt.date) -> Finding:
    """Days from the newest row to the business date."""
    if newest is None:
        return NOTHING_TO_JUDGE
    age = (as_of - newest).days
    detail = f"最新登记日期为{newest}，距业务日期{age}天（容许{check.max_days}天）"
    return Finding.of(age, check.max_days, int(age > check.max_days), 1, detail)


def judge_silence(check: Silence, days_by_source: Mapping[str, Sequence[dt.date]], as_of: dt.date) -> Finding:
    """Days for which each source has been silent, beside its own usual gap; the figure is the worst source's."""
    silences: list[tuple[float, int, float, str]] = []
    for source, days in sorted(days_by_source.items()):
        silent = (as_of - days[-1]).days
        if len(days) > 1 and silent <= check.forget_days:
            allowed = max(check.gap_factor * usual_gap(np.array([day.toordinal() for day in days])), check.min_days)
            silences.append((silent - allowed, silent, allowed, source))
    if not silences:
        return NOTHING_TO_JUDGE
    broken = [item for item in silences if item[0] > 0]
    _, silent, allowed, _ = max(silences)
    told = "；".join(f"来源{source}已{days}天没有新登记（容许{most:g}天）" for _, days, most, source in broken)
    detail = told or f"{len(silences)}个来源均在各自通常间隔之内"
    return Finding.of(silent, allowed, len(broken), len(silences), detail)


def judge_volume(check: Volume, by_day: pd.Series, completeness: Mapping[dt.date, float | None], *, chinese: bool) -> Finding:
    """The newest days beside the same weekdays before that are of the same kind in the consumer calendar.

    Counts are scaled up by completeness. A day whose completeness nobody knows can be judged too many, but not too few.

    Args:
        check: the contract's line.
        by_day: complaints by day, every day up to the business date.
        completeness: share reported by day; days that are not in it are unknown.
        chinese: whether the consumer calendar matters to the stream.
    """
    if by_day.empty:
        return NOTHING_TO_JUDGE
    days = pd.DatetimeIndex(by_day.index)
    kinds = covariates(days, 1) if chinese else np.zeros((len(days), 0))
    known = [completeness.get(day.date()) for day in days]
    scaled = by_day.to_numpy(dtype=float) / [share or 1.0 for share in known]
    judged, broken, worst = 0, list[str](), 0.0
    for place in range(max(len(days) - check.days, 0), len(days)):
        share = known[place]
        before = np.arange(place - DAYS_IN_WEEK, -1, -DAYS_IN_WEEK)[: check.weeks]
        before = before[(kinds[before] == kinds[place]).all(axis=1)]
        if len(before) < check.min_history or (share is not None and share < check.min_completeness):
            continue
        judged += 1
        usual = usual_range(scaled[before], deviations=check.deviations, min_ratio=check.min_ratio, completeness=share or 1.0)
        worst = max(worst, float(abs(scaled[place] - usual.center)) / max(usual.center, 1.0))
        if scaled[place] > usual.high or (share is not None and scaled[place] < usual.low):
            broken.append(f"{days[place]:%m月%d日}{scaled[place]:.0f}件（常态{usual.low:.0f}—{usual.high:.0f}件）")
    if not judged:
        return NOTHING_TO_JUDGE
    detail = "、".join(broken) if broken else f"近{judged}日件数均在同星期常态范围内"
    return Finding.of(worst, check.min_ratio - 1, len(broken), judged, detail)


def judge_row_share(check: RowShare, figures: Mapping[str, int]) -> Finding:
    """A share of the newest rows beside that of the rows before."""
    if min(figures["newest_rows"], figures["reference_rows"]) < check.min_rows:
        return NOTHING_TO_JUDGE
    now = figures["newest_part"] / figures["newest_rows"]
    before = figures["reference_part"] / figures["reference_rows"]
    detail = f"近{check.days}日占{now:.1%}，此前{check.reference_days}日占{before:.1%}（容许上升{check.max_rise:.0%}）"
    broken = now - before > check.max_rise
    return Finding.of(
        now, min(before + check.max_rise, 1.0), figures["newest_part"] if broken else 0, figures["newest_rows"], detail
    )


def judge_duplicates(check: DuplicateShare, spans: pd.DataFrame) -> Finding:
    """The share of repeated rows beside the median share of earlier spans."""
    large = spans[spans["rows"] >= check.min_rows]
    if 0 not in large.index or len(large) < 2:  # noqa: PLR2004 - the newest and one to compare with
        return NOTHING_TO_JUDGE
    shares = 1 - large["identities"] / large["rows"]
    now, before = float(shares[0]), float(shares.drop(0).median())
    repeated = int(spans["rows"][0] - spans["identities"][0])
    detail = f"近{check.days}日重复占{now:.1%}，此前同长时段中位数{before:.1%}（容许上升{check.max_rise:.0%}）"
    broken = now - before > check.max_rise
    return Finding.of(now, min(before + check.max_rise, 1.0), repeated if broken else 0, int(spans["rows"][0]), detail)


def judge_mix(check: MixDrift, mix: pd.DataFrame) -> Finding:
    """The mix of categories beside that of the days before."""
    newest, reference = int(mix["newest"].sum()), int(mix["reference"].sum())
    if min(newest, reference) < check.min_rows:
        return NOTHING_TO_JUDGE
    drift = mix_drift(mix["reference"].to_numpy(dtype=float), mix["newest"].to_numpy(dtype=float))
    detail = f"近{check.days}日与此前{check.reference_days}日相比，构成变化指数{drift:.3f}（容许{check.max_drift:g}）"
    return Finding.of(drift, check.max_drift, newest if drift > check.max_drift else 0, newest, detail)


def judge_loads(check: LoadShare, loads: Sequence[Mapping[str, Any]]) -> Finding:
    """A part of the rows of each load of the day."""
    if not loads:
        return Finding("unjudged", None, check.max, 0, 0, "当日没有达到最少行数的装载")
    shares = {str(load["load_id"]): load["part"] / load["whole"] for load in loads}
    broken = {load: share for load, share in shares.items() if share > check.max}
    told = "；".join(f"批次{load}占{share:.1%}" for load, share in broken.items())
    detail = f"{told}（容许{check.max:.0%}）" if broken else f"{len(shares)}批均不超过{check.max:.0%}"
    return Finding.of(max(shares.values()), check.max, len(broken), len(shares), detail)
