"""How figures read in Chinese official reports."""

from __future__ import annotations

import datetime as dt
import re

MARKUP = re.compile(r"[\\`*_{}\[\]<>|#!&]")
TEN_THOUSAND = 10_000
SMALLEST_CHANGE = 0.005  # per cent; below it nothing changed at two decimals
SMALLEST_SHOWN = "0.0001"
LARGEST_RATIO = 100
LEVELS_ZH = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
STATUS_ZH = {"new": "新增", "ongoing": "持续"}
DETECTORS_ZH = {"counts": "件数", "drift": "缓升", "share": "占比", "cluster": "聚集", "term": "新词", "severe": "严重"}
METHODS_ZH = {"seasonal": "季节基线", "weekday": "周内基线", "short": "短历史基线"}
# Kinds of planted incidents, real ones first; a world may have others, which are then called as they are.
INCIDENT_KINDS_ZH = {
    "defective_product": "产品缺陷",
    "recall_like": "类召回故障",
    "closure": "经营者关门",
    "contaminated_lot": "问题批次食品",
    "fake_sale": "虚假促销",
    "no_delivery": "付款不发货",
    "price_surge": "价格异常上涨",
    "slow_drift": "缓慢上升",
    "one_filer": "一人反复投诉",
    "reclassification": "分类口径调整",
    "backlog": "积压集中录入",
    "reopened_source": "来源恢复报送",
    "calendar_peak": "消费日历高峰",
    "background": "日常波动",
}
OUTCOMES_ZH = {"found": "已发现", "missed": "未发现", "raised": "误报", "quiet": "未误报", "unjudged": "未研判"}
UNJUDGED_ZH = {"onset_outside": "起始日不在研判期内", "no_complaints": "研判窗口内没有其投诉"}


def count(number: int) -> str:
    """A number of complaints; from ten thousand on in 万 with two decimals."""
    return f"{number / TEN_THOUSAND:.2f}万件" if number >= TEN_THOUSAND else f"{number}件"


def change(now: int, before: int | None) -> str:
    """Growth in per cent with an arrow; a dash where there is nothing to compare with."""
    if not before:
        return "—"
    growth = 100 * (now / before - 1)
    arrow = "↑" if growth > SMALLEST_CHANGE else "↓" if growth < -SMALLEST_CHANGE else "‖"
    return f"{arrow}{abs(growth):.2f}%"


def share(part: int, whole: int) -> str:
    """A share in per cent with two decimals; a dash of nothing."""
    return f"{100 * part / whole:.2f}%" if whole else "—"


def percent(part: float | None) -> str:
    """A share as a whole per cent; a dash of nothing."""
    return "—" if part is None else f"{part:.0%}"


def chance(p_value: float) -> str:
    """A p- or q-value as people read it."""
    return f"<{SMALLEST_SHOWN}" if p_value < float(SMALLEST_SHOWN) else f"{p_value:.4f}"


def times(ratio: float) -> str:
    """A ratio of observed to expected; where next to nothing was expected its digits would say nothing."""
    return f">{LARGEST_RATIO}" if ratio > LARGEST_RATIO else f"{ratio:.1f}"


def week_name(day: dt.date) -> str:
    """`2024-W13` for the ISO week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def span(first: dt.date, last: dt.date) -> str:
    """`2024年3月25日至3月31日`."""
    end = f"{last.month}月{last.day}日" if first.year == last.year else f"{last.year}年{last.month}月{last.day}日"
    return f"{first.year}年{first.month}月{first.day}日至{end}"


def cell(text: object) -> str:
    """A text as a cell of a Markdown table: on one line, none of its characters read as mark-up."""
    plain = " ".join(str(text).split())
    return MARKUP.sub(r"\\\g<0>", plain)
