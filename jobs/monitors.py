"""Monitors of a table: the lines of its contract that no single row can break, judged as of a business date."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from features import monitors as figures
from jobs import monitor_findings as findings
from jobs.completeness import read_completeness
from warehouse.checks import DuplicateShare, Freshness, LoadShare, MixDrift, Monitor, RowShare, Silence, Volume
from warehouse.contracts import contract_of, contracts
from warehouse.quality.results import CheckResult
from warehouse.sources import streams

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from jobs.monitor_findings import Finding
    from warehouse.storage import Warehouse


def monitored_tables() -> list[str]:
    """The tables whose contracts name monitors."""
    return [table for table, contract in contracts().items() if any(isinstance(check, Monitor) for check in contract.checks)]


def monitor(warehouse: Warehouse, table: str, stream: str, as_of: dt.date) -> list[CheckResult]:
    """Judge the monitors of a table for a stream, in the order of the contract."""
    checks = [check for check in contract_of(table).checks if isinstance(check, Monitor)]
    rows = warehouse.read(table)
    # One pass over the table for all shares of rows, and one for all mixes, whatever their windows.
    shares = [check for check in checks if isinstance(check, RowShare)]
    counted = iter(figures.row_shares(rows, stream, as_of, shares) if shares else ())
    drifts = [check for check in checks if isinstance(check, MixDrift)]
    mixes = iter(figures.category_mixes(rows, stream, as_of, drifts) if drifts else ())
    results = []
    for check in checks:
        match check:
            case RowShare():
                finding = findings.judge_row_share(check, next(counted))
            case Volume():
                finding = _volume(warehouse, rows, check, stream, as_of)
            case Freshness():
                finding = findings.judge_freshness(check, figures.newest_day(rows, stream, as_of), as_of)
            case Silence():
                seen = figures.days_by_source(rows, stream, as_of, check.lookback_days)
                finding = findings.judge_silence(check, seen, as_of)
            case DuplicateShare():
                finding = findings.judge_duplicates(check, figures.duplicate_shares(rows, stream, as_of, check))
            case MixDrift():
                finding = findings.judge_mix(check, next(mixes))
            case LoadShare():
                finding = findings.judge_loads(check, figures.load_shares(rows, stream, as_of, check))
        results.append(_result(table, stream, check, finding))
    return results


def _volume(warehouse: Warehouse, counts: DataFrame, check: Volume, stream: str, as_of: dt.date) -> Finding:
    by_day = figures.total_by_day(counts, stream, as_of, check.days + findings.DAYS_IN_WEEK * check.weeks)
    known = {day.event_date: day.completeness for day in read_completeness(warehouse, stream, as_of)}
    return findings.judge_volume(check, by_day, known, chinese=streams()[stream].calendar == "cn")


def _result(table: str, stream: str, check: Monitor, finding: Finding) -> CheckResult:
    said = f"{check.zh}：{finding.detail}"
    return CheckResult(
        table_name=table,
        check_name=check.check,
        subject=check.subject,
        stream=stream,
        strength=check.strength,
        **{**asdict(finding), "detail": said},
    )
