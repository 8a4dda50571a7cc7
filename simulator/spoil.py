"""Rows as real exports spoil them; no loader may accept one, and each is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Cells = list[str]
UNREADABLE_DATES = ("二〇二六年某月", "0000-00-00 00:00:00", "2026-13-45 08:00:00", "45976.3541", "昨天下午")
ALL = ("csv", "xlsx", "jsonl", "parquet")
SHEETS = ("csv", "xlsx")


@dataclass(frozen=True)
class Fault:
    """A way to spoil a row: what it makes of the cells, in which formats it occurs, and a column that it needs."""

    spoil: Callable[[np.random.Generator, Sequence[str], Cells], Cells]
    formats: tuple[str, ...] = ALL
    needs: str = "登记编号"


def _with(column: str, value: str) -> Callable[[np.random.Generator, Sequence[str], Cells], Cells]:
    return lambda _, header, cells: [value if name == column else cell for name, cell in zip(header, cells, strict=True)]


def _unreadable_date(rng: np.random.Generator, header: Sequence[str], cells: Cells) -> Cells:
    return _with("登记日期", str(rng.choice(UNREADABLE_DATES)))(rng, header, cells)


FAULTS = {
    "missing_id": Fault(_with("登记编号", "")),
    "missing_kind": Fault(_with("类型", "")),
    "unknown_kind": Fault(_with("类型", "其它事项")),
    # 投诉 in UTF-8, read as Latin-1 and written again.
    "garbled_kind": Fault(_with("类型", "投诉".encode().decode("latin-1"))),
    "unreadable_date": Fault(_unreadable_date, needs="登记日期"),
    "shifted": Fault(lambda _rng, _header, cells: ["", *cells[:-1]]),
    "cut_off": Fault(lambda _rng, _header, cells: cells[:4], formats=("csv", "jsonl")),
    "extra_cell": Fault(lambda _rng, _header, cells: [*cells[:-1], "另附", cells[-1]], formats=("csv",)),
    "repeated_header": Fault(lambda _rng, header, _cells: list(header), formats=SHEETS),
    "footer": Fault(lambda rng, _header, _cells: [f"合计：{int(rng.integers(100, 9999))}件"], formats=SHEETS),
}


def faults_of(format_name: str, header: Sequence[str]) -> list[str]:
    """The kinds of faults that occur in a format with these columns."""
    return [name for name, fault in FAULTS.items() if format_name in fault.formats and fault.needs in header]


@dataclass(frozen=True)
class Spoilt:
    """A spoilt row: its kind, its cells, and before which row of its part of the export it stands."""

    kind: str
    cells: Cells
    before: int
