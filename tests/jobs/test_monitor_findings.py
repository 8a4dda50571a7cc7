"""What figures mean: each kind of monitor passes, fails and stays silent where it should."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from jobs.monitor_findings import (
    judge_duplicates,
    judge_freshness,
    judge_loads,
    judge_mix,
    judge_row_share,
    judge_silence,
    judge_volume,
)
from warehouse.checks import DuplicateShare, Freshness, LoadShare, MixDrift, RowShare, Silence, Volume
from warehouse.contracts import contract_of

AS_OF = dt.date(2026, 3, 10)
ONE_DAY = dt.timedelta(days=1)
SAID = {"strength": "warn", "en": "e", "zh": "中"}
RECENT = {"days": 7, "reference_days": 28, "min_rows": 50, **SAID}


def ago(days: int) -> dt.date:
    return AS_OF - days * ONE_DAY


@pytest.mark.parametrize(("age", "outcome"), [(0, "passed"), (7, "passed"), (8, "failed")])
def test_freshness(age, outcome):
    check = Freshness(check="freshness", max_days=7, **SAID)
    found = judge_freshness(check, ago(age), AS_OF)
    assert (found.outcome, found.figure, found.threshold) == (outcome, age, 7)
    assert f"距业务日期{age}天" in found.detail
    assert judge_freshness(check, None, AS_OF).outcome == "unjudged"


def silence(**changes) -> Silence:
    figures = {"lookback_days": 180, "gap_factor": 3, "min_days": 2, "forget_days": 90, **SAID, **changes}
    return Silence(check="silence", **figures)


def test_a_source_is_silent_by_its_own_habit():
    daily = [ago(age) for age in range(100, 4, -1)]  # nothing for five days
    weekly = [ago(age) for age in range(98, 4, -7)]
    found = judge_silence(silence(), {"daily": daily, "weekly": weekly}, AS_OF)
    assert (found.outcome, found.violating, found.evaluated, found.figure, found.threshold) == ("failed", 1, 2, 5, 3)
    assert "daily" in found.detail
    assert "weekly" not in found.detail
    assert judge_silence(silence(), {"weekly": weekly}, AS_OF).outcome == "passed"
    assert judge_silence(silence(min_days=5), {"daily": daily}, AS_OF).outcome == "passed"


def test_a_source_that_was_given_up_or_came_once_is_not_silent():
    gone = [ago(age) for age in range(170, 99, -1)]
    assert judge_silence(silence(), {"gone": gone, "once": [ago(60)]}, AS_OF).outcome == "unjudged"
    assert judge_silence(silence(), {}, AS_OF).outcome == "unjudged"


def volume(**changes) -> Volume:
    figures = {
        "days": 7,
        "weeks": 8,
        "min_history": 4,
        "deviations": 6,
        "min_ratio": 2,
        "min_completeness": 0.5,
        **SAID,
        **changes,
    }
    return Volume(check="volume", **figures)


def by_day(last: dt.date, days: int = 70, **changes: float) -> pd.Series:
    """100 a day and 40 on weekends up to a day; `d4=300` puts 300 four days before it."""
    index = pd.date_range(end=pd.Timestamp(last), periods=days, freq="D")
    counts = pd.Series([40.0 if day.weekday() >= 5 else 100.0 for day in index], index=index)
    for name, value in changes.items():
        counts.iloc[-1 - int(name[1:])] = value
    return counts


ALL_COMPLETE = {ago(age): 1.0 for age in range(400)}


def test_a_day_far_above_or_below_its_weekday_is_told():
    assert judge_volume(volume(), by_day(AS_OF), ALL_COMPLETE, chinese=False).outcome == "passed"
    rise = judge_volume(volume(), by_day(AS_OF, d4=300), ALL_COMPLETE, chinese=False)
    assert (rise.outcome, rise.violating, rise.evaluated) == ("failed", 1, 7)
    assert rise.figure == pytest.approx(2.0)
    assert "03月06日300件" in rise.detail
    fall = judge_volume(volume(), by_day(AS_OF, d0=0, d1=0), ALL_COMPLETE, chinese=False)
    assert (fall.outcome, fall.violating) == ("failed", 2)
    # Forty is usual for a Sunday, and too few for a Monday.
    assert judge_volume(volume(days=1), by_day(dt.date(2026, 3, 8)), ALL_COMPLETE, chinese=False).outcome == "passed"
    few = judge_volume(volume(days=1), by_day(dt.date(2026, 3, 9), d0=30), {dt.date(2026, 3, 9): 1.0}, chinese=False)
    assert few.outcome == "failed"


def test_an_incomplete_day_is_scaled_up_and_a_nearly_empty_one_not_judged():
    incomplete = {**ALL_COMPLETE, AS_OF: 0.6}
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=30), ALL_COMPLETE, chinese=False).outcome == "failed"
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=30), incomplete, chinese=False).outcome == "passed"
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=190), incomplete, chinese=False).outcome == "failed"
    barely = {**ALL_COMPLETE, AS_OF: 0.3}
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=0), barely, chinese=False).outcome == "unjudged"


def test_a_day_of_unknown_completeness_can_be_too_many_but_not_too_few():
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=0), {}, chinese=False).outcome == "passed"
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=0), {AS_OF: None}, chinese=False).outcome == "passed"
    assert judge_volume(volume(days=1), by_day(AS_OF, d0=500), {}, chinese=False).outcome == "failed"


def test_peaks_and_holidays_of_the_consumer_calendar_are_not_compared_with_plain_days():
    rights_day = dt.date(2024, 3, 15)
    doubled = by_day(rights_day, d0=400, d1=380, d2=350)
    complete = {rights_day - age * ONE_DAY: 1.0 for age in range(100)}
    assert judge_volume(volume(), doubled, complete, chinese=False).violating == 3
    found = judge_volume(volume(), doubled, complete, chinese=True)
    assert (found.outcome, found.evaluated) == ("passed", 4)  # 03-13 to 03-15 are the peak, four plain days before it
    festival = dt.date(2024, 2, 14)
    empty = by_day(festival, d0=2, d1=1, d2=3)
    complete = {festival - age * ONE_DAY: 1.0 for age in range(100)}
    assert judge_volume(volume(days=3), empty, complete, chinese=False).violating == 3
    assert judge_volume(volume(days=3), empty, complete, chinese=True).outcome == "unjudged"


def test_a_short_or_empty_history_is_not_judged():
    assert judge_volume(volume(), by_day(AS_OF, days=20, d0=900), ALL_COMPLETE, chinese=False).outcome == "unjudged"
    assert judge_volume(volume(), pd.Series(dtype="int64"), {}, chinese=True).outcome == "unjudged"


def row_figures(newest_part, reference_part, newest_rows=100, reference_rows=400) -> dict[str, int]:
    return {
        "newest_rows": newest_rows, "newest_part": newest_part,
        "reference_rows": reference_rows, "reference_part": reference_part,
    }  # fmt: skip


def test_a_share_that_rises():
    check = RowShare(check="row_share", name="n", when="true", max_rise=0.1, **RECENT)
    assert judge_row_share(check, row_figures(10, 40)).outcome == "passed"
    assert judge_row_share(check, row_figures(100, 400)).outcome == "passed"  # a source that never had it
    found = judge_row_share(check, row_figures(25, 40))
    assert (found.outcome, found.figure, found.threshold, found.violating) == ("failed", 0.25, pytest.approx(0.2), 25)
    assert judge_row_share(check, row_figures(0, 400)).outcome == "passed"  # a fall is none
    assert judge_row_share(check, row_figures(49, 0, newest_rows=49)).outcome == "unjudged"
    assert judge_row_share(check, row_figures(50, 0, reference_rows=0)).outcome == "unjudged"


def test_duplicates_beside_earlier_spans():
    check = DuplicateShare(check="duplicate_share", column="c", max_rise=0.1, **RECENT)

    def judged(*spans):
        return judge_duplicates(check, pd.DataFrame(spans, columns=["rows", "identities"]))

    assert judged((100, 95), (100, 97), (100, 40), (100, 98)).outcome == "passed"
    found = judged((100, 80), (100, 97), (100, 40), (100, 98))
    assert (found.outcome, found.violating, found.figure) == ("failed", 20, pytest.approx(0.2))
    assert judged((49, 1), (100, 97)).outcome == "unjudged"
    assert judged((100, 1), (10, 9)).outcome == "unjudged"


def test_a_mix_that_moves():
    check = MixDrift(check="mix_drift", level="issue", max_drift=0.25, **RECENT)

    def judged(newest, reference):
        return judge_mix(check, pd.DataFrame({"newest": newest, "reference": reference}))

    assert judged([50, 30, 20], [200, 120, 80]).outcome == "passed"
    found = judged([10, 10, 80], [200, 120, 80])
    assert (found.outcome, found.violating) == ("failed", 100)
    assert judged([100], [400]).figure == 0.0
    assert judged([1, 2], [400, 0]).outcome == "unjudged"
    assert judged([], []).outcome == "unjudged"


def test_loads_of_the_day():
    check = LoadShare(check="load_share", name="rejected", part="p", whole="w", max=0.5, min_rows=1, **SAID)
    good, bad = {"load_id": "a", "part": 5, "whole": 10}, {"load_id": "b", "part": 6, "whole": 10}
    assert judge_loads(check, [good]).outcome == "passed"
    found = judge_loads(check, [good, bad])
    assert (found.outcome, found.figure, found.violating, found.evaluated) == ("failed", 0.6, 1, 2)
    assert "批次b占60.0%" in found.detail
    assert judge_loads(check, []).outcome == "unjudged"


def contract_line(check: str, subject: str = ""):
    (line,) = (line for line in contract_of("gold.complaint_counts").checks if (line.check, line.subject) == (check, subject))
    return line


def test_real_car_complaints_are_steady_but_for_what_the_calendar_knows(shared_data):
    rows = pd.read_csv(shared_data / "auto12365_2024" / "complaints.csv", dtype=str)
    dates = pd.to_datetime(rows["投诉日期"]).dt.normalize()
    counts = dates.value_counts().sort_index()
    by_day = counts.reindex(pd.date_range(counts.index[0], counts.index[-1]), fill_value=0)
    complete = {day.date(): 1.0 for day in by_day.index}
    line = contract_line("volume")
    told: dict[bool, list[str]] = {True: [], False: []}
    for last in by_day.index[7:]:
        for chinese in told:
            found = judge_volume(line, by_day[:last], complete, chinese=chinese)
            told[chinese] += [found.detail] if found.outcome == "failed" else []
    assert told[True] == []
    assert any("03月15日" in detail for detail in told[False])

    mix = contract_line("mix_drift", "issue")
    for last in by_day.index[line.days :: 7]:
        age = (last - dates).dt.days
        figures = pd.DataFrame(
            {
                "newest": rows["问题类型"][(age >= 0) & (age < mix.days)].value_counts(),
                "reference": rows["问题类型"][(age >= mix.days) & (age < mix.days + mix.reference_days)].value_counts(),
            }
        ).fillna(0)
        assert judge_mix(mix, figures).outcome != "failed"
