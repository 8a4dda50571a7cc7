"""Rejected rows come back once the mapping is mended, raw rows go when their time is over, small counts stay in the house."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow.parquet as pq
import pytest

import jobs.refine
from jobs.aggregate import aggregate
from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.enrich import enrich
from jobs.export import export_counts
from jobs.ledger import loads
from jobs.refine import refine, retry_rejected
from jobs.retention import purge_raw_rows
from warehouse.errors import RadarError
from warehouse.origins import FieldMapping
from warehouse.privacy import privacy
from warehouse.sources import mapping_of
from warehouse.storage import to_dicts

SOURCE = mapping_of("national_12315")
DAY = dt.date(2026, 6, 14)


def load(warehouse, path, date=DAY):
    ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, [path]), date)
    refine(warehouse)


def mended():
    """The same mapping, with one more way to write a date."""
    dates = FieldMapping(columns=["登记日期"], dates=["yyyy-MM-dd HH:mm:ss", "dd.MM.yyyy"], required=True)
    return SOURCE.model_copy(update={"fields": {**SOURCE.fields, "registered_at": dates}, "version": "mended"})


def test_rejected_rows_come_in_once_the_mapping_is_mended(warehouse, complaints, write_export, monkeypatch):
    rows = [*complaints[:6], {**complaints[6], "登记日期": "07.06.2026"}, {**complaints[7], "登记编号": ""}]
    load(warehouse, write_export(rows))
    before = {row["complaint_id"]: row for row in to_dicts(warehouse.read("silver.complaints"))}
    rejected = to_dicts(warehouse.read("silver.rejected_complaints"))
    assert {tuple(row["reasons"]) for row in rejected} == {("registered_at_unreadable",), ("complaint_id_missing",)}
    assert dict(rejected[0]["raw"])["登记日期"] in ("07.06.2026", complaints[7]["登记日期"])

    # Under the same mapping nothing changes.
    retried = retry_rejected(warehouse)
    assert (len(retried.loads), retried.rejected_before, retried.loads[0].rows_rejected) == (1, 2, 2)
    assert {row["complaint_id"]: row for row in to_dicts(warehouse.read("silver.complaints"))} == before

    monkeypatch.setattr(jobs.refine, "mapping_of", lambda _: mended())
    assert retry_rejected(warehouse, "nhtsa").loads == []
    (load_,) = retry_rejected(warehouse, SOURCE.source).loads
    assert (load_.rows_in, load_.rows_accepted, load_.rows_rejected, load_.mapping_version) == (8, 7, 1, "mended")
    after = {row["complaint_id"]: row for row in to_dicts(warehouse.read("silver.complaints"))}
    assert {key: after[key] for key in before} == before
    assert after[complaints[6]["登记编号"]]["event_date"] == dt.date(2026, 6, 7)
    (left,) = to_dicts(warehouse.read("silver.rejected_complaints"))
    assert (left["reasons"], left["mapping_version"]) == (["complaint_id_missing"], "mended")
    assert warehouse.read("silver.complaint_versions").count() == 7


def test_raw_rows_are_removed_in_their_time_from_table_and_disk(warehouse, complaints, write_export, capfd):
    load(warehouse, write_export(complaints[:5]))
    load(warehouse, write_export([{**complaints[5], "登记编号": ""}, complaints[6]], "bad.csv"))
    enrich(warehouse)
    aggregate(warehouse)
    load(warehouse, write_export(complaints[7:9], "waiting.csv"))
    last_day = DAY + dt.timedelta(days=privacy().bronze_days)
    assert purge_raw_rows(warehouse, last_day).loads == []

    first_day = last_day + dt.timedelta(days=1)
    purged = purge_raw_rows(warehouse, first_day)
    assert capfd.readouterr().out == ""
    assert [(load_.file_name, load_.raw_purged_on) for load_ in purged.loads] == [("export.csv", first_day)]
    assert purge_raw_rows(warehouse, first_day).loads == []
    # The load with a rejected row waits longer; the one that is not counted yet waits until it is.
    assert warehouse.read("bronze.complaints").count() == 4
    files = (warehouse.home.tables / "bronze").rglob("*.parquet")
    on_disk = str([pq.ParquetFile(path).read(columns=["raw"]).to_pylist() for path in files])
    assert complaints[0]["登记编号"] not in on_disk
    assert complaints[6]["登记编号"] in on_disk
    assert warehouse.read("silver.complaints").count() == 8

    far = DAY + dt.timedelta(days=privacy().rejected_days + 1)
    assert [load_.file_name for load_ in purge_raw_rows(warehouse, far).loads] == ["bad.csv"]
    retried = retry_rejected(warehouse)
    assert (retried.loads, [load_.file_name for load_ in retried.gone]) == ([], ["bad.csv"])
    assert len(loads(warehouse)) == 3


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_exported_counts_withhold_small_cells(warehouse, complaints, write_export, tmp_path, suffix):
    hostile = [{**row, "品牌": "=HYPERLINK(1)"} for row in complaints if row["品牌"] == "甲牌"]
    load(warehouse, write_export([*hostile, *complaints[-3:], *(row for row in complaints if row["品牌"] == "丁牌")]))
    enrich(warehouse)
    aggregate(warehouse)
    path = tmp_path / f"out/counts{suffix}"
    span = (dt.date(2026, 4, 6), dt.date(2026, 6, 14))
    done = export_counts(warehouse, SOURCE.stream.id, "brand", "week", span, path)
    table = pd.read_csv(path) if suffix == ".csv" else pd.read_excel(path)
    assert (len(table), done.withheld) == (done.rows, int(table["withheld"].sum()))
    last = table[pd.to_datetime(table["period"]) == pd.Timestamp("2026-06-08")].set_index("brand")
    assert last.loc["丁牌", "complaints"] == 7
    assert last.loc["丙牌", "withheld"]
    # The next smallest goes with it; the formula stays a text.
    assert last.loc["'=HYPERLINK(1)", "withheld"] or last.loc["丁牌", "withheld"]
    told = table["complaints"].dropna()
    assert (told >= done.smallest_cell).all()


@pytest.mark.parametrize(
    ("level", "period", "name", "told"),
    [
        ("galaxy", "week", "a.csv", "level galaxy is not known"),
        ("brand", "year", "a.csv", "period year is not known"),
        ("brand", "week", "a.pdf", "exports are .csv or .xlsx"),
    ],
)
def test_what_cannot_be_exported_is_told(warehouse, tmp_path, level, period, name, told):
    with pytest.raises(RadarError, match=told):
        export_counts(warehouse, "hotline_12315", level, period, (DAY, DAY), tmp_path / name)
