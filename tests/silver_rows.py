"""Rows of silver as a test tells them, and their way through the steps behind it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jobs.aggregate import aggregate
from jobs.enrich import enrich
from jobs.ledger import REFINED, Load, loads, record
from warehouse.contracts import contract_of
from warehouse.sources import SILVER
from warehouse.storage import to_dicts

HANGZHOU, NINGBO = "330106", "330203"
FILLED = {"STRING": "x", "BIGINT": 1, "ARRAY<STRING>": []}


def told(
    number: int,
    name: str | None,
    credit_code: str | None = None,
    region: str | None = HANGZHOU,
    day: str = "2026-06-01",
    **other,
) -> dict[str, Any]:
    """A row of silver about a respondent."""
    moment = dt.datetime.fromisoformat(f"{day} 10:00:00")
    required = {column.name: column.type for column in contract_of(SILVER).columns if not column.nullable}
    fixed = {
        "complaint_id": f"N{number:03d}",
        "kind": "投诉",
        "event_date": moment.date(),
        "event_month": day[:7],
        "registered_at": moment,
        "version_at": moment,
        "load_date": moment.date(),
        "merchant_name": name,
        "merchant_uscc": credit_code,
        "region_code": region,
        "filer_key": f"filer {number}",
        "content": "空调不制冷",
    }
    filled = {name: FILLED.get(kind) for name, kind in required.items() if name not in fixed}
    return {**dict.fromkeys(contract_of(SILVER).column_names), **filled, **fixed, **other}


def arrive(warehouse, rows: list[dict[str, Any]]) -> None:
    """The rows as a load that was refined: silver holds them, and the ledger the days they and their old versions are of."""
    sequence = len(loads(warehouse)) + 1
    rows = [{**row, "load_id": f"load {sequence}", "load_sequence": sequence} for row in rows]
    ids = [row["complaint_id"] for row in rows]
    old = [row["event_date"] for row in to_dicts(warehouse.read(SILVER)) if row["complaint_id"] in ids]
    warehouse.upsert(SILVER, warehouse.spark.createDataFrame(rows, contract_of(SILVER).schema_ddl))
    texts = dict.fromkeys(
        ("source", "stream", "file_name", "content_hash", "format", "encoding", "mapping_version", "code_version"), "x"
    )
    entry = Load(
        load_id=f"load {sequence}",
        load_sequence=sequence,
        load_date=dt.date(2026, 6, 14),
        state=REFINED,
        rows_in=len(rows),
        touched_days=sorted({*old, *(row["event_date"] for row in rows)}),
        **texts,
    )
    record(warehouse, [entry])


def load(warehouse, rows: list[dict[str, Any]]) -> None:
    arrive(warehouse, rows)
    settle(warehouse)


def settle(warehouse) -> None:
    enrich(warehouse)
    aggregate(warehouse)
