"""The row rules of a table's contract as column expressions: every rule that a row breaks, in one pass."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from warehouse.contracts import contract_of
from warehouse.files import ROOT
from warehouse.sources import IDENTIFIERS, SILVER

if TYPE_CHECKING:
    from collections.abc import Collection

    from pyspark.sql import Column, DataFrame

REASONS, WARNINGS = "reasons", "warnings"
MISSING, UNREADABLE = "missing", "unreadable"


@cache
def rule_version() -> str:
    """Twelve hex digits that change whenever the contract of silver, and with it a rule, does."""
    layer, table = SILVER.split(".")
    return hashlib.sha256((ROOT / layer / f"{table}.yml").read_bytes()).hexdigest()[:12]


def rule_text(name: str) -> str:
    """What a rule says, in Chinese; the name itself for rules of a former version."""
    contract = contract_of(SILVER)
    by_name: dict[str, str] = {}
    for suffix, zh in ((f"_{MISSING}", "缺失"), (f"_{UNREADABLE}", "无法识别")):
        by_name |= {f"{column.name}{suffix}": f"{column.zh}{zh}" for column in contract.columns}
        by_name |= {f"{field}{suffix}": f"{_zh(hashed)}{zh}" for field, hashed in IDENTIFIERS.items()}
    return {**by_name, **{rule.rule: rule.zh for rule in contract.rules}}.get(name, name)


def judged(rows: DataFrame, raw: dict[str, str], fed: Collection[str]) -> DataFrame:
    """The rows with `reasons` (rules of strength reject that they broke) and `warnings`; cleared values are null.

    Args:
        rows: fields as they were read, null where they could not be, and what else the contract's rules name.
        raw: by field, the column of the text that was to be read.
        fed: fields that the source feeds.

    A field that silver must have gives `<field>_missing` or `<field>_unreadable`; one that it may lack gives a warning
    `<field>_unreadable`. The other rules are those of the contract.
    """
    contract = contract_of(SILVER)
    needed = {column.name for column in contract.columns if not column.nullable}
    reasons = [F.when(F.col(text).isNull(), f"{name}_{MISSING}") for name, text in raw.items() if name in needed]
    reasons += [_unreadable(name, text) for name, text in raw.items() if name in needed]
    warnings = [_unreadable(name, text) for name, text in raw.items() if name not in needed]
    by_strength = {"reject": reasons, "warn": warnings}
    cleared: dict[str, list[Column]] = {}
    for rule in contract.rules:
        if rule.asks_for and not set(rule.asks_for) & set(fed):
            continue
        broken = F.expr(rule.when)
        by_strength[rule.strength].append(F.when(broken, F.lit(rule.rule)))
        for name in rule.clears:
            cleared.setdefault(name, []).append(broken)
    told = rows.withColumns({REASONS: F.array_compact(F.array(*reasons)), WARNINGS: F.array_compact(F.array(*warnings))})
    return told.withColumns({name: _cleared(name, conditions) for name, conditions in cleared.items()})


def _zh(column: str) -> str:
    return next(found.zh for found in contract_of(SILVER).columns if found.name == column)


def _unreadable(name: str, text: str) -> Column:
    return F.when(F.col(text).isNotNull() & F.col(name).isNull(), F.lit(f"{name}_{UNREADABLE}"))


def _cleared(name: str, conditions: list[Column]) -> Column:
    broken = F.lit(False)
    for condition in conditions:
        broken = broken | F.coalesce(condition, F.lit(False))
    return F.when(~broken, F.col(name))
