"""The weekly report as a browser reads it: valid, self-contained, the same in every run, and safe against hostile names."""

import datetime as dt
import re
from dataclasses import replace

import html5lib
import pandas as pd
import pytest

from reports.figures import Comparison, LoadFigures, RankedRow, Ranking, Trend, WeeklyFigures
from reports.weekly import render_weekly, summary

MONDAY = dt.date(2024, 3, 25)
WEEK = dt.timedelta(days=7)
SCRIPT = "<script>alert('x')</script>"
FORMULA = "$x$"
QUOTES = "\"'><img src=x onerror=alert(1)>&amp;"


def hotspot(number, **changes):
    figures = {
        "id": f"{number:012x}",
        "level": ("red", "orange", "yellow", "blue")[number % 4],
        "status": "new",
        "subject": f"热点{number}",
        "reason": "近7日30件，预期5.0件。",
        "observed": 30,
        "expected": 5.04,
        "ratio": 5.95,
        "weighted_count": 28,
        "weighted_p_value": 0.0001,
        "p_value": 1e-9,
        "q_value": 0.0123,
        "parts": [],
        "window_start": dt.date(2024, 3, 25),
        "last_date": dt.date(2024, 3, 31),
        "first_date": dt.date(2024, 3, 29),
        "rule": "VOL-4",
        "method": "short",
        "complaint_ids": [f"N{i}" for i in range(8)],
        "history": [4, 5, 6, 4, 30],
        "history_expected": [5.0, 5.0, 5.0, 5.0, 5.0],
        "history_upper": [11.0, 11.0, 11.0, 11.0, 11.0],
    }
    return {**figures, **changes}


def ranking(*names, groups=None, title="品牌"):
    rows = [RankedRow(name, Comparison(20 - i, 10 + i, None), i) for i, name in enumerate(names)]
    return Ranking(title, title, rows, groups or len(rows))


FIGURES = WeeklyFigures(
    stream="hotline_12315",
    stream_zh="12315投诉举报",
    monday=MONDAY,
    sunday=MONDAY + dt.timedelta(days=6),
    covered_until=MONDAY + dt.timedelta(days=6),
    total=Comparison(120, 100, None),
    severe=3,
    kinds=[RankedRow("投诉", Comparison(80, 90, None), 0), RankedRow("举报", Comparison(40, 10, None), 0)],
    trend=Trend([MONDAY - i * WEEK for i in range(9, -1, -1)], [*[100] * 9, 120], [101.0] * 10, [119.0] * 10),
    hotspots=[
        hotspot(0, subject=SCRIPT, reason=QUOTES, parts=[FORMULA, SCRIPT]),
        hotspot(1, subject=FORMULA),
        hotspot(2, subject=QUOTES, complaint_ids=[SCRIPT]),
    ],
    samples={f"{0:012x}": [f"样例{SCRIPT}", QUOTES]},
    rankings=[ranking(SCRIPT, FORMULA, QUOTES, groups=30), ranking("热水器", "空调", title="商品")],
    heat=pd.DataFrame([[5, 0], [2, 9]], index=pd.Index([SCRIPT, FORMULA]), columns=pd.Index([QUOTES, "质量"])),
    terms=["冒火", SCRIPT, FORMULA],
    calendar_peaks=["3·15 国际消费者权益日"],
    loads=LoadFigures(2, 130, 125, 5, [("kind is missing", 3), (SCRIPT, 2)]),
    versions={"预警阈值版本": "1", "词典版本": SCRIPT},
)
QUIET = replace(
    FIGURES,
    covered_until=MONDAY + dt.timedelta(days=2),
    hotspots=[],
    samples={},
    kinds=[],
    rankings=[],
    heat=pd.DataFrame(),
    terms=[],
    calendar_peaks=[],
    trend=Trend([MONDAY], [120], [float("nan")], [float("nan")]),
    loads=LoadFigures(1, 120, 120, 0, []),
)


@pytest.fixture(scope="module", params=["full", "quiet"])
def page(request):
    return render_weekly(FIGURES if request.param == "full" else QUIET, 7)


@pytest.fixture(scope="module")
def full():
    return render_weekly(FIGURES, 7)


def parsed(page):
    return html5lib.parse(page, namespaceHTMLElements=False)


def text_of(page):
    return "".join(parsed(page).itertext())


def test_the_page_is_valid_html(page):
    html5lib.HTMLParser(strict=True).parse(page)


