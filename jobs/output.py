"""How commands answer: one summary for people or one JSON document for scripts, progress on stderr."""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

progress_console = Console(stderr=True, highlight=False)
# Where the answer goes into a file or a pipe there is no window to fit it into.
answer_console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)
# What stands in place of a table without rows, in English and Chinese.
NONE = ("none", "无")


def progress(text: str) -> None:
    """A line about long work, on stderr."""
    progress_console.print(f"[dim]· {text}[/dim]")


@contextmanager
def progress_bar(title: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr that is told how much is done, of how much."""
    columns = (
        TextColumn("· {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=progress_console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def as_json(value: Any) -> Any:
    """The value in JSON's own types: dates as ISO texts, paths as texts, numbers that are none as null."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json(item) for item in value]
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return str(value)


def print_json(value: Any) -> None:
    """Exactly one JSON document on stdout."""
    print(json.dumps(as_json(value), ensure_ascii=False, indent=2))


def print_summary(values: Mapping[str, Any]) -> None:
    """What a command did, a line per figure; lists below each other."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        items = value if isinstance(value, list) else [value]
        for place, item in enumerate(items or ["—"]):
            label = name if place == 0 else ""
            answer_console.print(f"{label:<{width}}  {item}", markup=False)


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None, *, nothing: str | None = None) -> None:
    """Rows as a table; values as they are, never as markup. Without rows what `nothing` says, if it is given."""
    if nothing is not None and not rows:
        print_summary({"": nothing})
        return
    names = list(columns or (rows[0] if rows else ()))
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(row[name]) for name in names))
    answer_console.print(table)


def _plain(value: Any) -> Any:
    from rich.text import Text

    if isinstance(value, float):
        return f"{value:.4g}"
    return Text("" if value is None else str(value) if not isinstance(value, Path) else value.as_posix())
