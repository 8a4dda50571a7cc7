"""The charts of the weekly report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from reports.drawing import ALARM, BAND, GRID, INK, LEVEL_COLOURS, LINE, MUTED, chart_style, shortened, svg_of
from reports.figures import Ranking, Trend


def trend_chart(trend: Trend) -> str:
    """Weekly totals as a line over the band of what was expected, weeks above the band marked."""
    with chart_style():
        figure = Figure(figsize=(9.2, 3.1), layout="constrained")
        axes = figure.subplots()
        days = np.array(trend.weeks, dtype="datetime64[D]")
        observed, upper = np.array(trend.observed, float), np.array(trend.upper, float)
        axes.fill_between(days, 0, upper, color=BAND, linewidth=0, label="预期范围（99%）")
        axes.plot(days, trend.expected, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), label="预期")
        axes.plot(days, observed, color=LINE, linewidth=1.8, marker="o", markersize=2.5, label="实际")
        above = observed > upper
        axes.plot(days[above], observed[above], "o", color=ALARM, markersize=6, label="超出预期范围")
        axes.set_ylim(0)
        axes.set_ylabel("件/周")
        axes.grid(axis="y", color=GRID)
        axes.legend(loc="upper left", ncols=4, frameon=False, fontsize=9)
        _week_axis(axes, trend.weeks)
        return svg_of(figure, f"每周投诉量趋势，本周{trend.observed[-1]}件，预期{_number(trend.expected[-1])}件")


def ranking_chart(ranking: Ranking) -> str:
    """This week's groups as bars, the week before as a tick."""
    rows = ranking.rows[::-1]
    with chart_style():
        figure = Figure(figsize=(4.5, 0.6 + 0.27 * max(len(rows), 3)), layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(rows))
        now = [row.figures.now for row in rows]
        axes.barh(places, now, color=LINE, height=0.62)
        before = [row.figures.week_before for row in rows]
        known = [(place, value) for place, value in zip(places, before, strict=True) if value is not None]
        axes.plot([v for _, v in known], [p for p, _ in known], "|", color=ALARM, markersize=11, markeredgewidth=2)
        for place, value in zip(places, now, strict=True):
            axes.annotate(str(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9)
        axes.set_yticks(places, [shortened(row.name) for row in rows], color=INK)
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlim(0, 1.12 * max([*now, *(v for _, v in known), 1]))
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        return svg_of(figure, f"{ranking.title}：横条为本周件数，红色竖线为上周件数")


def heat_chart(heat: pd.DataFrame) -> str:
    """Complaints of the week by product (rows) and issue (columns)."""
    with chart_style():
        figure = Figure(figsize=(9.2, 0.9 + 0.3 * len(heat)), layout="constrained")
        axes = figure.subplots()
        values = heat.to_numpy(dtype=float)
        axes.imshow(np.sqrt(values), cmap="Blues", aspect="auto", vmin=0)
        axes.set_xticks(range(heat.shape[1]), [shortened(str(name), 6) for name in heat.columns], color=INK)
        axes.set_yticks(range(heat.shape[0]), [shortened(str(name)) for name in heat.index], color=INK)
        axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        dark = 0.55 * np.sqrt(values.max(initial=1.0))
        for row, column in np.argwhere(values > 0):
            value = values[row, column]
            colour = "white" if np.sqrt(value) > dark else INK
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=9, color=colour)
        return svg_of(figure, "客体与问题交叉件数，颜色越深件数越多")


def hotspot_chart(hotspot: dict[str, Any], days: int) -> str:
    """A hotspot's last windows over the band of what was expected, the judged one marked."""
    with chart_style(font_size=8):
        figure = Figure(figsize=(3.6, 1.25), layout="constrained")
        axes = figure.subplots()
        observed = np.array(hotspot["history"], float)
        ends = np.arange(len(observed)) - len(observed) + 1
        axes.fill_between(ends, 0, hotspot["history_upper"], color=BAND, linewidth=0)
        axes.plot(ends, hotspot["history_expected"], color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.plot(ends, observed, color=LINE, linewidth=1.4)
        axes.plot(ends[-1:], observed[-1:], "o", color=LEVEL_COLOURS[hotspot["level"]], markersize=5)
        axes.set_ylim(0)
        axes.set_xticks([ends[0], 0], [f"{-ends[0] * days}天前", "本期"])
        axes.grid(axis="y", color=GRID)
        return svg_of(figure, f"{hotspot['subject']}近{len(observed)}个窗口的件数，本期{hotspot['observed']}件")


def _week_axis(axes: Any, weeks: Sequence[dt.date]) -> None:
    step = max(1, round(len(weeks) / 10))
    shown = list(weeks)[::-1][::step][::-1]
    axes.set_xticks(
        np.array(shown, dtype="datetime64[D]"), [f"{day.isocalendar()[0] % 100}年\n{day.isocalendar()[1]}周" for day in shown]
    )


def _number(value: float) -> str:
    return "未知" if np.isnan(value) else f"{value:.0f}"
