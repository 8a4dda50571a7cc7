"""One plain sentence for every detector, in both languages: expected, seen, and how rare."""

from __future__ import annotations

import datetime as dt

import pytest

from features.alarm_reasons import EN, ZH, AlarmReason
from jobs.alarm_rows import detector_names

DAY = dt.date(2026, 6, 14)


def reason(detector: str, **changes: object) -> AlarmReason:
    figures = {"first": DAY - dt.timedelta(days=6), "last": DAY, "observed": 12, "expected": 4.0, "p_value": 0.0003}
    return AlarmReason(detector, **{**figures, **changes})


@pytest.mark.parametrize("detector", detector_names())
def test_every_detector_tells_what_was_expected_seen_and_how_rare_it_is(detector):
    told = reason(detector, places=["嘉兴市", "湖州市"], words=["漏氟"])
    for sentence, stop in ((told.zh, "。"), (told.en, ". ")):
        assert "12" in sentence
        assert "4.0" in sentence
        assert "0.0003" in sentence
        assert f"{sentence} ".count(stop) == 1
        assert "{" not in sentence
    assert ("漏氟" in told.zh) == ("漏氟" in told.en) == (detector == "term")
    assert ("湖州市" in told.zh) == ("湖州市" in told.en) == (detector == "cluster")


def test_the_parts_of_an_expectation_are_told_only_where_they_differ_from_the_whole():
    assert "季节系数" not in reason("counts", factors=(4.0, 1.0, 1.001)).zh
    assert "（常态2.0件，季节系数1.60，日历系数1.25）" in reason("counts", factors=(2.0, 1.6, 1.25)).zh
    assert "(ordinarily 2.0, times 1.60 by season and 1.25 by calendar)" in reason("counts", factors=(2.0, 1.6, 1.25)).en


def test_next_to_nothing_has_no_digits():
    told = reason("severe", observed=1, expected=0.00021, p_value=1e-9)
    assert "预期不足0.1件，为预期的100倍以上" in told.zh
    assert "概率<0.0001" in told.zh
    assert "expect fewer than 0.1, over 100 times" in told.en


def test_both_languages_know_the_same_detectors():
    assert tuple(ZH) == tuple(EN) == detector_names()
