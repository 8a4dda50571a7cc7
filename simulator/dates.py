"""Days as people and forms write them, looked up for thousands of complaints at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pyarrow as pa

from simulator.calendar import ONE_DAY, Span
from simulator.pools import column, take
from simulator.seeds import Ints

FORMS: Mapping[str, Callable[[dt.date], str]] = {
    "iso": dt.date.isoformat,
    "compact": lambda day: f"{day:%Y%m%d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "short": lambda day: f"{day.month}月{day.day}日",
    "dotted": lambda day: f"{day.year}.{day.month}.{day.day}",
}


class Dates:
    """The days of a span, and so many before it, in every form; days count from the first of the span."""

    def __init__(self, span: Span, before: int) -> None:
        self._before = before
        first = span.first - before * ONE_DAY
        days = [first + i * ONE_DAY for i in range((span.last - first).days + 1)]
        self._columns = {name: column([write(day) for day in days]) for name, write in FORMS.items()}

    def written(self, form: str, day: Ints) -> pa.Array:
        """The days in one of the `FORMS`."""
        return take(self._columns[form], self._before + day)
