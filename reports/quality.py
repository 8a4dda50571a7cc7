"""What a report says about the quality of its data."""

from __future__ import annotations

from collections.abc import Iterable

from reports.figures import DayReported, QualityFigures
from reports.wording import percent


def quality_sentences(figures: QualityFigures) -> list[str]:
    """How complete the days of the week are, whether the week can be compared, and which checks did not pass."""
    return [*_completeness(figures), *_checks(figures)]


def _completeness(figures: QualityFigures) -> list[str]:
    if not figures.days:
        return ["本周未估计报送完整度。"]
    partial = [day for day in figures.days if not day.complete and day.completeness is not None]
    unknown = [day for day in figures.days if day.completeness is None]
    sentences = []
    if partial:
        told = "、".join(
            f"{_day(day)}（估计已报送{percent(day.completeness)}，区间{percent(day.lower)}—{percent(day.upper)}）"
            for day in partial
        )
        sentences.append(f"下列日期的数据尚未报送完整：{told}。")
    if unknown:
        days = "各日" if len(unknown) == len(figures.days) else _days(unknown)
        sentences.append(f"{days}的报送完整度无法估计：装载历史不足，或其后尚无装载。")
    if not sentences:
        sentences.append("本周各日数据均已报送完整。")
    whole = figures.completeness
    if whole is not None and whole < figures.comparable_at:
        sentences.append(
            f"本周数据估计已报送{percent(whole)}，低于{percent(figures.comparable_at)}，环比不具可比性，下降不代表投诉减少。"
        )
    return sentences


def _checks(figures: QualityFigures) -> list[str]:
    if not figures.checks:
        return ["当日未作数据质量检查。"]
    if not figures.failed and not figures.warned:
        return [f"数据质量检查{figures.checks}项，没有未通过的检查。"]
    counted = f"数据质量检查{figures.checks}项，未通过{len(figures.failed)}项，提示{len(figures.warned)}项："
    return [counted + "；".join([*figures.failed, *figures.warned]) + "。"]


def _days(days: Iterable[DayReported]) -> str:
    return "、".join(map(_day, days))


def _day(day: DayReported) -> str:
    return f"{day.day.month}月{day.day.day}日"
