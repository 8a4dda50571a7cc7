"""Rows for any table, made from its contract: such as keep every promise of its columns, and such as break them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from warehouse.contracts import Column, Contract

DAY = dt.date(2026, 3, 2)
MOMENT = dt.datetime(2026, 3, 2, 9, 30)
# What matches a pattern; a new pattern needs an example here.
EXAMPLES = {r"^\d{4}-\d{2}$": "2026-03", "^[0-9a-f]{32,64}$": "0123456789abcdef" * 2}


def valid_row(contract: Contract, number: int, **changes: Any) -> dict[str, Any]:
    """A row that keeps every promise of the columns; rows of different numbers have different keys."""
    row = {column.name: _valid(column, number if column.name in contract.key else 0) for column in contract.columns}
    return {**row, **changes}


def broken_row(contract: Contract) -> dict[str, Any]:
    """A row that breaks every promise of a column beside that of not being null."""
    return {column.name: _broken(column) for column in contract.columns}


def empty_row(contract: Contract) -> dict[str, Any]:
    """A row of nulls."""
    return dict.fromkeys(contract.column_names)


def _valid(column: Column, number: int) -> Any:
    kind = column.type.split("(", maxsplit=1)[0].split("<", maxsplit=1)[0]
    if column.values:
        return column.values[0]
    if column.pattern:
        return EXAMPLES[column.pattern]
    lowest = column.min if isinstance(column.min, int) else 0
    return {
        "STRING": f"文{number}",
        "INT": lowest + number,
        "BIGINT": lowest + number,
        "DOUBLE": float(lowest),
        "DECIMAL": Decimal(lowest),
        "BOOLEAN": True,
        "DATE": DAY + dt.timedelta(days=number),
        "TIMESTAMP": MOMENT,
        "ARRAY": [],
        "MAP": {},
    }[kind]


def _broken(column: Column) -> Any:
    if column.values:
        return 99 if column.type == "INT" else "坏"
    if column.pattern:
        return "坏"
    bound, step = (column.min, -1) if column.min is not None else (column.max, 1)
    if bound is None:
        return _valid(column, 0)
    if isinstance(bound, dt.date):
        day = bound + dt.timedelta(days=step)
        return dt.datetime.combine(day, dt.time()) if column.type == "TIMESTAMP" else day
    value = bound + step
    return float(value) if column.type == "DOUBLE" else Decimal(value) if column.type.startswith("DECIMAL") else int(value)
