"""The whole pipeline on a tiny export with a known answer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from email import message_from_bytes, policy

import pytest

from jobs.aggregate import aggregate
from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.detect import detect
from jobs.enrich import enrich
from jobs.hotspots import read_hotspots
from jobs.ledger import COUNTED, loads
from jobs.pipeline import PipelineResult, run_pipeline
from jobs.refine import refine
from warehouse.errors import RadarError
from warehouse.sources import mapping_of
from warehouse.storage import to_dicts, to_pandas

AS_OF = dt.date(2026, 6, 14)
SOURCE = mapping_of("national_12315")
STREAM = SOURCE.stream.id
TABLES = (
    "silver.complaints",
    "silver.complaint_profiles",
    "gold.complaint_counts",
    "gold.term_counts",
    "gold.hotspots",
    "gold.alarms",
    "ops.loads",
)


def run(warehouse, *paths: str, as_of: dt.date = AS_OF) -> PipelineResult:
    return run_pipeline(warehouse, SOURCE, open_arrivals(SOURCE, list(paths)), as_of, lambda _: None)


def load(warehouse, *paths: str, date: dt.date = AS_OF) -> None:
    ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, list(paths)), date)
    refine(warehouse)
    enrich(warehouse)
    aggregate(warehouse)


def content(warehouse, table: str) -> list[tuple]:
    rows = to_dicts(warehouse.read(table))
    return sorted(tuple(map(str, row.values())) for row in rows)


def counts(warehouse, level: str) -> dict[tuple[dt.date, str], int]:
    rows = to_pandas(warehouse.read("gold.complaint_counts").filter(f"level = '{level}'"))
    return {(row.event_date, row.series): row.raw_count for row in rows.itertuples()}


def test_known_answer_and_a_second_run_changes_nothing(warehouse, complaints, write_export):
    path = write_export(complaints)
    first = run(warehouse, path)

    assert (first.rows_in, first.accepted, first.rejected) == (len(complaints), len(complaints), 0)
    expected = Counter((row["登记日期"][:10], f"brand={row['品牌']}") for row in complaints)
    assert {(str(day), series): n for (day, series), n in counts(warehouse, "brand").items()} == dict(expected)

    (hotspot,) = first.detected.hotspots
    assert (hotspot.observed, hotspot.level, hotspot.status) == (24, "red", "new")
    assert "安全" in hotspot.subject
    assert any("丙牌" in name for name in (hotspot.subject, *hotspot.parts))
    assert hotspot.severe_count == 24  # every planted text says 起火
    planted = {row["登记编号"] for row in complaints if row["问题类别"] == "安全"}
    assert set(hotspot.complaint_ids) == planted
    assert "压缩机" in hotspot.terms
    assert first.detected.windows == 10

    before = {table: content(warehouse, table) for table in TABLES}
    files = {file: file.read_bytes() for file in first.files}
    second = run(warehouse, path)

    assert (second.rows_in, second.accepted, second.rejected, second.known) == (len(complaints), len(complaints), 0, 1)
    assert {table: content(warehouse, table) for table in TABLES} == before
    assert {file: file.read_bytes() for file in second.files} == files


def test_no_personal_data_leave_bronze(warehouse, complaints, write_export, capfd):
    result = run(warehouse, write_export(complaints))
    numbers = {row["联系电话"] for row in complaints}
    everything = [text for table in TABLES for row in content(warehouse, table) for text in row]
    everything += [file.read_text(encoding="utf-8") for file in result.files if file.suffix == ".html"]
    for file in result.notified.files:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        everything += [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    everything += list(capfd.readouterr())
    text = "\n".join(everything)
    assert not [number for number in numbers if number in text]
    keys = to_pandas(warehouse.read("silver.complaints"))["filer_key"]
    assert keys.nunique() == len(complaints)


def test_rows_in_are_rows_accepted_plus_rejected_with_every_reason(warehouse, complaints, write_export):
    bad = [
        {**complaints[0], "登记编号": "", "登记日期": "someday"},
        {**complaints[1], "登记编号": "B2", "类型": "表扬"},
        {**complaints[2], "登记编号": "B3", "登记日期": ""},
        {**complaints[3], "登记编号": "B4", "消费金额": "说不清"},  # optional: null, not rejected
    ]
    result = run(warehouse, write_export([*complaints, *bad]))
    assert (result.rows_in, result.accepted, result.rejected) == (len(complaints) + 4, len(complaints) + 1, 3)
    rejected = {row["row_number"]: set(row["reasons"]) for row in to_dicts(warehouse.read("silver.rejected_complaints"))}
    n = len(complaints)
    assert rejected[n + 1] == {"complaint_id_missing", "registered_at_unreadable"}
    assert rejected[n + 2] == {"kind_unreadable"}
    assert rejected[n + 3] == {"registered_at_missing"}
    # What regulators read names the reasons in Chinese.
    report = result.published.files["html"].read_text(encoding="utf-8")
    assert "登记时间缺失：1" in report
    assert "registered_at_missing" not in report
    amounts = {row["complaint_id"]: row["amount"] for row in to_dicts(warehouse.read("silver.complaints"))}
    assert amounts["B4"] is None
    assert float(amounts["N00000"]) == 1999.0


def test_nothing_acceptable_is_an_error_and_keeps_the_rows(warehouse, complaints, write_export):
    path = write_export([{**row, "登记日期": "31.31.2026"} for row in complaints[:5]])
    with pytest.raises(RadarError, match="none of the 5 rows"):
        run(warehouse, path)
    assert warehouse.read("silver.complaints").count() == 0
    assert warehouse.read("silver.rejected_complaints").count() == 5
    assert warehouse.read("bronze.complaints").count() == 5


def test_a_changed_line_changes_only_its_complaint_and_both_days(warehouse, complaints, write_export):
    load(warehouse, write_export(complaints))
    before = {row["complaint_id"]: row for row in to_dicts(warehouse.read("silver.complaints"))}
    total = counts(warehouse, "total")
    moved = {**complaints[0], "登记日期": "2026-06-01 09:00:00", "更新时间": "2026-06-02 09:00:00", "初查受理状态": "已受理"}

    load(warehouse, write_export([moved, *complaints[1:]], "again.csv"))

    after = {row["complaint_id"]: row for row in to_dicts(warehouse.read("silver.complaints"))}
    assert after.keys() == before.keys()
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"N00000"}
    old_day, new_day = dt.date(2026, 4, 6), dt.date(2026, 6, 1)
    difference = {day: n - total.get((day, "all"), 0) for (day, _), n in counts(warehouse, "total").items()}
    assert {day: d for day, d in difference.items() if d} == {old_day: -1, new_day: 1}
    (event_month,) = to_pandas(warehouse.read("silver.complaint_profiles").filter("complaint_id = 'N00000'"))["event_month"]
    assert event_month == "2026-06"


def test_an_older_version_that_arrives_late_never_wins(warehouse, complaints, write_export):
    newer = {**complaints[0], "更新时间": "2026-06-10 08:00:00", "初查受理状态": "已受理"}
    older = {**complaints[0], "更新时间": "2026-06-01 08:00:00", "初查受理状态": "待初查"}
    load(warehouse, write_export([newer], "newer.csv"))
    load(warehouse, write_export([older], "older.csv"))
    (row,) = to_dicts(warehouse.read("silver.complaints"))
    assert row["status"] == "已受理"


def test_the_same_content_under_another_name_is_known(warehouse, complaints, write_export):
    load(warehouse, write_export(complaints, "a.csv"))
    done = ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, [write_export(complaints, "b.csv")]), AS_OF)
    assert not done.new
    assert [known.file_name for known in done.known] == ["a.csv"]
    assert warehouse.read("bronze.complaints").count() == len(complaints)


@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("jobs.ingest.record", 1),
        ("jobs.ingest.record", 2),
        ("jobs.refine.record", 1),
        ("jobs.refine.record", 2),
        ("jobs.aggregate.record", 1),
    ],
)
def test_a_run_that_dies_is_made_good_by_the_next(warehouse, complaints, write_export, monkeypatch, step, call):
    """The ledger is written last in every step, and before it in two: dying there is the worst moment."""
    path = write_export(complaints[:60])
    module, name = step.rsplit(".", 1)
    real = getattr(__import__(module, fromlist=[name]), name)
    calls = 0

    def die(*arguments):
        nonlocal calls
        calls += 1
        if calls == call:
            raise KeyboardInterrupt
        real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(KeyboardInterrupt):
            load(warehouse, path)
    load(warehouse, path, date=AS_OF + dt.timedelta(days=40))  # also on another day, in another month

    assert warehouse.read("bronze.complaints").count() == 60
    assert warehouse.read("silver.complaints").count() == 60
    assert sum(counts(warehouse, "total").values()) == 60
    (only,) = loads(warehouse)
    assert (only.state, only.rows_in, only.rows_accepted, only.rows_rejected) == (COUNTED, 60, 60, 0)


def test_a_day_is_judged_as_if_it_were_that_day(warehouse, complaints, write_export):
    load(warehouse, write_export(complaints))
    assert detect(warehouse, STREAM, AS_OF - dt.timedelta(days=7)).hotspots == []
    assert len(detect(warehouse, STREAM, AS_OF).hotspots) == 1
    # The newest judged day is what is listed, also where nothing was found on it.
    assert detect(warehouse, STREAM, AS_OF + dt.timedelta(days=14)).hotspots == []
    assert read_hotspots(warehouse, None) == []
    assert len(read_hotspots(warehouse, None, every=True)) == 1


def test_a_hotspot_keeps_its_id_and_first_date_while_it_lasts(warehouse, complaints, write_export):
    load(warehouse, write_export(complaints))
    (first,) = detect(warehouse, STREAM, AS_OF).hotspots
    (second,) = detect(warehouse, STREAM, AS_OF + dt.timedelta(days=1)).hotspots
    assert (second.id, second.status, second.first_date) == (first.id, "ongoing", AS_OF)
    (again,) = detect(warehouse, STREAM, AS_OF).hotspots
    assert again == first


def test_one_filers_flood_is_no_hotspot(warehouse, complaints, write_export):
    flood = [
        {**complaints[i], "登记编号": f"F{i}", "登记日期": f"{AS_OF} 11:00:00", "联系电话": "15400000000", "问题类别": "广告"}
        for i in range(40)
    ]
    ordinary = [row for row in complaints if row["问题类别"] != "安全"]
    result = run(warehouse, write_export([*ordinary, *flood]))
    assert result.detected.hotspots == []


def test_consultations_are_kept_but_not_counted(warehouse, complaints, write_export):
    rows = [{**complaints[0], "类型": "咨询"}, complaints[1]]
    load(warehouse, write_export(rows))
    assert warehouse.read("silver.complaints").count() == 2
    assert sum(counts(warehouse, "total").values()) == 1


def test_hostile_values_stay_values(warehouse, complaints, write_export):
    hostile = "甲'; DROP TABLE x; -- <script>alert(1)</script> $x$ a|b=c"
    rows = [{**row, "品牌": hostile} if row["品牌"] == "丙牌" else row for row in complaints]
    result = run(warehouse, write_export(rows))
    assert len(result.detected.hotspots) == 1
    page = result.published.files["html"].read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_tables_can_be_read_without_spark(warehouse, complaints, write_export):
    from deltalake import DeltaTable

    load(warehouse, write_export(complaints))
    for table in ("silver.complaints", "gold.complaint_counts", "ops.loads"):
        layer, name = table.split(".")
        rows = DeltaTable(str(warehouse.home.tables / layer / name)).to_pyarrow_table()
        assert rows.num_rows == warehouse.read(table).count()


@pytest.mark.parametrize(
    ("source", "file", "rows", "first_day", "last_day"),
    [
        ("auto12365", "auto12365_2024/complaints.csv", 2363, dt.date(2024, 1, 29), dt.date(2024, 3, 31)),
        ("nhtsa", "nhtsa/complaints.csv.gz", 15906, dt.date(2014, 12, 20), None),
        ("cfpb", "cfpb/complaints.csv", 20341, None, None),
    ],
)
def test_real_sources_load_through_their_mappings(warehouse, shared_data, source, file, rows, first_day, last_day):
    mapping = mapping_of(source)
    ingest_arrivals(warehouse, mapping, open_arrivals(mapping, [str(shared_data / file)]), AS_OF)
    (done,) = refine(warehouse).loads
    assert (done.rows_in, done.rows_accepted, done.rows_rejected) == (rows, rows, 0)
    assert first_day in (None, done.first_event_date)
    assert last_day in (None, done.last_event_date)
    silver = to_pandas(warehouse.read("silver.complaints"))
    if source == "auto12365":
        assert silver["brand"].value_counts()["大众"] == 281
        assert (silver["issue_label"] == "车身·锈蚀").sum() == 99
    elif source == "nhtsa":
        assert silver["brand"].value_counts().to_dict() == {"FORD": 11144, "TESLA": 4762}
        assert silver["fire_involved"].sum() == 124
        assert (silver["death_count"] > 0).sum() == 15
    else:
        assert (silver["region_code"] == "US-CA").sum() == 3994
        assert silver["channel"].value_counts()["网页"] == 13017
        assert silver["region_code"].notna().all()


def test_real_car_complaints_end_in_a_report_of_real_brands_and_faults(warehouse, shared_data):
    mapping = mapping_of("auto12365")
    files = open_arrivals(mapping, [str(shared_data / "auto12365_2024" / "complaints.csv")])
    result = run_pipeline(warehouse, mapping, files, dt.date(2024, 3, 31), lambda _: None)
    page = result.published.files["html"].read_text(encoding="utf-8")
    for word in ("大众", "哈弗H6", "发动机·漏机油", "同比"):
        assert word in page
    # Consumer rights day doubles every brand and is no hotspot of the whole or of a large brand.
    weekend = detect(warehouse, mapping.stream.id, dt.date(2024, 3, 17))
    assert not [h for h in weekend.hotspots if h.count_level in ("total", "product_class", "issue") or h.subject == "大众"]
