"""The page of a back-test: valid, self-contained, the same in every run, and safe against hostile names."""

import datetime as dt
from dataclasses import replace

import html5lib
import pytest

from reports.backtest import render_backtest, summary
from reports.backtest_figures import BacktestFigures, FalseAlarmRow, IncidentRow, RecallRow

FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 11, 15)
SCRIPT = "<script>alert('x')</script>"
FORMULA = "$x$"


def row(name, **changes):
    figures = {
        "id": name,
        "kind": "defective_product",
        "title": f"{name}的标题",
        "real": True,
        "onset": dt.date(2026, 10, 20),
        "end": dt.date(2026, 11, 10),
        "complaints": 12,
        "complaints_in_tables": 12,
        "outcome": "found",
        "unjudged": None,
        "found": dt.date(2026, 10, 24),
        "delay_days": 4,
        "rank": 3,
        "listed": 17,
        "level": "orange",
        "subject": "杭州市 热水器 质量",
        "hotspot": "0" * 12,
        "false_alarms": 0,
        "daily": {dt.date(2026, 10, 20): 4, dt.date(2026, 10, 22): 8},
    }
    return IncidentRow(**{**figures, **changes})


NOT_FOUND = {"found": None, "delay_days": None, "rank": None, "listed": None, "level": None, "subject": None, "hotspot": None}
RECALL = RecallRow(None, 2, 1, 1, 0.5, 4.0, {5: 0.5, 10: 0.5, 20: 0.5})
FIGURES = BacktestFigures(
    stream="hotline_12315",
    stream_zh="12315投诉举报",
    area="浙江省",
    preset="demo",
    seed=12315,
    first_day=FIRST,
    last_day=LAST,
    every=1,
    judged_days=46,
    unjudged_days=0,
    weeks=46 / 7,
    threshold_versions=[1],
    incidents=[
        row("found", subject=SCRIPT),
        row("missed", title=FORMULA, outcome="missed", **NOT_FOUND),
        row("early", outcome="unjudged", unjudged="onset_outside", onset=dt.date(2026, 1, 1), daily={}, **NOT_FOUND),
        row("flood", title=SCRIPT, real=False, kind="of_another_world", outcome="raised", level="red", false_alarms=2),
        row("sale", real=False, kind="calendar_peak", outcome="quiet", complaints=0, daily={}, **NOT_FOUND),
    ],
    real=RECALL,
    kinds=[replace(RECALL, kind="defective_product")],
    hotspot_weeks=9,
    true_hotspot_weeks=6,
    precision=6 / 9,
    false_alarms=3,
    false_alarms_per_week=0.46,
    false_alarm_types=[FalseAlarmRow("of_another_world", 2, 0.3), FalseAlarmRow("background", 1, 0.15)],
)
NOTHING = replace(
    FIGURES,
    first_day=LAST,
    judged_days=1,
    every=7,
    unjudged_days=3,
    incidents=[row("early", outcome="unjudged", unjudged="no_complaints", daily={}, **NOT_FOUND)],
    real=RecallRow(None, 0, 0, 1, None, None, {5: None}),
    kinds=[],
    hotspot_weeks=0,
    true_hotspot_weeks=0,
    precision=None,
    false_alarms=0,
    false_alarms_per_week=0.0,
    false_alarm_types=[FalseAlarmRow("background", 0, 0.0)],
)


def text_of(page):
    return "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())


@pytest.mark.parametrize("figures", [FIGURES, NOTHING], ids=["full", "nothing"])
def test_the_page_is_valid_self_contained_and_always_the_same(figures):
    page = render_backtest(figures)
    html5lib.HTMLParser(strict=True).parse(page)
    assert render_backtest(figures) == page
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not [element for element in tree.iter() if element.tag in ("script", "link", "img", "iframe")]
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))


def test_the_figures_stand_on_the_page():
    text = text_of(render_backtest(FIGURES))
    for said in (
        "回溯检验", "浙江省，预设 demo，种子 12315", "2026年10月1日至11月15日", "1/2", "进入当周前10位", "67%", "0.46",
        "已发现 第4天 · 3/17", "未发现", "起始日不在研判期内", "误报2条", "of_another_world", "消费日历高峰", "0.15（共1条）",
    ):  # fmt: skip
        assert said in text, said
    assert text.count(SCRIPT) >= 2  # as a subject and as a title, to be read in full
    assert FORMULA in text


def test_the_outcome_in_a_sentence():
    assert summary(FIGURES) == (
        "植入的真实事件有2起可供检验，发现1起，从起始日到首次预警的中位时间为4天；"
        "46个研判日共有热点9条（同一热点每周计一条），其中误报3条，平均每周0.46条。"
    )
    assert summary(NOTHING).startswith("研判期内没有可供检验的真实事件；1个研判日共有热点0条")


def test_what_was_not_judged_is_said():
    text = text_of(render_backtest(NOTHING))
    assert "另有3日历史不足，未能研判" in text
    assert "每7天一个" in text
    assert "研判窗口内没有其投诉" in text


def test_peaks_of_other_years_are_counted_and_not_listed():
    peaks = [
        row(
            f"peak{year}", real=False, kind="calendar_peak", outcome="unjudged", unjudged="onset_outside", daily={}, **NOT_FOUND
        )
        for year in (2024, 2025)
    ]
    text = text_of(render_backtest(replace(FIGURES, incidents=[*FIGURES.incidents, *peaks])))
    assert "另有2项不在研判范围内" in text
    assert "peak2024" not in text
    # A real incident that was not judged is listed.
    assert "early的标题" in text
    assert "另有" not in text_of(render_backtest(FIGURES))
