"""The data dictionary, made from the contracts: `python -m warehouse.dictionary` prints it."""

from __future__ import annotations

from warehouse.checks import Check
from warehouse.contracts import Column, Contract, contracts

HEADING = """# Data dictionary 数据字典

Made from the contract files by `make dictionary`; do not edit by hand. 由数据契约文件生成，请勿手工修改。
"""


def dictionary() -> str:
    """All tables as Markdown, in the order of the layers."""
    return "\n".join([HEADING, *map(_table, contracts().values())])


def _table(contract: Contract) -> str:
    lines = [
        f"## `{contract.table}` {contract.title.zh}",
        "",
        f"{contract.title.en}. One row: {contract.grain}. Key: {_names(contract.key)}.",
    ]
    if contract.partitioned_by:
        lines[-1] += f" Partitioned by {_names(contract.partitioned_by)}."
    lines += ["", "| column | type | null | promise | meaning | 说明 |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{column.name}` | {column.type.lower()} | {'yes' if column.nullable else 'no'} | {_promise(column)} | {column.en} "
        f"| {column.zh} |"
        for column in contract.columns
    ]
    if contract.checks:
        lines += ["", "Checks:", "", *map(_check, contract.checks)]
    if contract.limits:
        lines += ["", "Known limits:", "", *(f"- {limit}" for limit in contract.limits)]
    return "\n".join([*lines, ""])


def _promise(column: Column) -> str:
    """What the column promises of every value that is not null."""
    parts = ["one of " + ", ".join(map(str, column.values))] if column.values else []
    if column.min is not None:
        parts.append(f"≥ {column.min}")
    if column.max is not None:
        parts.append(f"≤ {column.max}")
    if column.pattern:
        parts.append("`" + column.pattern.replace("|", "\\|") + "`")
    return ", ".join(parts)


def _check(check: Check) -> str:
    """A line of the list: what is asked for, how, and what a failure means."""
    own = check.model_dump(exclude={"check", "strength", "en", "zh", "name"}, exclude_defaults=True)
    figures = ", ".join(f"{name} {value}" for name, value in own.items())
    kind = check.model_dump()["check"]
    name = f"{kind} {check.subject}".strip()
    return f"- `{name}` ({check.strength}): {check.en}. {check.zh}。{f' `{figures}`' if figures else ''}"


def _names(columns: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


if __name__ == "__main__":
    print(dictionary(), end="")
