"""What a report says of its data: complete, incomplete, unknown, and what failed."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.figures import DayReported, QualityFigures
from reports.quality import quality_sentences

MONDAY = dt.date(2026, 3, 2)


def day(number: int, share: float | None, reported: int = 100, complete: bool | None = None) -> DayReported:
    known = share is not None
    whole = complete if complete is not None else share == 1.0
    bounds = (share - 0.05, min(share + 0.05, 1.0)) if known else (None, None)
    return DayReported(MONDAY + dt.timedelta(days=number), reported, share, *bounds, whole)


def week(*shares: float | None) -> list[DayReported]:
    return [day(number, share) for number, share in enumerate(shares)]


def said(**figures) -> str:
    return "".join(quality_sentences(QualityFigures(comparable_at=0.95, **figures)))


def test_a_complete_week_without_a_failed_check():
    assert said(days=week(*[1.0] * 7), checks=120) == "本周各日数据均已报送完整。数据质量检查120项，没有未通过的检查。"


def test_an_incomplete_week_is_not_comparable():
    text = said(days=week(1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.5), checks=1)
    assert "3月7日（估计已报送80%，区间75%—85%）、3月8日（估计已报送50%，区间45%—55%）" in text
    assert "3月6日" not in text
    # 700 reported of 5 × 100 + 125 + 200 = 825 expected.
    assert "本周数据估计已报送85%，低于95%，环比不具可比性" in text


def test_a_week_that_is_nearly_complete_is_comparable():
    text = said(days=week(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9))
    assert "3月8日（估计已报送90%" in text
    assert "可比" not in text


def test_unknown_days_are_told_and_nothing_is_made_of_them():
    text = said(days=week(1.0, 1.0, 1.0, None, None))
    assert "3月5日、3月6日的报送完整度无法估计" in text
    assert "可比" not in text
    assert "各日的报送完整度无法估计" in said(days=week(None, None))
    assert QualityFigures(days=week(1.0, None)).completeness is None


def test_completeness_of_the_week_weighs_days_by_their_complaints():
    days = [day(0, 1.0, reported=900), day(1, 0.5, reported=50)]
    assert QualityFigures(days=days).completeness == pytest.approx(950 / 1000)
    # Of the third day nothing can have arrived: it counts like the others, (900 + 100) / 2.
    assert QualityFigures(days=[*days, day(2, 0.0, reported=0)]).completeness == pytest.approx(950 / 1500)
    assert QualityFigures(days=[day(0, 0.0, reported=0)]).completeness is None
    assert QualityFigures().completeness is None
    assert QualityFigures(days=[day(0, 1.0, reported=0)]).completeness is None


def test_failed_and_warned_checks_are_told_and_so_is_that_there_were_none():
    text = said(days=week(1.0), checks=9, failed=["主键重复"], warned=["近日件数：少", "新鲜度"])
    assert "数据质量检查9项，未通过1项，提示2项：主键重复；近日件数：少；新鲜度。" in text
    assert said() == "本周未估计报送完整度。当日未作数据质量检查。"