def test_every_anchor_leads_somewhere_and_every_id_is_there_once(page):
    elements = list(parsed(page).iter())
    ids = [element.attrib["id"] for element in elements if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    links = [value for element in elements for name, value in element.attrib.items() if str(name).endswith("href")]
    assert {"#summary", "#hotspots", "#tables", "#terms", "#method"} <= set(links)
    for link in links:
        if link.startswith("data:image/png;base64,"):  # the heat chart's colours
            continue
        assert link.startswith("#")
        assert link[1:] in ids
    for used in re.findall(r"url\(#([^)]+)\)", page):
        assert used in ids


def test_every_hotspot_has_a_chapter_that_the_table_leads_to(full):
    links = {element.attrib.get("href") for element in parsed(full).iter("a")}
    for one in FIGURES.hotspots:
        assert f"#h-{one['id']}" in links


def test_the_page_loads_nothing_from_elsewhere(page):
    tree = parsed(page)
    for element in tree.iter():
        assert element.tag not in ("script", "link", "img", "iframe", "object", "embed", "base", "image", "foreignObject")
        for name, value in element.attrib.items():
            # Names of vocabularies are addresses that nobody loads.
            if not str(name).startswith(("xmlns", "{http://www.w3.org/2000/xmlns/}", "rdf:")) and not value.startswith("data:"):
                assert "//" not in value, (element.tag, name, value)
    assert not re.search(r"@import|url\((?!#)", page)


def test_hostile_names_are_shown_as_they_are_and_are_no_markup(full):
    tree = parsed(full)
    assert [element.tag for element in tree.iter() if element.tag in ("script", "img")] == []
    assert not [name for element in tree.iter() for name in element.attrib if str(name).startswith("on")]
    text = text_of(full)
    # As subject, part, sample, in a ranking, term, reason of rejection, version: all to be read in full.
    assert text.count(SCRIPT) >= 7
    assert text.count(QUOTES) >= 4
    assert text.count(FORMULA) >= 5


def test_a_brand_in_dollars_is_no_formula_in_charts(full):
    # A formula would keep its dollars in a comment only.
    shown = re.sub("<!--.*?-->", "", full, flags=re.DOTALL)
    svgs = [element for element in parsed(shown).iter() if str(element.tag).endswith("svg")]
    assert len(svgs) == 1 + 1 + len(FIGURES.hotspots) + len(FIGURES.rankings)
    in_charts = ["".join(svg.itertext()) for svg in svgs]
    assert sum(FORMULA in text for text in in_charts) >= 2


def test_charts_have_descriptions_and_their_text_stays_text(full):
    tree = parsed(full)
    labels = [element.attrib["aria-label"] for element in tree.iter() if element.attrib.get("role") == "img"]
    assert "每周投诉量趋势，本周120件，预期101件" in labels
    assert f"{SCRIPT}近5个窗口的件数，本期30件" in labels
    assert "热水器" in "".join("".join(svg.itertext()) for svg in tree.iter() if str(svg.tag).endswith("svg"))


def test_the_same_figures_make_the_same_bytes(full):
    assert render_weekly(FIGURES, 7) == full
    assert render_weekly(replace(FIGURES, severe=4), 7) != full


def test_charts_carry_no_date_of_making(page):
    assert "dc:date" not in page
    assert "dc:creator" not in page


def test_the_figures_stand_on_the_page(full):
    text = text_of(full)
    for said in (
        "2024-W13", "2024年3月25日至3月31日", "本周共登记投诉举报120件，环比↑20.00%，同比—", "超出预期范围",
        "3·15 国际消费者权益日", "共30项，列前3项", "读入130行，通过125行，拒收5行", "kind is missing：3",
        "投诉80件（占66.67%，环比↓11.11%，同比—）",
        "短历史基线", "证据编号（8件）：N0、N1、N2、N3、N4、N5 等", "<0.0001", "0.0123",
    ):  # fmt: skip
        assert said in text, said
    assert "本周数据不完整" not in text


def test_a_quiet_and_unfinished_week_says_so():
    text = text_of(render_weekly(QUIET, 7))
    assert "数据截至3月27日，本周数据不完整" in text
    assert "本周没有超出预期的热点。" in text
    assert "没有发现超出预期的热点" in text
    assert "nan" not in text.lower()


def test_summary_of_a_busy_week():
    volume, alerts, severe = summary(FIGURES)
    assert volume == (
        "本周共登记投诉举报120件，环比↑20.00%，同比—；按历史规律预期101件，总量超出预期范围（本周处于3·15 国际消费者权益日）。"
    )
    assert alerts == f"发现热点3条（红色1条、橙色1条、黄色1条），居前的是{SCRIPT}、{FORMULA}、{QUOTES}。"
    assert severe == f"涉及严重安全事件的投诉3件；品牌居首的是{SCRIPT}（20件）；商品居首的是热水器（20件）。"


def test_summary_within_what_was_expected():
    calm = replace(FIGURES, trend=replace(FIGURES.trend, upper=[120.0] * 10))
    assert "总量在预期范围内" in summary(calm)[0]
    assert "预期" not in summary(QUIET)[0]
