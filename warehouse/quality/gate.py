"""Rows of a table held to the expectations of its contract."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig
from pyspark import StorageLevel
from pyspark.sql import functions as F

from warehouse.quality.results import ALL_STREAMS, CheckResult
from warehouse.quality.suite import CONDITION, columns_looked_at, expectations_of

if TYPE_CHECKING:
    from great_expectations.core.expectation_suite import ExpectationSuite
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from pyspark.sql import DataFrame

    from warehouse.contracts import Contract

# Counts of rows and nothing else: no unexpected value, no row, no place of a row.
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
NOT_EVALUATED = "the check could not be evaluated"


@dataclass(frozen=True)
class Validation:
    """A table's rows, validated.

    Attributes:
        table: the table.
        rows: how many were looked at.
        results: a result per expectation, in the order of the contract.
        suite: the expectations as Great Expectations holds them.
        document: Great Expectations' own result, from which its page is made.
    """

    table: str
    rows: int
    results: list[CheckResult]
    suite: ExpectationSuite
    document: ExpectationSuiteValidationResult


def validate(contract: Contract, rows: DataFrame, as_of: dt.date) -> Validation:
    """Hold rows of a table to its contract.

    The rows are held in memory while Great Expectations runs its jobs over them. Columns that no expectation reads are
    nulls there, so that texts people wrote do not reach it at all; of the others it returns counts only.

    Args:
        contract: the table's contract.
        rows: the rows to look at, with the table's own columns.
        as_of: business date, under which the document is filed.
    """
    # It logs what an engine says, which may quote a cell.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    seen = _without_unread_cells(rows, contract).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        count = seen.count()
        context = gx.get_context(project_config=_configuration(), mode="ephemeral")
        asset = context.data_sources.add_spark("spark", persist=False).add_dataframe_asset(contract.table)
        suite = context.suites.add(gx.ExpectationSuite(name=contract.table, expectations=expectations_of(contract)))
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=contract.table, data=asset.add_batch_definition_whole_dataframe("touched"), suite=suite
            )
        )
        document = definition.run(batch_parameters={"dataframe": seen}, result_format=COUNTS_ONLY, run_id=_run_id(as_of))
    finally:
        seen.unpersist()
    for result in document.results:
        _withhold_exception(result)
    order = {_identity(expectation): place for place, expectation in enumerate(suite.expectations)}
    document.results.sort(key=lambda result: order[_identity(result.expectation_config)])
    results = [_check_result(contract.table, result, count) for result in document.results]
    return Validation(contract.table, count, results, suite, document)


def _configuration() -> DataContextConfig:
    return DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )


def _run_id(as_of: dt.date) -> RunIdentifier:
    """The business date stands for the time of the run: the same day gives the same document."""
    return RunIdentifier(run_name=str(as_of), run_time=dt.datetime.combine(as_of, dt.time(), dt.UTC))


def _without_unread_cells(rows: DataFrame, contract: Contract) -> DataFrame:
    read = columns_looked_at(contract)
    return rows.select(
        *(
            F.col(field.name) if field.name in read else F.lit(None).cast(field.dataType).alias(field.name)
            for field in rows.schema
        )
    )


def _withhold_exception(result: ExpectationValidationResult) -> None:
    """An engine's message may quote a cell."""
    if result.exception_info.get("raised_exception", True):
        result.exception_info = {
            "raised_exception": True,
            "exception_message": NOT_EVALUATED,
            "exception_traceback": NOT_EVALUATED,
        }


def _identity(expectation: Any) -> tuple[str, str]:
    return expectation.meta["check"], expectation.meta["subject"]


def _check_result(table: str, result: ExpectationValidationResult, rows: int) -> CheckResult:
    assert result.expectation_config is not None
    meta: dict[str, Any] = result.expectation_config.meta or {}
    found: dict[str, Any] = result.result
    check, passed = meta["check"], bool(result.success)
    figure: float | None = None
    threshold: float | None = None
    evaluated = rows - (found.get("missing_count") or 0)
    broken = result.exception_info.get("raised_exception", True)
    if broken:
        violating, evaluated = 1, 1
    elif check == CONDITION:
        violating = found["observed_value"]
    elif check == "row_count":
        figure, threshold, violating = rows, result.expectation_config.kwargs["min_value"], int(not passed)
    elif "unexpected_count" in found:
        violating = found["unexpected_count"] or 0  # nothing is said where every value is null
    else:
        violating, evaluated = int(not passed), 1
    return CheckResult(
        table_name=table,
        check_name=check,
        subject=meta["subject"],
        stream=ALL_STREAMS,
        strength=meta["strength"],
        outcome="passed" if passed else "failed",
        figure=figure,
        threshold=threshold,
        violating=violating,
        evaluated=evaluated,
        detail=_detail(meta["zh"], passed, violating, evaluated, broken=broken),
    )


def _detail(zh: str, passed: bool, violating: int, evaluated: int, *, broken: bool) -> str:
    if broken:
        return f"{zh}：检查未能执行"
    if passed:
        return f"{zh}：通过"
    return f"{zh}：{violating}处不符（共{evaluated}）"
