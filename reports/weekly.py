"""The weekly hotspot report (消费投诉热点周报) as one self-contained HTML page."""

from __future__ import annotations

import math

from markupsafe import Markup

from reports import charts
from reports.figures import WeeklyFigures
from reports.quality import quality_sentences
from reports.templating import environment, style_sheet
from reports.wording import LEVELS_ZH, change, count, week_name


def render_weekly(figures: WeeklyFigures, window_days: int) -> str:
    """The page; the same figures give the same text, byte for byte."""
    return (
        environment()
        .get_template("weekly.html.j2")
        .render(
            f=figures,
            week=week_name(figures.monday),
            style=Markup(style_sheet()),
            sentences=summary(figures),
            quality=quality_sentences(figures.quality),
            charts={
                "trend": Markup(charts.trend_chart(figures.trend)),
                "heat": Markup(charts.heat_chart(figures.heat)) if figures.heat.size > 1 else None,
                "rankings": [Markup(charts.ranking_chart(ranking)) for ranking in figures.rankings],
                "hotspots": {h["id"]: Markup(charts.hotspot_chart(h, window_days)) for h in figures.hotspots},
            },
        )
    )


def summary(figures: WeeklyFigures) -> list[str]:
    """What happened this week, in three sentences."""
    total = figures.total
    expected = figures.trend.expected[-1]
    growth = f"环比{change(total.now, total.week_before)}，同比{change(total.now, total.year_before)}"
    volume = f"本周共登记投诉举报{count(total.now)}，{growth}"
    if not math.isnan(expected):  # the history is long enough to expect anything
        inside = total.now <= figures.trend.upper[-1]
        volume += f"；按历史规律预期{expected:.0f}件，总量{'在预期范围内' if inside else '超出预期范围'}"
    if figures.calendar_peaks:
        volume += f"（本周处于{'、'.join(figures.calendar_peaks)}）"
    if figures.hotspots:
        levels = [h["level"] for h in figures.hotspots]
        parts = "、".join(f"{zh}色{levels.count(en)}条" for en, zh in LEVELS_ZH.items() if en in levels)
        named = "、".join(h["subject"] for h in figures.hotspots[:3])
        alerts = f"发现热点{len(levels)}条（{parts}），居前的是{named}"
    else:
        alerts = "没有发现超出预期的热点"
    leading = [r for r in figures.rankings if r.rows][:2]
    groups = "；".join(f"{r.title}居首的是{r.rows[0].name}（{count(r.rows[0].figures.now)}）" for r in leading)
    severe = f"涉及严重安全事件的投诉{figures.severe}件"
    return [volume + "。", alerts + "。", f"{severe}；{groups}。" if groups else severe + "。"]
