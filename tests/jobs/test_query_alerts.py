"""The doors for analysts: queries that read, and the list of alerts that scripts rely on."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from jobs.arrivals import open_arrivals
from jobs.commands.alerts import FIELDS
from jobs.hotspots import read_hotspots
from jobs.output import as_json
from jobs.pipeline import run_pipeline
from jobs.query import select
from warehouse.errors import RadarError
from warehouse.sources import mapping_of


def test_queries_and_alerts(warehouse, complaints, write_export, capfd):
    mapping = mapping_of("national_12315")
    run_pipeline(warehouse, mapping, open_arrivals(mapping, [write_export(complaints)]), dt.date(2026, 6, 14), lambda _: None)

    (row,) = select(warehouse, "SELECT count(*) AS n, sum(amount) AS yuan FROM silver.complaints", 10)
    assert row == {"n": len(complaints), "yuan": pytest.approx(1999.0 * len(complaints))}
    assert len(select(warehouse, "SELECT complaint_id FROM silver.complaints", 3)) == 3
    with pytest.raises(RadarError, match="query: "):
        select(warehouse, "WITH x AS (SELECT 1) DELETE FROM gold.hotspots", 10)
    with pytest.raises(RadarError, match="only queries that read"):
        select(warehouse, "DROP TABLE silver.complaints", 10)
    with pytest.raises(RadarError, match=r"silver\.nothing has no contract"):
        select(warehouse, "SELECT * FROM silver.nothing", 10)
    with pytest.raises(RadarError, match="query: "):
        select(warehouse, "SELECT no_such_column FROM silver.complaints", 10)
    # The error is one line for whoever catches it, not a page of Spark's own.
    assert "no_such_column" not in capfd.readouterr().err

    (alert,) = json.loads(json.dumps(as_json([{name: row[name] for name in FIELDS} for row in read_hotspots(warehouse, None)])))
    assert list(alert) == [
        "id", "level", "status", "subject", "first_date", "last_date", "observed", "expected", "ratio", "p_value",
        "q_value", "raw_count", "weighted_count", "complaint_ids", "reason",
    ]  # fmt: skip
    assert alert["observed"] == alert["raw_count"] == len(alert["complaint_ids"]) == 24
    assert alert["ratio"] == pytest.approx(alert["observed"] / alert["expected"], rel=0.05)
    assert alert["first_date"] == alert["last_date"] == "2026-06-14"
