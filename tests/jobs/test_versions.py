"""Versions of complaints: the newest wins whatever the order of arrival, and all of them stay."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict

from tiny_export import complaint

from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.ledger import loads
from jobs.refine import refine
from warehouse.sources import mapping_of
from warehouse.storage import to_dicts

SOURCE = mapping_of("national_12315")
DAY = dt.date(2026, 6, 14)


def load(warehouse, path, date=DAY):
    ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, [path]), date)
    (done,) = refine(warehouse).loads
    return done


def test_silver_and_history_are_what_a_brute_force_makes_of_the_deliveries(warehouse, write_export):
    rng = random.Random(5)
    versions = [
        complaint(
            number,
            dt.date(2026, 6, 1 + rng.randrange(5)),
            "甲牌",
            更新时间=f"2026-06-{rng.randrange(6, 9):02d} 08:00:00",
            初查受理状态=rng.choice(["待初查", "已受理"]),
        )
        for number in range(12)
        for _ in range(8)
    ]
    deliveries = [[rng.choice(versions) for _ in range(40)] for _ in range(4)]
    history, newest = defaultdict(list), {}
    changing, touched = [], []
    for sequence, rows in enumerate(deliveries, 1):
        done = load(warehouse, write_export(rows, f"{sequence}.csv"))
        new, days, before = 0, set(), dict(newest)
        for number, row in enumerate(rows, 1):
            key, told = row["登记编号"], (row["登记日期"][:10], row["初查受理状态"])
            of_key = sorted(history[key] + [(row["更新时间"], sequence, number, told)])
            place = of_key.index((row["更新时间"], sequence, number, told))
            repeats = place > 0 and of_key[place - 1][0] == row["更新时间"] and of_key[place - 1][3] == told
            history[key] = (
                of_key if not repeats else [item for item in of_key if item[2:] != (number, told) or item[1] != sequence]
            )
            new += not repeats
        for key, told in history.items():
            newest[key] = told[-1]
            if newest[key] != before.get(key):
                days |= {newest[key][3][0]} | ({before[key][3][0]} if key in before else set())
        changing.append((done.rows_changing, new))
        touched.append(({str(day) for day in done.touched_days}, days))
    assert all(ours == theirs for ours, theirs in changing)
    assert all(ours == theirs for ours, theirs in touched)

    def told(row):
        at = row["version_at"].astimezone(dt.timezone(dt.timedelta(hours=8)))
        return (f"{at:%Y-%m-%d %H:%M:%S}", row["load_sequence"], row["row_number"], (str(row["event_date"]), row["status"]))

    silver = {row["complaint_id"]: told(row) for row in to_dicts(warehouse.read("silver.complaints"))}
    assert silver == newest
    kept = defaultdict(list)
    for row in to_dicts(warehouse.read("silver.complaint_versions")):
        kept[row["complaint_id"]].append(told(row))
    assert {key: sorted(rows) for key, rows in kept.items()} == {key: sorted(rows) for key, rows in history.items()}


def test_the_ledger_tells_all_of_a_load(warehouse, complaints, write_export):
    rows = [*complaints[:30], {**complaints[30], "登记编号": ""}, {**complaints[31], "消费金额": "?"}]
    first = load(warehouse, write_export(rows))
    assert (first.rows_in, first.rows_accepted, first.rows_rejected, first.rows_warned, first.rows_changing) == (
        32,
        31,
        1,
        1,
        31,
    )
    assert (first.format, first.encoding, first.mapping_version) == ("csv", "utf-8-sig", SOURCE.version)
    assert len(first.rule_version) == 12
    assert set(first.touched_days) == {dt.date.fromisoformat(row["登记日期"][:10]) for row in [*rows[:30], rows[31]]}
    assert set(first.versions_before.values()) == {0}
    assert set(first.versions_after.values()) == {1}
    assert loads(warehouse) == [first]

    # A delivery that repeats all but one line changes that complaint alone, and rewrites nothing else.
    second = load(warehouse, write_export([{**complaints[0], "初查受理状态": "已受理"}, *rows[1:31]], "again.csv"))
    assert (second.rows_accepted, second.rows_changing) == (30, 1)
    assert second.touched_days == [dt.date.fromisoformat(complaints[0]["登记日期"][:10])]
    by_load = {row["complaint_id"]: row["load_id"] for row in to_dicts(warehouse.read("silver.complaints"))}
    assert [key for key, load_id in by_load.items() if load_id == second.load_id] == ["N00000"]


def test_what_was_known_on_a_day_can_be_asked(warehouse, complaints, write_export):
    load(warehouse, write_export([complaints[0]]), dt.date(2026, 6, 10))
    load(warehouse, write_export([{**complaints[0], "初查受理状态": "已受理"}], "later.csv"), dt.date(2026, 6, 12))
    query = """
        SELECT status FROM silver.complaint_versions WHERE load_date <= DATE'{}'
        ORDER BY version_at DESC, load_sequence DESC, row_number DESC LIMIT 1"""
    assert [to_dicts(warehouse.query(query.format(day)))[0]["status"] for day in ("2026-06-11", "2026-06-12")] == [
        "待初查",
        "已受理",
    ]
