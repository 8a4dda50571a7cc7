"""The page of a slice's topics: valid, self-contained, the same in every run, and safe against hostile texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import html5lib
import pytest

from reports.topics import Compared, Named, Passage, TermRow, Topic, TopicFigures, render_topics, summary

SCRIPT = "<script>alert('x')</script>"
QUOTES = "\"'><img src=x onerror=alert(1)>&amp;"
DAY = dt.date(2026, 11, 15)
MEASURES = {"least": 3, "minimum": 3, "score": 2.58}


def topic(label, complaints=8, **changes):
    figures = {
        "label": label,
        "terms": [label],
        "complaints": complaints,
        "voices": 5,
        "cohesion": 0.347,
        "first_day": DAY - dt.timedelta(days=5),
        "last_day": DAY,
        "merchants": [Named(SCRIPT, 5), Named("福茂超市", 2)],
        "places": [Named("杭州市", 8)],
        "typical": [Passage("N1", f"热水器漏水{SCRIPT}"), Passage(QUOTES, QUOTES)],
        "complaint_ids": [f"N{i}" for i in range(complaints)],
    }
    return Topic(**{**figures, **changes})


FIGURES = TopicFigures(
    subject=f"杭州市 热水器{SCRIPT}",
    conditions={"city": ["330100"], "brand": [SCRIPT, QUOTES]},
    stream="hotline_12315",
    stream_zh="12315投诉举报",
    first_day=DAY - dt.timedelta(days=6),
    last_day=DAY,
    baseline_days=84,
    complaints=25_000,
    read=20_000,
    texts=18_000,
    new=Compared(300, 280, [TermRow("漏水", 40, 2, 40 / 18_000, 2 / 280, 6.54), TermRow(SCRIPT, 9, 0, 0.0005, 0.0, 3.0)]),
    apart=Compared(90_000, 80_000, [TermRow(QUOTES, 30, 7, 30 / 18_000, 7 / 80_000, 5.0)]),
    topics=[topic("热水器·漏水", 900), topic("", 4), topic(SCRIPT, 3, merchants=[], places=[], typical=[])],
    topics_found=12,
    without_topic=700,
    versions={"词典版本": SCRIPT},
)
BARE = replace(FIGURES, complaints=2, read=2, texts=2, new=None, apart=None, topics=[], topics_found=0, without_topic=2)


def text_of(figures):
    return "".join(html5lib.parse(render_topics(figures, **MEASURES), namespaceHTMLElements=False).itertext())


@pytest.mark.parametrize("figures", [FIGURES, BARE])
def test_the_page_is_valid_and_its_links_lead_somewhere(figures):
    page = render_topics(figures, **MEASURES)
    html5lib.HTMLParser(strict=True).parse(page)
    elements = list(html5lib.parse(page, namespaceHTMLElements=False).iter())
    ids = [element.attrib["id"] for element in elements if "id" in element.attrib]
    links = [element.attrib["href"] for element in elements if "href" in element.attrib]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} == set(ids)
    assert {link[0] for link in links} == {"#"}


def test_hostile_texts_are_shown_as_they_are_and_are_no_markup():
    elements = list(html5lib.parse(render_topics(FIGURES, **MEASURES), namespaceHTMLElements=False).iter())
    assert not [element for element in elements if element.tag in ("script", "img", "link", "iframe")]
    assert not [name for element in elements for name in element.attrib if str(name).startswith("on")]
    text = text_of(FIGURES)
    # In title, heading, condition, terms, label, merchants and sentences of two topics, version.
    assert text.count(SCRIPT) >= 9
    # As condition, term, and as number and sentence of a typical complaint of two topics.
    assert text.count(QUOTES) >= 6


def test_the_figures_stand_on_the_page():
    text = text_of(FIGURES)
    for said in (
        "2026年11月9日至11月15日", "此前84日的300件（不同文本280篇）", "同期其他投诉9.00万件",
        "1. 热水器·漏水（900件）", "2. 未命名（4件）", "各自表述5件 · 内聚度0.35 · 2026-11-10 至 2026-11-15",
        "福茂超市（2件）", "杭州市（8件）", "等900件", "共12个话题，列前3个", "不属于任何话题的投诉700件",
        "范围内共2.50万件，词语和话题只取最近的2.00万件", "；地级区划代码为 330100；品牌为 ",
        "同一文本只计一篇", "至少3篇使用且 z 值不低于2.58", "6.5",
    ):  # fmt: skip
        assert said in text, said


def test_the_summary_says_what_leads():
    assert summary(FIGURES) == [
        "共2.50万件投诉举报，以下只分析其中最近的2.00万件（不同文本18000篇）。",
        "归并出话题12个，涵盖1.93万件；最大的是“热水器·漏水”（900件）。",
        f"与此前84日相比，新出现或明显增多的是“漏水”、“{SCRIPT}”。",
        f"与同期其他投诉相比，突出的是“{QUOTES}”。",
    ]
    assert summary(BARE) == ["共2件投诉举报，不同文本2篇。", "没有归并出话题。"]


def test_a_slice_without_anything_to_compare_with_says_so():
    text = text_of(BARE)
    for said in ("此前84日没有同一范围的投诉，无从比较", "同期没有本范围以外的投诉，无从比较", "没有归并出话题（至少3件"):
        assert said in text, said
    assert "只取最近的" not in text
    assert "没有明显更多使用的词语" in text_of(replace(FIGURES, new=Compared(3, 3, [])))


def test_the_same_figures_make_the_same_bytes():
    page = render_topics(FIGURES, **MEASURES)
    assert render_topics(FIGURES, **MEASURES) == page
    assert render_topics(replace(FIGURES, without_topic=701), **MEASURES) != page
