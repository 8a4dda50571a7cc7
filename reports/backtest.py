"""The page of a back-test (回溯检验): alerts beside the truth of a simulated world, as one self-contained HTML page."""

from __future__ import annotations

from markupsafe import Markup

from reports.backtest_charts import false_alarms_chart, incidents_chart
from reports.backtest_figures import BacktestFigures
from reports.templating import environment, style_sheet
from reports.wording import INCIDENT_KINDS_ZH, OUTCOMES_ZH, UNJUDGED_ZH


def render_backtest(figures: BacktestFigures) -> str:
    """The page; the same figures give the same text, byte for byte."""
    return (
        environment()
        .get_template("backtest.html.j2")
        .render(
            f=figures,
            style=Markup(style_sheet()),
            kinds=INCIDENT_KINDS_ZH,
            outcomes=OUTCOMES_ZH,
            unjudged=UNJUDGED_ZH,
            sentence=summary(figures),
            top=sorted(figures.real.top)[len(figures.real.top) // 2],
            charts={
                "incidents": Markup(incidents_chart(figures)),
                "false_alarms": Markup(false_alarms_chart(figures)),
            },
        )
    )


def summary(figures: BacktestFigures) -> str:
    """What came out, in one sentence."""
    real = figures.real
    judged = f"植入的真实事件有{real.judged}起可供检验，发现{real.found}起"
    found = judged if real.judged else "研判期内没有可供检验的真实事件"
    if real.median_delay_days is not None:
        found += f"，从起始日到首次预警的中位时间为{real.median_delay_days:g}天"
    alarms = f"{figures.judged_days}个研判日共有热点{figures.hotspot_weeks}条（同一热点每周计一条）"
    return f"{found}；{alarms}，其中误报{figures.false_alarms}条，平均每周{figures.false_alarms_per_week:.2f}条。"
