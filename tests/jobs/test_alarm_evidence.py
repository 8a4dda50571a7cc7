"""Signals into alarms: which complaints they show, floods refused, words of the same complaints joined, told in words."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from features.counts import all_dimensions
from jobs.alarm_evidence import alarms_of
from jobs.detectors.signals import Family, Recheck, Signal
from warehouse.thresholds import thresholds

AS_OF = dt.date(2026, 6, 14)
START = AS_OF - dt.timedelta(days=6)
FIGURES = {"window_start": START, "last_date": AS_OF, "expected": 2.0, "p_value": 1e-5, "q_value": 1e-3}


def complaints(count: int = 20, **changes: object) -> pd.DataFrame:
    """Complaints about one brand by different people, most severe and newest first; four are severe."""
    rows = pd.DataFrame(
        {
            "source": "s",
            "complaint_id": [f"N{number:02d}" for number in range(count)],
            "event_date": [AS_OF - dt.timedelta(days=number % 7) for number in range(count)],
            "severity": [4] * 4 + [1] * (count - 4),
            "filer_identity": [f"人{number}" for number in range(count)],
            "text_identity": [f"文{number}" for number in range(count)],
            "merchant_name": "甲商行",
            **dict.fromkeys(all_dimensions()),
        }
    )
    return rows.assign(**{"brand": "甲牌", "product_l1": "G03", "city": "330100", "province": "330000", **changes})


def signal(detector: str, observed: int = 20, level: str = "brand", series: str = "brand=甲牌", **changes: object) -> Signal:
    return Signal(detector, level, series, observed=observed, **{**FIGURES, **changes})


def test_an_alarm_carries_its_figures_its_complaints_and_one_sentence():
    (alarm,) = alarms_of("t", AS_OF, [signal("counts", upper=6.0, factors=(1.0, 2.0, 1.0))], complaints(), {})
    assert (alarm.subject, alarm.subject_key) == ("甲牌", "brand|brand=甲牌")
    assert (alarm.observed, alarm.expected, alarm.ratio, alarm.upper) == (20, 2.0, 10.0, 6.0)
    assert (alarm.expected_level, alarm.season_factor, alarm.calendar_factor) == (1.0, 2.0, 1.0)
    assert (alarm.weighted_count, alarm.severe_count, len(alarm.complaint_ids)) == (20, 4, 20)
    assert alarm.reason == (
        "近7日20件，预期2.0件（常态1.0件，季节系数2.00，日历系数1.00），为预期的10.0倍；无异常时出现这么多件的概率<0.0001。"
    )
    assert alarm.reason_en.startswith("20 complaints in 7 days where 2.0 were expected (ordinarily 1.0, times 2.00 by season")


def test_each_detector_shows_the_complaints_it_is_about():
    given = complaints(city=["330100"] * 5 + ["330400"] * 5 + ["331000"] * 10)
    onset = AS_OF - dt.timedelta(days=1)
    severe = signal("severe", 4)
    cluster = signal("cluster", 3, regions=("330400", "330100"), window_start=onset, onset=onset)
    drift = signal("drift", 90, window_start=dt.date(2026, 4, 20), onset=dt.date(2026, 4, 20))
    shown = {alarm.detector: alarm for alarm in alarms_of("t", AS_OF, [severe, cluster, drift], given, {})}
    assert shown["severe"].complaint_ids == ["N00", "N01", "N02", "N03"]
    assert shown["cluster"].complaint_ids == ["N00", "N01", "N07", "N08"]
    assert shown["cluster"].subject == "嘉兴市、杭州市 甲牌"
    assert shown["cluster"].subject_key == "brand|brand=甲牌|330100|330400"
    assert shown["cluster"].reason.startswith("自2026年6月13日起2日嘉兴市、杭州市3件（去重）")
    assert shown["drift"].reason.startswith("自2026年4月20日起56日90件（去重），按此前水平预期2.0件")


def test_one_persons_flood_is_no_alarm_and_few_repeats_are_no_reason_to_drop_one():
    flood, repeats = (complaints(filer_identity=[f"人{max(0, number - most)}" for number in range(20)]) for most in (19, 3))
    counted = signal("counts", recheck=Recheck(minimum=5, p_value=lambda observed: 0.5**observed, limit=1e-4))
    assert alarms_of("t", AS_OF, [counted], flood, {}) == []
    (alarm,) = alarms_of("t", AS_OF, [counted], repeats, {})
    assert (alarm.observed, alarm.weighted_count) == (20, 17)
    strict = signal("counts", recheck=Recheck(minimum=5, p_value=lambda observed: 0.5**observed, limit=1e-6))
    assert alarms_of("t", AS_OF, [strict], repeats, {}) == []


def test_words_of_the_same_complaints_are_one_alarm_told_by_the_rarest():
    def word(term: str, p_value: float, level: str = "product_class", series: str = "product_l1=G03") -> Signal:
        return signal("term", 8, level, series, terms=(term,), p_value=p_value)

    keys = [("s", f"N{number:02d}") for number in range(20)]
    users = {"漏氟": frozenset(keys[:8]), "压缩机": frozenset(keys[1:9]), "退款": frozenset(keys[12:20])}
    signals = [word("压缩机", 1e-6), word("退款", 1e-5), word("漏氟", 1e-8), word("漏氟", 1e-7, "total", "all")]
    first, second = alarms_of("t", AS_OF, signals, complaints(), users)
    assert (first.terms, second.terms) == (["漏氟", "压缩机"], ["退款"])
    assert first.subject.endswith(" 漏氟")
    assert "提到“漏氟”、“压缩机”" in first.reason
    assert first.complaint_ids == [key for _, key in keys[:8]]


def test_the_limit_is_that_of_benjamini_and_hochberg():
    import numpy as np

    rate = thresholds().false_discovery_rate
    family = Family.of([np.array([0.001, 0.9, np.nan]), np.array([0.002, 0.8])])
    assert family.limit == pytest.approx(rate * 2 / 4)
    assert [len(part) for part in family.q_values] == [3, 2]
    assert Family.of([np.array([0.9])]).limit == 0
    assert Family.of([]).limit == 0
