"""`radar sources check`: which mapping fits, what would be loaded, what is unmapped; and nothing is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.refine import refine
from jobs.source_check import check, open_file, rank
from warehouse.errors import RadarError
from warehouse.sources import mapping_of
from warehouse.storage import to_pandas

DAY = dt.date(2026, 6, 30)
CARS = "auto12365_2020"


def test_what_would_be_loaded_is_what_is_loaded(warehouse, complaints, write_export):
    rows = [*complaints[:20], {**complaints[20], "登记编号": ""}, {**complaints[21], "消费金额": "?", "登记日期": "?"}]
    path = write_export(rows, encoding="gb18030")
    found = check(warehouse.spark, open_file(Path(path)), None, 1000, warehouse.home.state, DAY)
    assert not (warehouse.home.root / "tables").exists()
    assert not list(warehouse.home.state.glob("staging-*"))
    assert (found.source, found.format, found.encoding) == ("national_12315", "csv", "gb18030")
    assert (found.rows, found.all_rows, found.accepted, found.rejected) == (22, True, 20, 2)
    assert found.reasons == {"complaint_id_missing": 1, "registered_at_unreadable": 1}
    assert found.warnings == {"amount_unreadable": 1}
    assert found.kinds == {"投诉": 20}
    amount = next(field for field in found.fields if field.field == "amount")
    assert (amount.columns, amount.read, amount.unreadable) == (["具体问题", "消费金额"], 21, 1)

    mapping = mapping_of(found.source)
    ingest_arrivals(warehouse, mapping, open_arrivals(mapping, [path]), DAY)
    (load,) = refine(warehouse).loads
    assert (load.rows_accepted, load.rows_rejected) == (found.accepted, found.rejected)
    assert (load.first_event_date, load.last_event_date) == (found.first_event_date, found.last_event_date)


def test_only_the_first_rows_if_so_asked(warehouse, complaints, write_export):
    found = check(warehouse.spark, open_file(Path(write_export(complaints[:9]))), None, 5, warehouse.home.state, DAY)
    assert (found.rows, found.all_rows, found.accepted) == (5, False, 5)


def test_columns_that_nobody_reads_are_named_with_their_rows_and_no_cell(warehouse, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("登记编号,类型,登记日期,备注,空\nA,投诉,2026-06-01,15412345678,\nB,投诉,2026-06-01,,\n", encoding="utf-8")
    found = check(warehouse.spark, open_file(path), None, 10, warehouse.home.state, DAY)
    assert found.unmapped == {"备注": 1}
    assert "15412345678" not in str(found)


def test_a_file_of_no_source(warehouse, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("登记编号,别的\nA,B\n", encoding="utf-8")
    file = open_file(path)
    found = check(warehouse.spark, file, None, 10, warehouse.home.state, DAY)
    assert found.source is None
    best = rank(file)[0]
    assert (best.source, best.fits, best.known_columns, best.columns) == ("national_12315", False, 1, 2)
    assert "the column for kind is missing: none of 类型" in best.why_not
    with pytest.raises(RadarError, match="the column for kind is missing"):
        check(warehouse.spark, file, "national_12315", 10, warehouse.home.state, DAY)


@pytest.mark.parametrize(
    ("pattern", "rows", "days"),
    [
        ("20200605*.csv", 600, ("2020-06-05", "2020-06-08")),
        ("20200618*.csv", 630, ("2020-06-18", "2020-06-20")),
        ("20200825*.csv", 600, ("2020-08-25", "2020-08-29")),
    ],
)
def test_the_three_layouts_of_2020_fit_one_mapping(warehouse, shared_data, pattern, rows, days):
    (path,) = (shared_data / CARS).glob(pattern)
    found = check(warehouse.spark, open_file(path), None, 10_000, warehouse.home.state, DAY)
    assert (found.source, found.accepted, found.rejected) == ("auto12365", rows, 0)
    assert (str(found.first_event_date), str(found.last_event_date)) == days
    assert found.warnings == {}


def test_2020_and_2024_load_together(warehouse, shared_data):
    mapping = mapping_of("auto12365")
    inputs = [str(shared_data / CARS / "*.csv"), str(shared_data / "auto12365_2024" / "complaints.csv")]
    ingest_arrivals(warehouse, mapping, open_arrivals(mapping, inputs), DAY)
    done = refine(warehouse).loads
    assert sorted((load.rows_accepted, load.encoding) for load in done) == [
        (600, "utf-8-sig"), (600, "utf-8-sig"), (630, "gb18030"), (2363, "utf-8-sig"),
    ]  # fmt: skip
    silver = to_pandas(warehouse.read("silver.complaints"))
    # One of the files has 300 complaints twice, further down in the same words.
    assert len(silver) == 600 + 300 + 600 + 2363
    assert silver["brand"].notna().all()
    # `H93` is the code of a noise of the body in the site's own dictionary.
    old = silver[silver["event_date"] < dt.date(2021, 1, 1)]
    assert old["issue_label"].notna().all()
    assert old["issue_label"].str.contains("·").mean() > 0.99
