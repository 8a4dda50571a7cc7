"""SQL over the tables, for reading only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from warehouse.errors import RadarError
from warehouse.storage import to_dicts

if TYPE_CHECKING:
    from warehouse.storage import Warehouse


def select(warehouse: Warehouse, query: str, limit: int) -> list[dict[str, Any]]:
    """The first rows that a query answers.

    Raises:
        RadarError: the query is not one that only reads, is no SQL, or asks for what is not there.
    """
    from pyspark.errors import PySparkException

    if not query.lstrip(" \t\r\n(").lower().startswith(("select", "with")):
        raise RadarError("only queries that read are answered: SELECT, WITH … SELECT")
    try:
        # As a subquery it can only read: a WITH … DELETE is no table.
        rows = to_dicts(warehouse.query(f"SELECT * FROM (\n{query.rstrip().rstrip(';')}\n) LIMIT {limit:d}"))
    except PySparkException as error:
        raise RadarError(f"query: {str(error).splitlines()[0]}") from error
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return value
