"""A contract's promises and row checks as expectations of Great Expectations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_be_of_type import ExpectColumnValuesToBeOfType
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_column_values_to_match_regex import ExpectColumnValuesToMatchRegex
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import ExpectCompoundColumnsToBeUnique
from great_expectations.expectations.core.expect_table_columns_to_match_ordered_list import ExpectTableColumnsToMatchOrderedList
from great_expectations.expectations.core.expect_table_row_count_to_be_between import ExpectTableRowCountToBeBetween
from great_expectations.expectations.core.expect_table_row_count_to_equal import ExpectTableRowCountToEqual
from markupsafe import escape

from warehouse.checks import Condition, RowCount, Strength
from warehouse.contracts import Column, Contract

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

# Great Expectations names Spark's types by their classes.
SPARK_TYPES = {
    "STRING": "StringType",
    "INT": "IntegerType",
    "BIGINT": "LongType",
    "DOUBLE": "DoubleType",
    "DECIMAL": "DecimalType",
    "BOOLEAN": "BooleanType",
    "DATE": "DateType",
    "TIMESTAMP": "TimestampType",
    "ARRAY": "ArrayType",
    "MAP": "MapType",
}
SEVERITIES: dict[Strength, str] = {"stop": "critical", "warn": "warning"}
CONDITION = "condition"


def expectations_of(contract: Contract) -> list[Expectation]:
    """What every row of a table is held to.

    Columns and their types, no nulls where none may be, uniqueness by the key, values, bounds and patterns of columns, and
    the contract's own row checks. The promises of columns stop the pipeline; a row check says itself whether it does.

    Each expectation carries in `meta` the `check`, its `subject`, its `strength` and what it says in Chinese.
    """
    return [*_structure(contract), *_promises(contract), *_row_checks(contract)]


def columns_looked_at(contract: Contract) -> set[str]:
    """The columns whose cells some expectation reads; no other cell needs to reach Great Expectations.

    Every word of a condition that is the name of a column counts, so that none is overlooked.
    """
    words = {word for check in contract.checks if isinstance(check, Condition) for word in re.findall(r"\w+", check.holds)}
    promising = {column.name for column in contract.columns if not column.nullable or _bounds(column) or column.values}
    patterned = {column.name for column in contract.columns if column.pattern}
    return {*contract.key, *promising, *patterned, *(words & set(contract.column_names))}


def _structure(contract: Contract) -> Iterator[Expectation]:
    yield ExpectTableColumnsToMatchOrderedList(
        column_list=contract.column_names,
        **_said("columns", "", "stop", "列及其顺序与数据契约一致", "columns and their order are the contract's"),
    )
    yield (
        ExpectCompoundColumnsToBeUnique(
            column_list=contract.key,
            **_said("unique_key", "", "stop", f"主键（{'、'.join(contract.key)}）不重复", "the key is unique"),
        )
        if len(contract.key) > 1
        else ExpectColumnValuesToBeUnique(
            column=contract.key[0],
            **_said("unique_key", "", "stop", f"主键（{contract.key[0]}）不重复", "the key is unique"),
        )
    )
    for column in contract.columns:
        kind = re.split(r"\W", column.type, maxsplit=1)[0]
        yield ExpectColumnValuesToBeOfType(
            column=column.name,
            type_=SPARK_TYPES[kind],
            **_said("type", column.name, "stop", f"{column.zh}：类型为{column.type}", f"{column.name} is {column.type}"),
        )


def _promises(contract: Contract) -> Iterator[Expectation]:
    for column in contract.columns:
        if not column.nullable:
            yield ExpectColumnValuesToNotBeNull(
                column=column.name,
                **_said("not_null", column.name, "stop", f"{column.zh}：不得为空", f"{column.name} is never null"),
            )
        if column.values:
            listed = "、".join(map(str, column.values))
            yield ExpectColumnValuesToBeInSet(
                column=column.name,
                value_set=column.values,
                **_said("values", column.name, "stop", f"{column.zh}：只能是{listed}", f"{column.name} is one of these"),
            )
        if _bounds(column):
            yield ExpectColumnValuesToBeBetween(
                column=column.name,
                min_value=column.min,
                max_value=column.max,
                **_said("range", column.name, "stop", f"{column.zh}：{range_zh(column)}", f"{column.name} lies within bounds"),
            )
        if column.pattern:
            yield ExpectColumnValuesToMatchRegex(
                column=column.name,
                regex=column.pattern,
                **_said("pattern", column.name, "stop", f"{column.zh}：符合规定格式", f"{column.name} matches its pattern"),
            )


def _row_checks(contract: Contract) -> Iterator[Expectation]:
    for check in contract.checks:
        if isinstance(check, RowCount):
            yield ExpectTableRowCountToBeBetween(
                min_value=check.min, **_said(check.check, "", check.strength, check.zh, check.en)
            )
        elif isinstance(check, Condition):
            # The rows that break it are counted, so that the figure is theirs and no row is looked at.
            yield ExpectTableRowCountToEqual(
                value=0,
                row_condition=f"NOT ({check.holds})",
                condition_parser="spark",
                **_said(CONDITION, check.name, check.strength, check.zh, check.en),
            )


def _bounds(column: Column) -> bool:
    return column.min is not None or column.max is not None


def range_zh(column: Column) -> str:
    """A column's bounds in words."""
    if column.max is None:
        return f"不小于{column.min}"
    if column.min is None:
        return f"不大于{column.max}"
    return f"{column.min}至{column.max}"


def _said(check: str, subject: str, strength: Strength, zh: str, en: str) -> dict[str, Any]:
    return {
        # Great Expectations puts it into its page as it is, and a dollar sign would start a placeholder.
        "description": str(escape(f"{zh} · {en}")).replace("$", "$$"),
        "severity": SEVERITIES[strength],
        "meta": {"check": check, "subject": subject, "strength": strength, "zh": zh},
    }
