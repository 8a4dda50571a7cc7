"""Merchants for people to look at: pairs that may be one, and what is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from features.merchants import normalise_merchant, valid_credit_code
from features.merchants.candidates import candidates
from features.merchants.tables import MERCHANTS, NAMES, merchants
from jobs.merchants import merchant_aliases
from warehouse.errors import RadarError
from warehouse.storage import to_dicts, to_pandas

if TYPE_CHECKING:
    from warehouse.storage import Warehouse

REASONS_ZH = {
    "sound": "同音字",
    "slip": "一字之差",
    "order": "字序颠倒",
    "short": "简称",
    "branch": "疑似分店",
    "place": "地区写法不同",
}


def list_candidates(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Pairs of merchants that may be one, the likeliest first.

    Returns:
        Per pair `respondent` and `merchant` (ids, as the office's alias file takes them), the names and complaints of both,
        `reason`, `pattern`, `reason_zh` and `score`; see `features.merchants.candidates`.

    Raises:
        RadarError: the office's file of merchant aliases is not understood.
    """
    aliases = merchant_aliases(warehouse.home)
    names = warehouse.read(NAMES).filter("complaints > 0")
    assigned = to_pandas(
        names.filter("core IS NOT NULL").groupBy("scope", "core", "merchant").agg(F.sum("complaints").alias("complaints"))
    )
    known = {row["merchant"]: row for row in to_dicts(merchants(names).select("merchant", "name", "complaints"))}
    return [
        {
            "respondent": pair.respondent,
            "respondent_name": known[pair.respondent]["name"],
            "merchant": pair.merchant,
            "merchant_name": known[pair.merchant]["name"],
            "reason": pair.reason,
            "reason_zh": REASONS_ZH[pair.reason],
            "pattern": pair.pattern,
            "score": round(pair.score, 3),
            "respondent_complaints": known[pair.respondent]["complaints"],
            "merchant_complaints": known[pair.merchant]["complaints"],
        }
        for pair in candidates(assigned, aliases)
    ]


def find_merchants(warehouse: Warehouse, who: str) -> list[dict[str, Any]]:
    """All that is known of the merchants with this id, credit code or name, or else with a name that contains it.

    Returns:
        Rows of `silver.merchants`, the most complained about first, each with its `spellings`: name, code, city, branch and
        the basis on which they were taken for this merchant's.

    Raises:
        RadarError: there is none.
    """
    table = warehouse.read(MERCHANTS)
    name = normalise_merchant(who) or who
    exact = F.col("merchant").isin(who.strip(), valid_credit_code(who) or who) | F.array_contains("names", name)
    found = to_dicts(table.filter(exact)) or to_dicts(table.filter(F.exists("names", lambda known: known.contains(name))))
    if not found:
        raise RadarError(f"no merchant is known as {who}")
    ids = [row["merchant"] for row in found]
    spelling = ["merchant", "name", "credit_code", "city", "branch", "basis"]
    spellings = to_dicts(
        warehouse.read(NAMES).filter(F.col("merchant").isin(ids)).groupBy(spelling).agg(F.sum("complaints").alias("complaints"))
    )
    spellings.sort(key=lambda row: (-row["complaints"], *(row[name] or "" for name in spelling)))
    told: dict[str, list[dict[str, Any]]] = {}
    for row in spellings:
        told.setdefault(row.pop("merchant"), []).append(row)
    found.sort(key=lambda row: (-row["complaints"], row["merchant"]))
    return [{**row, "spellings": told[row["merchant"]]} for row in found]
