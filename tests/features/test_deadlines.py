"""Statutory limits against dates worked out by hand from the calendar, and against counting day by day."""

import copy
import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import features.deadlines as module
from features.deadlines import DeadlineTable, deadlines, due_levels, due_state
from warehouse.files import reference_yaml
from warehouse.working_days import is_working_day, settled_until, working_days_between

ONE_DAY = dt.timedelta(days=1)
NAMES = ("accept_due", "mediate_due", "notice_due", "clue_check_due", "clue_check_extended_due")


def day(text):
    return dt.date.fromisoformat(text) if text else None


def dates(kind, registered, accepted=None, decision=None, **more):
    found = deadlines(kind, day(registered), day(accepted), decision, **{name: day(text) for name, text in more.items()})
    return {name: str(due.date) for name in NAMES if (due := getattr(found, name)).date}


@pytest.mark.parametrize(
    ("registered", "due"),
    [
        # 28 Sep (make-up Sunday), 29, 30, 9 Oct, 10, 11 (make-up Saturday), 13.
        ("2025-09-26", "2025-10-13"),
        ("2025-09-30", "2025-10-16"),
        ("2025-10-04", "2025-10-16"),
        # 13 Feb, 14 (make-up Saturday), 24, 25, 26, 27, 28 (make-up Saturday).
        ("2026-02-12", "2026-02-28"),
        ("2026-02-20", "2026-03-03"),
        # 31 Dec, 4 Jan (make-up Sunday), 5 to 9.
        ("2025-12-30", "2026-01-09"),
        ("2026-04-14", "2026-04-23"),
        ("2026-04-15", "2026-04-24"),
    ],
)
def test_acceptance(registered, due):
    assert dates("投诉", registered)["accept_due"] == due


@pytest.mark.parametrize(
    ("registered", "accepted", "due"),
    [
        # 45 working days from Fri 10 Oct 2025: 11 Oct is worked, then nine full weeks less one day.
        ("2025-09-26", "2025-10-10", "2025-12-11"),
        # Old regime by the day of receipt, though accepted under the new: Labour Day 1 to 5 May, 9 May worked; 19 June holiday.
        ("2026-04-14", "2026-04-20", "2026-06-25"),
        # New regime: 60 days are 19 June, Dragon Boat until Sunday 21 June.
        ("2026-04-15", "2026-04-20", "2026-06-22"),
        # 60 days are Saturday 20 June, within Dragon Boat.
        ("2026-04-15", "2026-04-21", "2026-06-22"),
        # 60 days are Monday 29 June.
        ("2026-04-20", "2026-04-30", "2026-06-29"),
        # 60 days are the plain Saturday 4 July, read as a rest day.
        ("2026-04-30", "2026-05-05", "2026-07-06"),
        # 60 days are 3 October, in National Day 1 to 7 October.
        ("2026-08-01", "2026-08-04", "2026-10-08"),
        # 60 days are the make-up Saturday 10 October.
        ("2026-08-01", "2026-08-11", "2026-10-10"),
    ],
)
def test_mediation(registered, accepted, due):
    assert dates("投诉", registered, accepted, "受理")["mediate_due"] == due


def test_one_day_decides_the_regime():
    old, new = (deadlines("投诉", day(text), day("2026-04-20"), "受理") for text in ("2026-04-14", "2026-04-15"))
    assert (old.regime, old.mediate_due.rule) == ("order_20", "T20-MEDIATE")
    assert (new.regime, new.mediate_due.rule) == ("order_121", "T121-MEDIATE")
    assert "第20号" in old.accept_due.article
    assert "第121号" in new.accept_due.article
    assert (old.accept_due.article[-4:], new.accept_due.article[-4:]) == ("第十四条", "第十五条")


def test_notices_and_clues_of_a_complaint():
    found = dates("投诉", "2026-05-06", "2026-05-08", "受理", ended="2026-06-17", clue_found="2026-05-15")
    # Notice: 18 June, then Dragon Boat 19 to 21 June, then 22 to 26 and 29 June.
    assert found == {
        "accept_due": "2026-05-14",
        "mediate_due": "2026-07-07",
        "notice_due": "2026-06-29",
        "clue_check_due": "2026-06-05",
        "clue_check_extended_due": "2026-06-29",
    }


