"""Days as people and forms write them, looked up for thousands of complaints at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from simulator.calendar import ONE_DAY, SATURDAY, Span
from simulator.pools import column, take
from simulator.seeds import Flags, Ints

FORMS: Mapping[str, Callable[[dt.date], str]] = {
    "iso": dt.date.isoformat,
    "compact": lambda day: f"{day:%Y%m%d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "short": lambda day: f"{day.month}月{day.day}日",
    "dotted": lambda day: f"{day.year}.{day.month}.{day.day}",
}
WEEK, MONTHS = 7, 12
START_OF_MONTH = 5


class Dates:
    """The days of a span, and so many before it, in every form; days count from the first of the span."""

    def __init__(self, span: Span, before: int) -> None:
        self._before = before
        first = span.first - before * ONE_DAY
        days = [first + i * ONE_DAY for i in range((span.last - first).days + 1)]
        self._columns = {name: column([write(day) for day in days]) for name, write in FORMS.items()}
        self._week = np.array([(day.toordinal() - 1) // WEEK for day in days])
        self._weekday = np.array([day.weekday() for day in days])
        self._month = np.array([day.year * MONTHS + day.month for day in days])
        self._of_month = np.array([day.day for day in days])

    def written(self, form: str, day: Ints) -> pa.Array:
        """The days in one of the `FORMS`."""
        return take(self._columns[form], self._before + day)

    def ago(self, rng: np.random.Generator, day: Ints, today: Ints) -> pa.Array:
        """How long ago each day was, today, as people say it: one of the phrases that are true. The day is past."""
        fitting = self._phrases(day, today)
        chosen = np.argmax(np.stack(list(fitting.values())) * (1 - rng.random((len(fitting), len(day)))), axis=0)
        return take(column(list(fitting)), chosen)

    def _phrases(self, day: Ints, today: Ints) -> dict[str, Flags]:
        """Whether each phrase is true. Of the last fortnight one says it closely; some phrase is true of every past day."""
        then, now, passed = self._before + day, self._before + today, today - day
        last_week = self._week[now] - self._week[then] == 1
        months = self._month[now] - self._month[then]
        return {
            "昨天": passed == 1,
            "前天": passed == 2,  # noqa: PLR2004 - this is what the word means
            "大前天": passed == 3,  # noqa: PLR2004
            "前几天": _within(passed, 2, 6),
            "上周": last_week,
            "上周末": last_week & (self._weekday[then] >= SATURDAY),
            "月初": (months == 0) & (self._of_month[then] <= START_OF_MONTH) & (passed > WEEK),
            "上个月": (months == 1) & (passed > WEEK),
            "前不久": _within(passed, 6, 25),
            "不久前": _within(passed, 6, 25),
            "前段时间": _within(passed, 15, 60),
            "两三个月前": _within(passed, 61, 120),
        }


def _within(days: Ints, least: int, most: int) -> Flags:
    return np.asarray((days >= least) & (days <= most), dtype=np.bool_)
