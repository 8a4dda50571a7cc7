"""The data dictionary, made from the contracts: `python -m warehouse.dictionary` prints it."""

from __future__ import annotations

from warehouse.contracts import Contract, contracts

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
    lines += ["", "| column | type | null | meaning | 说明 |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| `{column.name}` | {column.type.lower()} | {'yes' if column.nullable else 'no'} | {column.en} | {column.zh} |"
        for column in contract.columns
    ]
    if contract.limits:
        lines += ["", "Known limits:", "", *(f"- {limit}" for limit in contract.limits)]
    return "\n".join([*lines, ""])


def _names(columns: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


if __name__ == "__main__":
    print(dictionary(), end="")