def test_reports_are_checked_and_under_the_old_regime_answered():
    old = dates("举报", "2026-04-14", ended="2026-05-08")
    # 15 working days from 14 April: 15 to 17, 20 to 24, 27 to 30 April, then 6, 7, 8 May; 9 May is worked.
    assert old == {"clue_check_due": "2026-05-08", "clue_check_extended_due": "2026-05-28", "notice_due": "2026-05-14"}
    new = deadlines("举报", day("2026-04-15"), None, None, ended=day("2026-05-08"))
    assert new.notice_due == module.Due(None, reason="no_limit")
    assert new.clue_check_due.date == day("2026-05-09")
    assert new.clue_check_due.article.startswith("总局令第2号")


@pytest.mark.parametrize("kind", ["咨询", "", "complaint", "投诉 ", "\x00"])
def test_other_matters_have_no_limits(kind):
    found = deadlines(kind, day("2026-05-06"), day("2026-05-08"), "受理", ended=day("2026-06-01"), clue_found=day("2026-06-01"))
    assert {getattr(found, name).reason for name in NAMES} == {"no_limit"}
    assert found.running is None


def test_a_refused_complaint_is_not_mediated():
    found = deadlines("投诉", day("2026-05-06"), day("2026-05-08"), "不予受理")
    assert found.accept_due.date == day("2026-05-14")
    assert found.mediate_due.reason == "no_limit"
    assert found.running is None


def test_what_has_not_begun_says_so():
    found = deadlines("投诉", day("2026-05-06"), None, None)
    assert found.mediate_due == module.Due(None, "T121-MEDIATE", found.mediate_due.article, "not_started")
    assert {found.notice_due.reason, found.clue_check_due.reason, found.clue_check_extended_due.reason} == {"not_started"}
    assert found.accept_due.reason is None


@pytest.mark.parametrize(
    ("kind", "accepted", "decision", "ended", "running"),
    [
        ("投诉", None, None, None, "accept_due"),
        ("投诉", "2026-05-08", None, None, "mediate_due"),
        ("投诉", None, "受理", None, "mediate_due"),
        ("投诉", "2026-05-08", "受理", "2026-05-20", None),
        ("投诉", None, "不予受理", None, None),
        ("举报", None, None, None, "clue_check_due"),
        ("举报", None, None, "2026-05-20", None),
        ("咨询", None, None, None, None),
    ],
)
def test_the_limit_that_runs(kind, accepted, decision, ended, running):
    found = deadlines(kind, day("2026-05-06"), day(accepted), decision, ended=day(ended))
    assert found.running == (getattr(found, running) if running else None)


def test_before_the_first_regime_nothing_is_claimed():
    found = deadlines("投诉", day("2019-12-31"), day("2020-01-06"), "受理")
    assert found.regime is None
    assert {getattr(found, name).reason for name in NAMES} == {"no_regime"}
    assert deadlines("投诉", day("2020-01-01"), None, None).regime == "order_20"


def test_beyond_the_known_holidays_a_date_is_unknown_not_wrong():
    last = settled_until()
    found = deadlines("投诉", last - ONE_DAY, last, "受理")
    for due in (found.accept_due, found.mediate_due):
        assert (due.date, due.reason) == (None, "calendar_unknown")
        assert due.rule.startswith("T121-")
    # The first working day after the last settled one cannot be told either.
    assert deadlines("投诉", dt.date.max, dt.date.max, "受理").mediate_due.reason == "calendar_unknown"


RECEIVED = st.dates(dt.date(2020, 1, 1), dt.date(2026, 6, 30))
DELAY = st.integers(0, 30)


def by_counting(start, working_days):
    while working_days:
        start += ONE_DAY
        working_days -= chinese_calendar.is_workday(start)
    return start


@settings(deadline=None, derandomize=True)
@given(RECEIVED, DELAY)
def test_every_due_date_is_a_working_day_and_what_counting_gives(received, delay):
    accepted = received + delay * ONE_DAY
    found = deadlines("投诉", received, accepted, "受理", ended=accepted, clue_found=accepted)
    assert all(is_working_day(getattr(found, name).date) for name in NAMES)
    assert found.accept_due.date == by_counting(received, 7)
    assert found.notice_due.date == by_counting(accepted, 7)
    assert found.clue_check_due.date == by_counting(accepted, 15)
    assert found.clue_check_extended_due.date == by_counting(accepted, 30)
    if received <= dt.date(2026, 4, 14):
        assert found.mediate_due.date == by_counting(accepted, 45)
    else:
        sixtieth = accepted + 60 * ONE_DAY
        assert found.mediate_due.date == by_counting(sixtieth - ONE_DAY, 1)


