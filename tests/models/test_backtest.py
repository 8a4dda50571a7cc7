"""Scores of alerts beside a known truth: cases counted by hand, and what must hold for every world."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.backtest import BACKGROUND, CALENDAR_PEAK, Alert, Incident, Rules, about, score

RULES = Rules(excess_share=0.5, minimum_complaints=3, tops=(1, 3))
MONDAY = dt.date(2026, 6, 1)
DAYS = [MONDAY + dt.timedelta(days=ahead) for ahead in range(14)]
DEFECT = tuple(f"D{i}" for i in range(40))
CLOSURE = tuple(f"C{i}" for i in range(40))
FLOOD = tuple(f"F{i}" for i in range(40))
OTHER = tuple(f"X{i}" for i in range(40))


def day(ahead: int) -> dt.date:
    return MONDAY + dt.timedelta(days=ahead)


def incident(name: str, complaints=(), onset: int = 1, **changes) -> Incident:
    figures = {
        "id": name,
        "kind": name,
        "real": True,
        "onset": day(onset),
        "end": day(onset + 8),
        "complaint_ids": frozenset(complaints),
        "days": frozenset({day(onset)} if complaints else ()),
    }
    return Incident(**{**figures, **changes})


def alert(id: str, ahead: int, complaints, **changes) -> Alert:
    figures = {
        "as_of": day(ahead),
        "id": id,
        "level": "yellow",
        "p_value": 1e-4,
        "observed": len(complaints),
        "expected": 0.0,
        "raw_count": len(complaints),
        "complaint_ids": tuple(complaints),
        "window_start": day(ahead - 6),
        "subject": f"about {id}",
    }
    return Alert(**{**figures, **changes})


def scored(alerts, incidents, days=DAYS, every=1, rules=RULES):
    return score(alerts, incidents, days, window_days=7, every=every, rules=rules)


def outcomes(result) -> dict[str, str]:
    return {entry.incident.id: entry.outcome for entry in result.incidents}


DEFECTIVE, CLOSED = incident("defect", DEFECT, onset=1), incident("closure", CLOSURE, onset=8)
FLOODED = incident("one_filer", FLOOD, onset=2, real=False)
PEAK = incident("peak", onset=9, kind=CALENDAR_PEAK, real=False)
WORLD = [DEFECTIVE, CLOSED, FLOODED, PEAK]


@pytest.mark.parametrize(
    ("complaints", "observed", "expected", "raw_count", "answer"),
    [
        (DEFECT[:5] + OTHER[:5], 10, 0.0, 10, "defect"),  # exactly half of the excess
        (DEFECT[:4] + OTHER[:6], 10, 0.0, 10, None),
        (DEFECT[:4] + OTHER[:6], 10, 2.0, 10, "defect"),  # half of what is above expectation
        (DEFECT[:3] + OTHER[:7], 10, 8.0, 10, "defect"),
        (DEFECT[:2] + OTHER[:8], 10, 8.0, 10, None),  # more than the excess, but two complaints are too few
        (DEFECT[:2] + OTHER[:2], 40, 20.0, 40, "defect"),  # the list is capped: 2 of 4 listed stand for 20 of 40
        (DEFECT[:1] + OTHER[:3], 40, 19.0, 40, None),  # 10 of an excess of 21
        (DEFECT[:4] + CLOSURE[:5], 9, 0.0, 9, "closure"),  # most of it
        (DEFECT[:5] + CLOSURE[:5], 10, 0.0, 10, "closure"),  # a tie goes by the id
        (DEFECT[:5] + FLOOD[:5], 10, 0.0, 10, "defect"),  # and the real one before the false one
        (FLOOD[:6], 6, 0.0, 6, "one_filer"),
        (DEFECT[:8], 8, 8.0, 8, None),  # no excess, nothing to explain
        (DEFECT[:8], 8, 9.5, 8, None),
        ((), 10, 1.0, 10, None),
    ],
)
def test_what_an_alert_is_about(complaints, observed, expected, raw_count, answer):
    given_alert = alert("a", 3, complaints, observed=observed, expected=expected, raw_count=raw_count)
    found = about(given_alert, WORLD, RULES)
    assert (found and found.id) == answer
    assert about(given_alert, WORLD[::-1], RULES) is found


def test_a_world_counted_by_hand():
    alerts = [
        alert("noise", 0, OTHER[:9], level="orange"),  # background; its id comes back next week
        alert("defect", 4, DEFECT[:6], p_value=1e-5),  # found on day 4, three days from onset
        alert("defect", 5, DEFECT[:9], level="red"),  # its strongest snapshot leads the first week's list
        alert("flood", 6, FLOOD[:9]),
        alert("noise", 7, OTHER[:9]),  # the second week; the peak begins on day 9 only
        alert("shop", 10, CLOSURE[:9], level="red", p_value=1e-9),
        alert("city", 11, CLOSURE[:9] + OTHER[:9], level="red", p_value=1e-3),  # also about the closure
        alert("sale", 12, OTHER[:9], level="blue"),  # nothing planted explains it, but its window touches the peak
    ]
    result = scored(alerts, WORLD)

    assert outcomes(result) == {"defect": "found", "closure": "found", "one_filer": "raised", "peak": "raised"}
    defect, closure, flood, peak = result.incidents
    assert (defect.delay, defect.rank, defect.listed, defect.alert.as_of) == (3, 1, 3, day(4))
    assert defect.alert.level == "yellow"  # as it was first raised, not as it later became
    assert (closure.delay, closure.rank, closure.listed, closure.alert.id) == (2, 1, 4, "shop")
    assert (flood.delay, flood.rank, flood.listed, flood.false_alarms) == (4, 3, 3, 1)
    assert (peak.alert.id, peak.false_alarms) == ("sale", 1)

    assert result.weeks == 2.0
    assert (result.hotspot_weeks, result.true_hotspot_weeks, result.false_count) == (7, 3, 4)
    assert result.precision == pytest.approx(3 / 7)
    assert result.false_per_week == 2.0
    assert {row.kind: (row.count, row.per_week) for row in result.false_alarms} == {
        CALENDAR_PEAK: (1, 0.5),
        "one_filer": (1, 0.5),
        BACKGROUND: (2, 1.0),
    }
    assert (result.real.judged, result.real.found, result.real.recall, result.real.median_delay) == (2, 2, 1.0, 2.5)
    assert result.real.top == {1: 1.0, 3: 1.0}
    assert [(row.kind, row.recall, row.median_delay) for row in result.kinds] == [("closure", 1.0, 2.0), ("defect", 1.0, 3.0)]


def test_ranks_go_by_level_then_p_value_then_excess():
    weaker = [
        alert("orange", 3, OTHER[:9], level="orange", p_value=1e-30),
        alert("less sure", 3, OTHER[:9], level="red", p_value=1e-3),
        alert("smaller", 3, OTHER[:9], level="red", p_value=1e-4, expected=1.0),
    ]
    ours = alert("ours", 3, DEFECT[:9], level="red", p_value=1e-4)
    first = scored([*weaker, ours], [DEFECTIVE]).incidents[0]
    assert (first.rank, first.listed) == (1, 4)
    stronger = [alert("more", 5, OTHER[:10], level="red", p_value=1e-4), alert("rarer", 5, OTHER, level="red", p_value=1e-5)]
    third = scored([*weaker, ours, *stronger], [DEFECTIVE]).incidents[0]
    assert (third.rank, third.listed) == (3, 6)
    next_week = replace(stronger[1], as_of=day(7), window_start=day(1))
    assert scored([ours, next_week], [DEFECTIVE]).incidents[0].listed == 1


def test_the_best_rank_is_of_any_hotspot_about_the_incident_in_the_week_it_was_found_in():
    alerts = [
        alert("first", 2, DEFECT[:5], level="blue"),
        alert("between", 3, OTHER[:9], level="yellow"),
        alert("best", 6, DEFECT[:9], level="red"),
    ]
    (result,) = scored(alerts, [DEFECTIVE]).incidents
    assert (result.alert.id, result.rank, result.listed) == ("first", 1, 3)
    later = replace(alerts[2], as_of=day(7), window_start=day(1))
    (result,) = scored([*alerts[:2], later], [DEFECTIVE]).incidents
    assert (result.rank, result.listed) == (2, 2)


def test_of_the_first_day_the_strongest_alert_is_shown():
    alerts = [alert("weak", 3, DEFECT[:5], level="blue"), alert("strong", 3, DEFECT[:9], level="red")]
    assert scored(alerts, [DEFECTIVE]).incidents[0].alert.id == "strong"


def test_a_hotspot_that_was_once_about_something_real_is_no_false_alarm_in_that_week():
    alerts = [alert("a", 2, OTHER[:9]), alert("a", 3, DEFECT[:9]), alert("a", 8, FLOOD[:9]), alert("a", 9, OTHER[:9])]
    result = scored(alerts, WORLD)
    assert (result.hotspot_weeks, result.true_hotspot_weeks) == (2, 1)
    assert {row.kind: row.count for row in result.false_alarms} == {CALENDAR_PEAK: 0, "one_filer": 1, BACKGROUND: 0}


def test_a_false_incident_is_blamed_before_the_calendar():
    result = scored([alert("a", 10, FLOOD[:9]), alert("b", 10, OTHER[:9])], WORLD)
    assert {row.kind: row.count for row in result.false_alarms} == {CALENDAR_PEAK: 1, "one_filer": 1, BACKGROUND: 0}


@pytest.mark.parametrize(("ahead", "kind"), [(8, BACKGROUND), (9, CALENDAR_PEAK), (13, CALENDAR_PEAK)])
def test_a_window_that_touches_the_peak_is_put_down_to_it(ahead, kind):
    (row,) = (row for row in scored([alert("a", ahead, OTHER[:9])], [PEAK]).false_alarms if row.count)
    assert row.kind == kind


def test_a_peak_is_raised_by_the_first_window_that_touches_it():
    alerts = [alert("a", 7, OTHER[:9]), alert("a", 10, OTHER[:9], level="blue")]
    (peak,) = scored(alerts, [PEAK]).incidents
    assert (peak.delay, peak.false_alarms, peak.rank, peak.listed) == (1, 1, 1, 1)


def test_a_window_that_begins_behind_the_peak_is_not_put_down_to_it():
    over = replace(PEAK, onset=day(0), end=day(4))
    for ahead, kind in ((10, CALENDAR_PEAK), (11, BACKGROUND)):
        (row,) = (row for row in scored([alert("a", ahead, OTHER[:9])], [over]).false_alarms if row.count)
        assert row.kind == kind


def test_what_could_not_be_judged_is_not_missed():
    before = incident("before", DEFECT, onset=-1)
    after = incident("after", CLOSURE, onset=14)
    silent = incident("silent", OTHER, onset=3, days=frozenset())
    late = incident("late", FLOOD, onset=3, days=frozenset({day(14)}))
    empty = incident("empty", onset=3)
    missed = incident("missed", ("M1", "M2", "M3"), onset=13)
    world = [before, after, silent, late, empty, missed]
    result = scored([alert("a", 3, DEFECT[:9])], world)
    reasons = {entry.incident.id: (entry.outcome, entry.unjudged) for entry in result.incidents}
    assert reasons == {
        "before": ("unjudged", "onset_outside"),
        "after": ("unjudged", "onset_outside"),
        "silent": ("unjudged", "no_complaints"),
        "late": ("unjudged", "no_complaints"),
        "empty": ("unjudged", "no_complaints"),
        "missed": ("missed", None),
    }
    assert (result.real.judged, result.real.found, result.real.unjudged, result.real.recall) == (1, 0, 5, 0.0)
    assert result.real.median_delay is None
    assert result.precision == 1.0  # an alarm about a real incident of the days before is no false alarm
    assert all(entry.rank is None and entry.delay is None for entry in result.incidents)


def test_nothing_raised_and_nothing_planted():
    result = scored([], WORLD)
    assert outcomes(result) == {"defect": "missed", "closure": "missed", "one_filer": "quiet", "peak": "quiet"}
    assert (result.precision, result.false_per_week, result.real.recall) == (None, 0.0, 0.0)
    assert result.real.top == {1: 0.0, 3: 0.0}
    nothing = scored([], [])
    assert (nothing.real.recall, nothing.real.top, nothing.kinds) == (None, {1: None, 3: None}, ())
    assert [row.kind for row in nothing.false_alarms] == [BACKGROUND]


def test_only_judged_days_count_and_a_day_stands_for_those_before_it():
    weekly = [day(6), day(13)]
    alerts = [alert("a", 5, OTHER[:9]), alert("b", 6, OTHER[:9]), alert("c", 13, OTHER[:9])]
    result = scored(alerts, [], days=weekly, every=7)
    assert (result.weeks, result.false_count, result.false_per_week) == (2.0, 2, 1.0)
    assert scored(alerts, [], days=weekly, every=14).weeks == 2.0  # a list covers a week at the most
    assert scored(alerts, [], days=weekly, every=1).weeks == pytest.approx(2 / 7)
    with pytest.raises(ValueError, match="no day"):
        scored(alerts, [], days=[])


POOL = DEFECT[:12] + CLOSURE[:12] + FLOOD[:12] + OTHER[:12]
ALERTS = st.lists(
    st.builds(
        lambda id, ahead, level, p, expected, ids: alert(id, ahead, ids, level=level, p_value=p, expected=expected),
        st.sampled_from("abcdefgh"),
        st.integers(-2, 16),
        st.sampled_from(["blue", "yellow", "orange", "red"]),
        st.sampled_from([1e-9, 1e-4, 0.01]),
        st.sampled_from([0.0, 3.5, 20.0]),
        st.lists(st.sampled_from(POOL), max_size=20, unique=True),
    ),
    max_size=25,
    unique_by=lambda a: (a.as_of, a.id),
)


@settings(max_examples=60, deadline=None)
@given(alerts=ALERTS, data=st.data())
def test_the_order_of_alerts_and_incidents_does_not_matter(alerts, data):
    shuffled, world = data.draw(st.permutations(alerts)), data.draw(st.permutations(WORLD))
    assert scored(shuffled, world) == scored(alerts, WORLD)


@settings(max_examples=60, deadline=None)
@given(alerts=ALERTS, ahead=st.integers(0, 13), level=st.sampled_from(["blue", "red"]))
def test_a_further_false_alarm_never_raises_precision_nor_helps_a_rank(alerts, ahead, level):
    before = scored(alerts, WORLD)
    after = scored([*alerts, alert("further", ahead, OTHER, level=level)], WORLD)
    assert after.false_count == before.false_count + 1
    assert after.precision <= (1.0 if before.precision is None else before.precision)
    assert after.real.recall == before.real.recall
    assert after.real.median_delay == before.real.median_delay
    for old, new in zip(before.incidents, after.incidents, strict=True):
        assert old.incident.is_peak or old.rank is None or new.rank >= old.rank
    assert all(after.real.top[top] <= before.real.top[top] for top in RULES.tops)


@settings(max_examples=60, deadline=None)
@given(alerts=ALERTS, ahead=st.integers(1, 13))
def test_a_further_alert_about_an_incident_never_delays_it(alerts, ahead):
    before = scored(alerts, WORLD).incidents[0]
    after = scored([*alerts, alert("further", ahead, DEFECT)], WORLD).incidents[0]
    assert after.outcome == "found"
    assert after.delay <= min(ahead - 1, ahead - 1 if before.delay is None else before.delay)


@settings(max_examples=60, deadline=None)
@given(alerts=ALERTS)
def test_every_hotspot_week_is_true_or_put_down_to_one_thing(alerts):
    result = scored(alerts, WORLD)
    assert sum(row.count for row in result.false_alarms) == result.false_count
    assert 0 <= result.true_hotspot_weeks <= result.hotspot_weeks
    for entry in result.incidents:
        assert (entry.rank is None) == (entry.alert is None)
        assert entry.rank is None or 1 <= entry.rank <= entry.listed
    assert [result.real.top[top] for top in RULES.tops] == sorted(result.real.top.values())
    assert max(result.real.top.values()) <= result.real.recall
