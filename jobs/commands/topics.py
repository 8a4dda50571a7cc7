"""What a slice of complaints is about."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.base import DateOption, JsonOption, Stopwatch, StreamOption, open_warehouse, parse_date, pick_stream
from jobs.output import NONE, print_json, print_summary, print_table
from reports.wording import percent

if TYPE_CHECKING:
    from reports.topics import Compared, Named, TopicFigures

CHINESE = {
    "subject": "范围",
    "days": "日期",
    "complaints": "件数",
    "read": "已分析（最近的）",
    "texts": "不同文本",
    "topics_found": "话题数",
    "without_topic": "不属于话题",
    "html": "网页",
    "seconds": "用时（秒）",
    "term": "词语",
    "used": "本期篇数",
    "used_share": "占比",
    "elsewhere": "对比篇数",
    "elsewhere_share": "对比占比",
    "z_score": "z 值",
    "label": "话题",
    "voices": "各自表述",
    "cohesion": "内聚度",
    "merchants": "被投诉主体",
    "places": "地区",
    "typical": "例句",
}
HEADINGS = {
    "new": (
        "New in the slice: against {complaints} of its complaints in the {days} days before",
        "新增词语：与此前{days}日的{complaints}件相比",
    ),
    "apart": (
        "What sets it apart: against the {complaints} other complaints of these days",
        "突出词语：与同期其他{complaints}件相比",
    ),
    "topics": ("Topics", "话题"),
}
NOTES = (
    "Terms are counted in distinct texts: a text that many send counts once.",
    "词语按不同文本计数：同一文本多次登记只计一篇。",
)
NOTHING = ("nothing to compare with", "无从比较")
Asking = str | None


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(topics)


def topics(
    date: DateOption,
    days: Annotated[int, typer.Option("--days", min=1, help="Days looked at, up to the date.")] = 7,
    stream: StreamOption = None,
    product: Annotated[Asking, typer.Option("--product", help="Product: a code, a name or an official label.")] = None,
    issue: Annotated[Asking, typer.Option("--issue", help="Issue: a code, a name or an official label.")] = None,
    region: Annotated[Asking, typer.Option("--region", help="Province or city: a code or a name.")] = None,
    brand: Annotated[Asking, typer.Option("--brand", help="Brand.")] = None,
    merchant: Annotated[Asking, typer.Option("--merchant", help="Merchant: an id, credit code or name.")] = None,
    baseline_days: Annotated[int, typer.Option("--baseline-days", min=0, help="Days before them to compare with.")] = 84,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Terms of each list and topics at the most.")] = 10,
    html: Annotated[Path | None, typer.Option("--html", help="A page to write, in Chinese.")] = None,
    zh: Annotated[bool, typer.Option("--zh", help="Say it in Chinese.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what a slice of the complaints is about: the terms that set it apart, and its topics.

    The slice is compared with itself in the days before, and with the other complaints of the same days. Each distinct text
    counts once there, so that a template that hundreds send does not lead the list.
    """
    watch, last = Stopwatch(), parse_date(date)
    with open_warehouse(write=False) as warehouse:
        from jobs.slices import Asked
        from jobs.topics import Days, find_topics

        asked = Asked(product, issue, region, brand, merchant)
        figures = find_topics(warehouse, pick_stream(warehouse, stream), Days.until(last, days, baseline_days), asked, limit)
    if html is not None:
        _write(figures, html)
    told = {"html": html, "seconds": watch.seconds}
    if as_json:
        print_json({**dataclasses.asdict(figures), **told})
    else:
        _show(figures, {name: value for name, value in told.items() if value is not None}, zh)


def _write(figures: TopicFigures, path: Path) -> None:
    from reports.topics import render_topics
    from warehouse.home import write_whole
    from warehouse.topic_rules import topic_rules

    rules = topic_rules()
    path.parent.mkdir(parents=True, exist_ok=True)
    page = render_topics(figures, least=rules.clusters.least, minimum=rules.terms.minimum, score=rules.terms.score)
    write_whole(path, page)


def _show(figures: TopicFigures, told: dict[str, Any], zh: bool) -> None:
    summary = {
        "subject": figures.subject,
        "days": f"{figures.first_day} – {figures.last_day}",
        "complaints": figures.complaints,
        **({"read": figures.read} if figures.is_capped else {}),
        "texts": figures.texts,
    }
    print_summary(_named(summary, zh))
    for name, compared in (("new", figures.new), ("apart", figures.apart)):
        _heading(name, zh, complaints=compared.complaints if compared else 0, days=figures.baseline_days)
        _show_terms(compared, zh)
    _heading("topics", zh)
    columns = ("label", "complaints", "voices", "cohesion", "days", "merchants", "places", "typical")
    rows = [
        {
            "label": topic.label or "—",
            "complaints": topic.complaints,
            "voices": topic.voices,
            "cohesion": topic.cohesion,
            "days": f"{topic.first_day} – {topic.last_day}",
            "merchants": _names(topic.merchants),
            "places": _names(topic.places),
            "typical": topic.typical[0].sentence if topic.typical else "",
        }
        for topic in figures.topics
    ]
    print_table([_named(row, zh) for row in rows], list(_named(dict.fromkeys(columns), zh)), nothing=NONE[zh])
    end = {"topics_found": figures.topics_found, "without_topic": figures.without_topic, **told}
    print_summary({"": NOTES[zh], **_named(end, zh)})


def _show_terms(compared: Compared | None, zh: bool) -> None:
    if compared is None:
        print_summary({"": NOTHING[zh]})
        return
    columns = ("term", "used", "used_share", "elsewhere", "elsewhere_share", "z_score")
    rows = [
        {**dataclasses.asdict(row), "used_share": percent(row.used_share), "elsewhere_share": percent(row.elsewhere_share)}
        for row in compared.terms
    ]
    print_table([_named(row, zh) for row in rows], list(_named(dict.fromkeys(columns), zh)), nothing=NONE[zh])


def _heading(name: str, zh: bool, **figures: Any) -> None:
    print_summary({"": ""})
    print_summary({HEADINGS[name][zh].format(**figures): ""})


def _names(rows: list[Named]) -> str:
    return ", ".join(f"{row.name} {row.complaints}" for row in rows)


def _named(row: dict[str, Any], zh: bool) -> dict[str, Any]:
    return {CHINESE[name] if zh else name: value for name, value in row.items()}
