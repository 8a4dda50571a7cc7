"""Great Expectations as the gate: what a contract promises is checked, each check can fail, and nobody is named by it."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from contract_rows import DAY, MOMENT, broken_row, empty_row, valid_row
from pyspark.sql import functions as F
from pyspark.sql.types import StructField, StructType

from warehouse.checks import Condition, RowCount
from warehouse.contracts import Column, Contract, contract_of, contracts
from warehouse.quality import docs, gate
from warehouse.quality.gate import COUNTS_ONLY, Validation, validate
from warehouse.quality.results import CheckResult
from warehouse.quality.suite import columns_looked_at, expectations_of
from warehouse.storage import contract_schema

AS_OF = dt.date(2026, 3, 2)
# Of two tables with the same columns one is enough.
GATED = [
    table for table, contract in contracts().items() if contract.layer != "bronze" and table != "silver.complaint_versions"
]
READ_BY_PEOPLE = [table for table in GATED if table in ("silver.complaints", "silver.complaint_profiles") or "gold." in table]
# Unassigned prefix, so that it is nobody's.
PHONE = "15400001234"

# What a row that keeps a table's conditions needs beside its columns' promises.
KEEPING = {
    "silver.complaints": {"event_date": DAY, "registered_at": MOMENT, "event_month": "2026-03"},
    "silver.complaint_links": {"relation": "copy", "event_group": "x:1"},
    "gold.hotspots": {"window_start": DAY, "last_date": DAY, "as_of": DAY, "complaint_ids": ["N1"]},
    "gold.alarms": {
        **dict.fromkeys(("window_start", "last_date", "as_of", "onset"), DAY),
        "detector": "cluster",
        "regions": ["330100"],
    },
    "gold.reporting_completeness": {"as_of": DAY, "event_date": DAY, "age": 0, "status": "complete"},
    "ops.loads": {"rows_in": 5, "rows_accepted": 3, "rows_rejected": 2},
}
# A row that breaks a condition, for each condition of any contract.
BREAKING = {
    ("silver.complaints", "counted_on_its_day"): {"event_date": DAY + dt.timedelta(days=1)},
    ("gold.complaint_counts", "parts_of_the_count"): {"raw_count": 1, "weighted_count": 2.0},
    ("silver.complaint_profiles", "nothing_known_of_nothing"): {"product_basis": "none", "product_l1": "G03"},
    ("silver.complaint_links", "repeats_weigh_nothing"): {"relation": "repeat", "weight": 1.0},
    ("silver.complaint_links", "first_of_its_event"): {"relation": "copy", "event_group": "文1:文1"},
    ("gold.hotspots", "window_is_a_span"): {"window_start": DAY + dt.timedelta(days=1)},
    ("gold.hotspots", "histories_fit"): {"history": [1], "history_expected": []},
    ("gold.hotspots", "evidence_shown"): {"complaint_ids": []},
    ("gold.alarms", "counted_by_then"): {"last_date": DAY + dt.timedelta(days=1)},
    ("gold.alarms", "onset_within"): {"onset": DAY - dt.timedelta(days=1)},
    ("gold.alarms", "expectation_whole"): {"season_factor": None},
    ("gold.alarms", "detector_shows"): {"regions": []},
    ("gold.reporting_completeness", "unknown_has_no_share"): {"status": "unknown", "completeness": 0.5},
    ("gold.reporting_completeness", "interval_holds_share"): {"completeness": 0.5, "lower": 0.6, "upper": 0.7},
    ("gold.reporting_completeness", "registered_by_then"): {"age": 3},
    ("ops.loads", "rows_add_up"): {"rows_in": 6},
    ("ops.quality_results", "no_more_than_all"): {"violating": 2, "evaluated": 1},
}


def frame(spark, contract: Contract, rows: list[dict]):
    schema = StructType([StructField(field.name, field.dataType) for field in contract_schema(contract)])
    return spark.createDataFrame([[row[name] for name in contract.column_names] for row in rows], schema)


def outcomes(validation: Validation) -> dict[tuple[str, str], str]:
    return {(result.check_name, result.subject): result.outcome for result in validation.results}


@pytest.mark.parametrize("table", READ_BY_PEOPLE)
def test_a_table_that_people_read_is_held_to_its_key_and_its_nulls(table):
    contract = contract_of(table)
    said = {(expectation.meta["check"], expectation.meta["subject"]) for expectation in expectations_of(contract)}
    assert ("unique_key", "") in said
    assert ("columns", "") in said
    assert {("not_null", name) for name in contract.key} <= said
    promised = [
        ("values", lambda column: column.values),
        ("range", lambda column: column.min is not None or column.max is not None),
        ("pattern", lambda column: column.pattern),
        ("not_null", lambda column: not column.nullable),
        ("type", lambda column: column.type),
    ]
    for check, promises in promised:
        assert {(check, column.name) for column in contract.columns if promises(column)} == {s for s in said if s[0] == check}


def test_every_condition_has_a_row_that_breaks_it():
    named = {
        (table, check.name)
        for table, contract in contracts().items()
        for check in contract.checks
        if isinstance(check, Condition)
    }
    assert named == set(BREAKING)


@pytest.mark.parametrize("table", GATED)
def test_every_row_check_of_a_contract_passes_and_fails(spark, table):
    contract = contract_of(table)
    keeping = KEEPING.get(table, {})
    good = [valid_row(contract, number, **keeping) for number in (1, 2)]
    # What a key consists of must still tell the rows apart.
    good[1].update(
        {name: value for name, value in valid_row(contract, 2).items() if name in contract.key and name not in keeping}
    )
    passed = outcomes(validate(contract, frame(spark, contract, good), AS_OF))
    assert {name for name, outcome in passed.items() if outcome != "passed"} == set()

    breaking = [{**good[0], **row} for (of, _), row in BREAKING.items() if of == table]
    bad = [empty_row(contract), broken_row(contract), broken_row(contract), good[0], good[0], *breaking]
    failed = outcomes(validate(contract, frame(spark, contract, bad), AS_OF))
    structure = {name for name in failed if name[0] in ("columns", "type", "row_count")}
    assert {name for name, outcome in failed.items() if outcome != "failed"} == structure

    # Another order and other types, and not a single row.
    bare = contract.model_copy(
        update={
            "columns": [Column(name=column.name, type=column.type, en="e", zh="列") for column in contract.columns],
            "checks": [check for check in contract.checks if isinstance(check, RowCount)],
        }
    )
    other = frame(spark, contract, []).select(*(F.struct(name).alias(name) for name in reversed(contract.column_names)))
    found = outcomes(validate(bare, other, AS_OF))
    assert {found[name] for name in structure} == {"failed"}


def test_figures_are_counts_of_rows(spark):
    contract = contract_of("gold.complaint_counts")
    rows = [valid_row(contract, number, kind=None) for number in range(10)]
    rows += [{**rows[0], "raw_count": 0, "weighted_count": 0.0}, {**rows[3], "event_month": None}, rows[4]]
    validation = validate(contract, frame(spark, contract, rows), AS_OF)
    found = {(result.check_name, result.subject): result for result in validation.results}
    assert validation.rows == 13
    assert (found["unique_key", ""].violating, found["unique_key", ""].evaluated) == (6, 13)
    assert (found["not_null", "event_month"].violating, found["not_null", "event_month"].evaluated) == (1, 13)
    assert (found["pattern", "event_month"].violating, found["pattern", "event_month"].evaluated) == (0, 12)
    assert (found["range", "raw_count"].violating, found["range", "raw_count"].evaluated) == (1, 13)
    assert found["row_count", ""].figure == 13
    assert "1处不符（共13）" in found["not_null", "event_month"].detail
    assert {result.strength for result in validation.results} == {"stop"}


def test_a_column_of_nulls_keeps_every_promise_that_is_not_about_nulls(spark):
    contract = contract_of("silver.complaints")
    row = valid_row(contract, 1, amount=None, satisfaction=None, filer_key=None, **KEEPING["silver.complaints"])
    validation = validate(contract, frame(spark, contract, [row]), AS_OF)
    found = {(result.check_name, result.subject): result for result in validation.results}
    for name in (("range", "amount"), ("range", "satisfaction"), ("pattern", "filer_key")):
        assert (found[name].outcome, found[name].violating, found[name].evaluated) == ("passed", 0, 0)


def test_nothing_is_sent_anywhere_and_only_counts_are_asked_for():
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"
    assert COUNTS_ONLY == {"result_format": "BASIC", "partial_unexpected_count": 0}


def test_no_cell_reaches_results_or_documents(spark, tmp_path, capfd):
    contract = contract_of("silver.complaints")
    good = valid_row(contract, 1, **KEEPING["silver.complaints"])
    # A number that slipped through into every column that a check reads, and into those that none reads.
    texts = {column.name: PHONE for column in contract.columns if column.type == "STRING"}
    moved = {"event_date": DAY + dt.timedelta(days=3)}
    rows = frame(spark, contract, [{**good, **texts, **moved}, {**good, **texts, **moved}, good])
    validation = validate(contract, rows, AS_OF)
    failed = {(result.check_name, result.subject) for result in validation.results if result.outcome == "failed"}
    assert {("values", "kind"), ("pattern", "filer_key"), ("unique_key", ""), ("condition", "counted_on_its_day")} <= failed

    docs.write_pages(tmp_path, AS_OF, [validation])
    docs.write_index(tmp_path, {AS_OF: validation.results})
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")]
    assert len(pages) == 4
    everything = [*pages, *map(str, validation.results), str(validation.document.to_json_dict()), *capfd.readouterr()]
    assert not [text for text in everything if PHONE in text]


def test_texts_that_no_check_reads_never_reach_great_expectations(spark, monkeypatch):
    contract = contract_of("silver.complaints")
    assert "content" not in columns_looked_at(contract)
    assert {"registered_at", "event_date", "event_month", "kind", *contract.key} <= columns_looked_at(contract)
    seen = []
    true_way = gate._without_unread_cells
    monkeypatch.setattr(gate, "_without_unread_cells", lambda *given: seen.append(true_way(*given)) or seen[-1])
    validate(contract, frame(spark, contract, [valid_row(contract, 1, content=PHONE)]), AS_OF)
    (row,) = seen[0].collect()
    assert row["content"] is None
    assert row["complaint_id"] == "文1"


def test_an_engine_error_is_a_failure_without_its_message(spark, capsys, caplog):
    contract = contract_of("gold.complaint_counts")
    check = Condition(
        check="condition",
        name="cast",
        holds=f"CAST(concat(channel, '{PHONE}x') AS BIGINT) > 0",
        strength="warn",
        en="e",
        zh="中",
    )
    casting = contract.model_copy(update={"checks": [check, RowCount(check="row_count", strength="stop", en="e", zh="行数")]})
    validation = validate(casting, frame(spark, contract, [valid_row(contract, 1)]), AS_OF)
    broken = next(result for result in validation.results if result.subject == "cast")
    assert (broken.outcome, broken.strength, broken.detail) == ("failed", "warn", "中：检查未能执行")
    assert not broken.stops
    assert (broken.violating, broken.evaluated) == (1, 1)
    assert PHONE not in caplog.text + "".join(capsys.readouterr())
    shown = next(result for result in validation.document.results if result.expectation_config.meta["subject"] == "cast")
    assert "CAST_INVALID_INPUT" not in str(shown.exception_info)
    assert next(result for result in validation.results if result.check_name == "row_count").outcome == "passed"


@pytest.fixture(scope="module")
def site(spark, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    contract = contract_of("gold.complaint_counts")
    rows = frame(spark, contract, [valid_row(contract, 1), {**valid_row(contract, 2), "raw_count": 0}])
    validation = validate(contract, rows, AS_OF)
    hostile = CheckResult(
        "ops.loads", "load_share", "x", "s<script>", "warn", "failed", 1.0, 0.5, 1, 1, "<script>alert(1)</script>"
    )
    docs.write_pages(folder, AS_OF, [validation])
    docs.write_index(folder, {AS_OF: [*validation.results, hostile]})
    return folder


def test_the_site_needs_no_network_and_runs_no_script(site):
    pages = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert set(pages) == {
        "index.html",
        "2026-03-02/index.html",
        "2026-03-02/gold.complaint_counts.html",
        "suites/gold.complaint_counts.html",
    }
    for page in pages.values():
        assert "<script" not in page
        assert not re.findall(r"(?:https?:)?//[a-z]", page)
        assert not re.findall(r"@import|url\(", page)
        assert "<style>:root" in page


def test_every_link_of_the_site_leads_to_a_page(site):
    for path in site.rglob("*.html"):
        links = re.findall(r'href="([^"#]+)"', path.read_text(encoding="utf-8"))
        assert path.name == "index.html" or links
        for link in links:
            assert (path.parent / link).is_file(), f"{path}: {link}"


def test_the_documents_say_what_failed_in_chinese(site):
    table = (site / "2026-03-02" / "gold.complaint_counts.html").read_text(encoding="utf-8")
    assert "投诉举报件数：不小于1" in table
    assert "1 unexpected values found" in table
    date = (site / "2026-03-02" / "index.html").read_text(encoding="utf-8")
    assert date.index("未通过") < date.index("通过</span>")
    assert "&lt;script&gt;" in date
    index = (site / "index.html").read_text(encoding="utf-8")
    assert '<td class="n failed">1</td>' in index
    assert '<td class="n warned">1</td>' in index


def test_types_with_brackets_are_shown_as_they_are(spark):
    contract = contract_of("gold.hotspots")
    page = docs.suite_page(validate(contract, frame(spark, contract, []), AS_OF))
    assert "类型为ARRAY&lt;BIGINT&gt;" in page


def test_the_same_rows_give_the_same_page(spark):
    contract = contract_of("gold.term_counts")
    rows = frame(spark, contract, [valid_row(contract, 1)])
    one, two = (docs.validation_page(validate(contract, rows, AS_OF)) for _ in range(2))
    assert one == two


def test_pages_of_dates_that_are_no_longer_kept_are_removed(site, monkeypatch, tmp_path):
    from warehouse.quality.settings import quality_settings

    kept = quality_settings().model_copy(update={"documented_dates": 2})
    monkeypatch.setattr(docs, "quality_settings", lambda: kept)
    result = CheckResult("ops.loads", "row_count", "", "all", "stop", "passed", 1.0, 1.0, 0, 1, "通过")
    days = [AS_OF + dt.timedelta(days=n) for n in range(4)]
    for number in range(1, 5):
        docs.write_index(tmp_path, {day: [result] for day in days[:number]})
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["2026-03-04", "2026-03-05"]
    assert "2026-03-03" not in (tmp_path / "index.html").read_text(encoding="utf-8")