@settings(deadline=None, derandomize=True)
@given(RECEIVED, DELAY, st.sampled_from(["投诉", "举报"]))
def test_a_day_later_is_never_due_earlier(received, delay, kind):
    """Within a regime: from one to the next, 60 days may end before 45 working days do."""
    accepted = received + delay * ONE_DAY
    for shift in (received, received + ONE_DAY):
        today, tomorrow = (deadlines(kind, shift, accepted + i * ONE_DAY, "受理", ended=accepted + i * ONE_DAY) for i in (0, 1))
        for name in ("mediate_due", "notice_due"):
            if (first := getattr(today, name).date) and (second := getattr(tomorrow, name).date):
                assert first <= second
    first, second = (deadlines(kind, received + i * ONE_DAY, None, None) for i in (0, 1))
    for name in ("accept_due", "clue_check_due"):
        assert (getattr(first, name).date or dt.date.min) <= (getattr(second, name).date or dt.date.max)


def test_a_longer_reading_of_holidays_is_a_matter_of_data(monkeypatch):
    table = copy.deepcopy(reference_yaml("deadlines"))
    table["rolls_over"] = "statutory_holidays"
    monkeypatch.setattr(module, "_table", lambda: DeadlineTable.model_validate(table))
    for remembered in (module.deadlines, module._due):
        remembered.cache_clear()
    try:
        assert dates("投诉", "2026-04-30", "2026-05-05", "受理")["mediate_due"] == "2026-07-04"
        assert dates("投诉", "2026-04-15", "2026-04-21", "受理")["mediate_due"] == "2026-06-22"
    finally:
        for remembered in (module.deadlines, module._due):
            remembered.cache_clear()


@pytest.mark.parametrize(
    ("due", "today", "state"),
    [
        ("2025-10-09", "2025-10-10", "overdue"),
        ("2025-10-09", "2025-10-09", "due_within_2"),
        ("2025-10-09", "2025-09-30", "due_within_2"),  # the whole holiday between
        ("2025-10-10", "2025-09-30", "due_within_2"),
        ("2025-10-11", "2025-09-30", "due_within_5"),
        ("2025-10-14", "2025-09-30", "due_within_5"),
        ("2025-10-15", "2025-09-30", None),
        ("2026-06-15", "2026-06-10", "due_within_5"),
        (None, "2026-06-10", None),
    ],
)
def test_how_near_a_due_date_is(due, today, state):
    assert due_state(day(due), day(today)) == state


def test_nearness_that_only_unknown_holidays_would_tell_is_unknown():
    last = settled_until()
    assert due_state(last + 30 * ONE_DAY, last) == "unknown"
    assert due_state(last + 5 * ONE_DAY, last) == "due_within_5"
    assert due_state(last + 2 * ONE_DAY, last) == "due_within_2"
    assert due_state(last + 2 * ONE_DAY, last + 3 * ONE_DAY) == "overdue"


@settings(deadline=None, derandomize=True)
@given(st.dates(dt.date(2024, 1, 1), dt.date(2026, 10, 30)), st.integers(0, 25))
def test_a_matter_comes_nearer_from_day_to_day(due, before):
    order = [None, "due_within_5", "due_within_2", "overdue"]
    today = due - before * ONE_DAY
    state = due_state(due, today)
    assert order.index(due_state(due, today + ONE_DAY)) >= order.index(state)
    left = working_days_between(today, due)
    assert state == ("due_within_2" if left <= 2 else "due_within_5" if left <= 5 else None)


def test_levels_of_the_states():
    assert due_levels() == {"overdue": "orange", "due_within_2": "yellow", "due_within_5": "blue"}


def changed(**changes):
    table = copy.deepcopy(reference_yaml("deadlines"))
    for path, value in changes.items():
        place = table["regimes"][int(path[1])]
        limit = path[3:]
        if limit.startswith("limit_"):
            place["limits"][0][limit.removeprefix("limit_")] = value
        else:
            place[limit] = value
    return table


@pytest.mark.parametrize(
    "table",
    [
        changed(r1_from=dt.date(2026, 4, 16)),
        changed(r0_to=None),
        changed(r0_limit_days=3),
        changed(r0_limit_working_days=None),
        changed(r0_limit_due="mediate_due"),
        changed(r0_limit_starts="paid"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(table):
    with pytest.raises(ValidationError):
        DeadlineTable.model_validate(table)


def test_the_tables_ids_are_distinct():
    limits = [limit["id"] for regime in reference_yaml("deadlines")["regimes"] for limit in regime["limits"]]
    assert len(set(limits)) == len(limits) > 0
