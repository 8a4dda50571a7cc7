"""Loads into reporting completeness: first loads found among versions, bulk left out, days typed as they are known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from contract_rows import valid_row

from jobs.completeness import delays_seen, estimate_completeness, first_load_dates, read_completeness
from jobs.quality_note import quality_note
from warehouse.contracts import contract_of
from warehouse.home import Home
from warehouse.quality.settings import quality_settings
from warehouse.storage import Warehouse, to_dicts

AS_OF = dt.date(2026, 3, 8)  # a Sunday
ONE_DAY = dt.timedelta(days=1)
STREAM = "hotline_12315"
SETTINGS = quality_settings().completeness
FIRST_LOAD = AS_OF - 120 * ONE_DAY
SHARES = [0.0, 0.6, 0.3, 0.1]  # of a day's complaints by delay in days


def put(warehouse: Warehouse, table: str, rows: list[dict]) -> None:
    contract = contract_of(table)
    whole = [valid_row(contract, number, **row) for number, row in enumerate(rows, 1)]
    frame = warehouse.spark.createDataFrame(
        [[row[name] for name in contract.column_names] for row in whole], contract.schema_ddl
    )
    warehouse.append(table, frame, transaction=f"{table}-{len(rows)}-{warehouse.read(table).count()}")


def version(number: int, day: dt.date, loaded: dt.date, sequence: int = 1, **other) -> dict:
    return {
        "source": "s", "stream": STREAM, "kind": "投诉", "complaint_id": f"N{number}", "event_date": day,
        "event_month": f"{day:%Y-%m}", "load_date": loaded, "load_id": f"L{loaded}", "load_sequence": sequence, **other,
    }  # fmt: skip


def load(day: dt.date, **other) -> dict:
    return {"source": "s", "stream": STREAM, "load_id": f"L{day}", "load_date": day, "state": "counted", **other}


@pytest.fixture(scope="module")
def history(spark, tmp_path_factory) -> Warehouse:
    """Ten complaints a day, loaded daily after 1, 2 or 3 days; thirty days before the first load came in bulk with it."""
    warehouse = Warehouse(spark, Home.at(tmp_path_factory.mktemp("history")))
    rows = []
    for age in range(150, -1, -1):
        day = AS_OF - age * ONE_DAY
        delays = np.repeat(np.arange(4), (10 * np.array(SHARES)).astype(int))
        for place, delay in enumerate(delays):
            loaded = max(day + int(delay) * ONE_DAY, FIRST_LOAD)
            if loaded <= AS_OF:
                rows.append(version(len(rows), day, loaded, kind="举报" if place % 2 else "投诉"))
    put(warehouse, "silver.complaint_versions", rows)
    put(warehouse, "ops.loads", [load(FIRST_LOAD + n * ONE_DAY) for n in range((AS_OF - FIRST_LOAD).days + 1)])
    return warehouse


def test_the_first_load_of_a_complaint_is_found_among_its_versions(spark, tmp_path):
    warehouse = Warehouse(spark, Home.at(tmp_path))
    day, other_day = AS_OF - 9 * ONE_DAY, AS_OF - 8 * ONE_DAY
    rows = [
        version(1, other_day, AS_OF - ONE_DAY, sequence=7),  # a correction moved it to another day
        version(1, day, AS_OF - 5 * ONE_DAY, sequence=3),
        version(2, day, AS_OF + ONE_DAY, sequence=9),  # not known yet
        version(3, day, AS_OF, sequence=8, kind="咨询"),
        version(4, day, AS_OF, sequence=8, stream="auto12365"),
        version(5, AS_OF - 400 * ONE_DAY, AS_OF, sequence=8),
        version(6, AS_OF + 2 * ONE_DAY, AS_OF, sequence=8),  # registered after the business date
        version(7, AS_OF, AS_OF - ONE_DAY, sequence=6, kind="举报"),
    ]
    put(warehouse, "silver.complaint_versions", rows)
    found = to_dicts(first_load_dates(warehouse, STREAM, AS_OF, AS_OF - 200 * ONE_DAY).orderBy("event_date"))
    assert found == [
        {"source": "s", "event_date": day, "load_date": AS_OF - 5 * ONE_DAY},
        {"source": "s", "event_date": AS_OF, "load_date": AS_OF - ONE_DAY},
    ]


def test_days_are_estimated_as_they_arrive(history):
    days = estimate_completeness(history, STREAM, AS_OF)
    assert [day.event_date for day in days] == [AS_OF - age * ONE_DAY for age in range(SETTINGS.newest_days - 1, -1, -1)]
    newest = {day.age: day for day in days}
    assert {age: newest[age].reported for age in range(5)} == {0: 0, 1: 6, 2: 9, 3: 10, 4: 10}
    for age, share in enumerate(np.cumsum(SHARES)):
        assert newest[age].completeness == pytest.approx(share, abs=1e-9)
        assert newest[age].lower <= newest[age].completeness <= newest[age].upper
    assert newest[1].upper - newest[1].lower < 0.2
    assert [newest[age].status for age in range(5)] == ["estimated"] * 3 + ["complete"] * 2
    assert read_completeness(history, STREAM, AS_OF) == days


def test_a_past_day_is_judged_as_it_was_known_then_and_a_rerun_replaces_it(history):
    then = AS_OF - 40 * ONE_DAY
    first = estimate_completeness(history, STREAM, then)
    assert {day.age: day.reported for day in first if day.age < 4} == {0: 0, 1: 6, 2: 9, 3: 10}
    estimate_completeness(history, STREAM, then)
    rows = to_dicts(history.read("gold.reporting_completeness"))
    assert sum(row["as_of"] == then for row in rows) == SETTINGS.newest_days


def test_before_the_horizon_was_ever_seen_whole_nothing_is_known(history):
    early = FIRST_LOAD + 5 * ONE_DAY
    days = estimate_completeness(history, STREAM, early)
    assert {day.status for day in days} == {"unknown"}
    assert {day.completeness for day in days} == {None}
    assert days[0].reported == 10  # it came in bulk
    assert estimate_completeness(history, STREAM, FIRST_LOAD - ONE_DAY) == []


def test_days_since_the_last_load_are_unknown_and_those_before_as_old_as_it_saw_them(history):
    later = AS_OF + 3 * ONE_DAY
    days = {day.event_date: day for day in estimate_completeness(history, STREAM, later)}
    assert [days[AS_OF + n * ONE_DAY].status for n in (1, 2, 3)] == ["unknown"] * 3
    assert days[AS_OF - ONE_DAY].completeness == pytest.approx(0.6)
    assert days[AS_OF - ONE_DAY].age == 4


def test_a_single_bulk_load_tells_nothing_of_delays():
    day = AS_OF - 50 * ONE_DAY
    arrivals = pd.DataFrame({"source": "s", "event_date": [day + n * ONE_DAY for n in range(51)], "load_date": AS_OF, "n": 100})
    sources = pd.DataFrame({"source": ["s"], "first": [AS_OF], "last": [AS_OF]})
    curve = delays_seen(arrivals, sources, AS_OF, SETTINGS)
    assert curve.complaints == 0
    assert np.isnan(curve.share[:, :-1]).all()


def test_the_bulk_of_a_source_that_joined_later_is_left_out_too():
    start = AS_OF - 100 * ONE_DAY
    days = [start + n * ONE_DAY for n in range(100)]
    daily = pd.DataFrame({"source": "a", "event_date": days, "load_date": [day + ONE_DAY for day in days], "n": 10})
    joined = AS_OF - 40 * ONE_DAY
    bulk = pd.DataFrame({"source": "b", "event_date": days[:60], "load_date": joined, "n": 500})
    sources = pd.DataFrame({"source": ["a", "b"], "first": [start, joined], "last": [AS_OF, joined]})
    with_bulk = delays_seen(pd.concat([daily, bulk]), sources, AS_OF, SETTINGS)
    without = delays_seen(daily, sources, AS_OF, SETTINGS)
    np.testing.assert_allclose(with_bulk.share, without.share)
    np.testing.assert_allclose(without.share[:, 0], 0.0)
    np.testing.assert_allclose(without.share[:, 1:], 1.0)


def test_the_note_of_a_week_says_which_days_are_incomplete(history):
    estimate_completeness(history, STREAM, AS_OF)
    note = quality_note(history, STREAM, AS_OF - 6 * ONE_DAY, AS_OF)
    assert [day.day for day in note.days] == [AS_OF - age * ONE_DAY for age in range(6, -1, -1)]
    assert [day.complete for day in note.days] == [True] * 4 + [False] * 3
    # Ten a day; of the last three days 9, 6 and none had arrived.
    assert note.completeness == pytest.approx(55 / 70)
    assert (note.checks, note.failed, note.warned) == (0, [], [])
