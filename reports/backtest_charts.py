"""The charts of a back-test: incidents over time, and false alarms by type."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from reports.backtest_figures import BacktestFigures, IncidentRow
from reports.drawing import ALARM, BAND, GRID, INK, LEVEL_COLOURS, LINE, MUTED, chart_style, shortened, svg_of
from reports.wording import INCIDENT_KINDS_ZH, LEVELS_ZH, OUTCOMES_ZH

ROW_INCHES = 0.36
BAR_HEIGHT = 0.78  # of a row, for an incident's busiest day
TICKS = 8
LEGEND_COLUMNS = 5
ONE_DAY = dt.timedelta(days=1)


def incidents_chart(figures: BacktestFigures) -> str:
    """One row per judged incident: its complaints by day, its onset, and the first alert about it with its rank."""
    rows = [row for row in figures.incidents if row.unjudged is None]
    with chart_style(font_size=9):
        figure = Figure(figsize=(9.2, 1.0 + ROW_INCHES * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, row in enumerate(rows):
            _bars(axes, place, row, figures)
            _marks(axes, place, row, figures)
            axes.annotate(
                _verdict(row),
                (1, place + 0.5),
                xycoords=("axes fraction", "data"),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=ALARM if row.outcome in ("missed", "raised") else INK,
            )
        _legend(axes, rows)
        axes.set_ylim(max(1, len(rows)), 0)
        axes.set_yticks(np.arange(len(rows)) + 0.5, [shortened(row.title, 18) for row in rows], color=INK)
        axes.set_yticks(np.arange(len(rows) + 1), minor=True)
        axes.grid(axis="y", which="minor", color=GRID)
        axes.tick_params(axis="y", which="both", length=0)
        axes.spines["left"].set_visible(False)
        _day_axis(axes, figures.first_day, figures.last_day)
        found = f"{figures.real.judged}起真实事件中发现{figures.real.found}起"
        return svg_of(figure, f"各事件每日投诉件数、起始日和首次预警，{found}")


def false_alarms_chart(figures: BacktestFigures) -> str:
    """False alarms per week by what they are put down to."""
    rows = figures.false_alarm_types[::-1]
    with chart_style():
        figure = Figure(figsize=(9.2, 0.5 + 0.32 * len(rows)), layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(rows))
        axes.barh(places, [row.per_week for row in rows], color=LINE, height=0.6)
        for place, row in zip(places, rows, strict=True):
            text = f"{row.per_week:.2f}（共{row.count}条）"
            axes.annotate(text, (row.per_week, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9)
        axes.set_yticks(places, [INCIDENT_KINDS_ZH.get(row.kind, row.kind) for row in rows], color=INK)
        axes.tick_params(left=False)
        axes.xaxis.set_visible(False)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xlim(0, 1.25 * max([row.per_week for row in rows], default=0) or 1)
        return svg_of(figure, f"各类误报每周条数，合计每周{figures.false_alarms_per_week:.2f}条")


def _bars(axes: Any, place: int, row: IncidentRow, figures: BacktestFigures) -> None:
    """The incident's complaints by day; where it has none of its own, its days as a band."""
    if not row.complaints:
        axes.fill_between(_days([row.onset, row.end + ONE_DAY]), place + 0.2, place + 1, color=BAND, linewidth=0)
        return
    shown = {day: n for day, n in row.daily.items() if figures.first_day <= day <= figures.last_day}
    if shown:
        heights = BAR_HEIGHT * np.array(list(shown.values()), float) / max(shown.values())
        colour = LINE if row.real else MUTED
        axes.bar(_days(list(shown)), -heights, bottom=place + 1, width=0.8, align="edge", color=colour, alpha=0.55, linewidth=0)


def _marks(axes: Any, place: int, row: IncidentRow, figures: BacktestFigures) -> None:
    if figures.first_day <= row.onset <= figures.last_day:
        axes.plot(_days([row.onset] * 2), [place + 0.1, place + 1], color=INK, linewidth=1.2)
    if row.found is not None and row.level is not None:
        middle = np.array([row.found], dtype="datetime64[h]") + np.timedelta64(12, "h")
        axes.plot(middle, [place + 0.42], "o", color=LEVEL_COLOURS[row.level], markersize=12, markeredgecolor="white", zorder=3)
        axes.text(middle[0], place + 0.43, str(row.rank), ha="center", va="center", color="white", fontsize=7, zorder=4)


def _verdict(row: IncidentRow) -> str:
    if row.delay_days is None or row.outcome not in ("found", "raised"):
        return OUTCOMES_ZH[row.outcome]
    return f"{OUTCOMES_ZH[row.outcome]} 第{row.delay_days}天 · {row.rank}/{row.listed}"


def _legend(axes: Any, rows: list[IncidentRow]) -> None:
    """What the marks mean; only levels that occur."""
    axes.plot([], [], color=INK, linewidth=1.2, label="起始日")
    axes.plot([], [], "s", color=LINE, alpha=0.55, label="真实事件每日件数")
    if not all(row.real for row in rows):
        axes.plot([], [], "s", color=MUTED, alpha=0.55, label="干扰每日件数")
    for level, zh in LEVELS_ZH.items():
        if any(row.level == level for row in rows):
            axes.plot([], [], "o", color=LEVEL_COLOURS[level], label=f"首次预警（{zh}）")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=LEGEND_COLUMNS, frameon=False, fontsize=8, handlelength=1)


def _day_axis(axes: Any, first: dt.date, last: dt.date) -> None:
    axes.set_xlim(*_days([first, last + ONE_DAY]))
    count = (last - first).days + 1
    step = max(1, round(count / TICKS))
    shown = [first + back * ONE_DAY for back in range(0, count, step)]
    axes.set_xticks(_days(shown), [f"{day.month}月{day.day}日" for day in shown])


def _days(days: list[dt.date]) -> Any:
    return np.array(days, dtype="datetime64[D]")
