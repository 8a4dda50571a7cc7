"""What a slice is about: words counted again by hand, planted topics, names that are not known, and the command."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import random
from collections import Counter
from contextlib import contextmanager

import pandas as pd
import pytest
import typer
from contract_rows import valid_row
from typer.testing import CliRunner

from features.merchants.tables import MERCHANTS
from features.profiles import PROFILE
from features.slices import Part, Slice
from jobs import topics as job
from jobs.commands import topics as command
from jobs.slices import Asked
from jobs.topics import Days, find_topics
from reports.topics import Compared
from warehouse.contracts import contract_of
from warehouse.errors import RadarError
from warehouse.home import Home
from warehouse.sources import SILVER
from warehouse.storage import Warehouse, contract_schema

STREAM = "hotline_12315"
LAST = dt.date(2026, 6, 14)
DAYS = Days.until(LAST, 7, 84)
HEATER, PHONE = {"product_l1": "G03", "product_l2": "G0305"}, {"product_l1": "G05", "product_l2": "G0501"}
HANGZHOU = {"province": "330000", "city": "330100"}
FILLER = ["商家", "客服", "退款", "电话", "订单", "态度", "敷衍", "赔偿", "付款", "收据"]
SENTENCE = "您好，我要反映。热水器用了一周就漏水，商家拒绝上门；\x1b[31m请尽快处理<script>"


class World:
    """Complaints by number; the same in every run."""

    def __init__(self):
        self.rows, self.random = [], random.Random(7)

    def add(self, tokens, ago=0, common=4, **changes):
        """One complaint so many days before the last one, with some of the words that all have in common."""
        number, day = len(self.rows), LAST - dt.timedelta(days=ago)
        said = [*tokens, *self.random.sample(FILLER, common)]
        fixed = {
            "source": "national_12315",
            "complaint_id": f"N{number:04d}",
            "stream": STREAM,
            "kind": "投诉",
            "event_date": day,
            "event_month": f"{day:%Y-%m}",
            "tokens": said,
            "text_identity": f"T{number}",
            "merchant": "330100:福茂电器",
            "merchant_name": "福茂电器",
            "brand": "暖佳",
            **HANGZHOU,
            **HEATER,
        }
        self.rows.append({**valid_row(contract_of(PROFILE), number), **fixed, **changes})
        return fixed["complaint_id"]


def built():
    world = World()
    leaks = [world.add(["热水器", "漏水", "上门", "水管", f"独{i}"], ago=i % 5) for i in range(25)]
    shocks = [world.add(["热水器", "触电", "漏电", "麻手", f"单{i}"], ago=1, city="330200") for i in range(8)]
    # A template of forty copies: one text.
    copies = [
        world.add(["模板", "举报", "依法", "处理"], ago=2, common=0, text_identity="copy", merchant="m2", merchant_name="丰茂")
        for _ in range(40)
    ]
    for i in range(90):
        world.add(["热水器", "噪音", f"旧{i}"], ago=20 + i % 60)
        world.add(["手机", "花屏", f"屏{i}"], ago=i % 6, brand=None, merchant=None, merchant_name=None, **PHONE)
    for _ in range(20):
        world.add(["热水器", "上门", "照旧"], ago=30, common=0, text_identity="old copy")
        world.add(["手机", "水管", "照旧"], common=0, text_identity="other copy", brand=None, merchant=None, **PHONE)
    # Nothing of these counts.
    for other in ({"kind": "咨询"}, {"stream": "city_12345"}):
        for _ in range(5):
            world.add(["热水器", "漏水", "局外"], **other)
    for ago in (-1, 91, 92):
        world.add(["热水器", "漏水", "局外"], ago=ago)
    return world.rows, leaks, shocks, copies


@pytest.fixture(scope="module")
def world():
    return built()


@pytest.fixture(scope="module")
def tables(spark, tmp_path_factory, world):
    warehouse = Warehouse(spark, Home.at(tmp_path_factory.mktemp("topics") / "home"))
    contents = [
        valid_row(
            contract_of(SILVER),
            number,
            content=SENTENCE,
            **{name: row[name] for name in ("source", "complaint_id", "stream", "event_date", "event_month")},
        )
        for number, row in enumerate(world[0])
    ]
    merchants = [
        valid_row(
            contract_of(MERCHANTS), number, merchant=merchant, name=name, names=[name, f"{name}店"], complaints=9 - number
        )
        for number, (merchant, name) in enumerate(
            [("330100:福茂电器", "福茂电器"), ("m2", "丰茂"), ("330200:安康超市", "安康超市"), ("330100:安康超市", "安康超市")]
        )
    ]
    for table, rows in ((PROFILE, world[0]), (SILVER, contents), (MERCHANTS, merchants)):
        frame = spark.createDataFrame(rows, contract_schema(contract_of(table)))
        warehouse.replace(table, frame, where="true")
    return warehouse


@pytest.fixture(scope="module")
def heaters(tables):
    return find_topics(tables, STREAM, DAYS, Asked(product="热水器", region="浙江"), 10)


def test_the_lexicons_are_named_that_cut_the_words(tables, world, heaters, spark, tmp_path):
    assert heaters.versions["词典版本"] == world[0][0]["lexicon_version"]
    # While a new lexicon has not cut all complaints, both are named.
    recut = Warehouse(spark, Home.at(tmp_path / "home"))
    rows = [row | {"lexicon_version": "b" * 12} if number % 2 else row for number, row in enumerate(world[0])]
    recut.replace(PROFILE, spark.createDataFrame(rows, contract_schema(contract_of(PROFILE))), where="true")
    found = find_topics(recut, STREAM, DAYS, Asked(product="热水器", region="浙江"), 0)
    assert found.versions["词典版本"] == "、".join(sorted([world[0][0]["lexicon_version"], "b" * 12]))


def texts_with(rows, term):
    return len({row["text_identity"] for row in rows if term in row["tokens"]})


def parts_of(rows):
    """The slice, the slice before, the others: as one would pick them by hand."""
    counted = [row for row in rows if row["kind"] != "咨询" and row["stream"] == STREAM]
    now = [row for row in counted if LAST - dt.timedelta(days=6) <= row["event_date"] <= LAST]
    before = [row for row in counted if LAST - dt.timedelta(days=90) <= row["event_date"] < LAST - dt.timedelta(days=6)]
    heater = [row for row in now if row["product_l2"] == "G0305"]
    return heater, [row for row in before if row["product_l2"] == "G0305"], [row for row in now if row not in heater]


def test_words_are_counted_in_distinct_texts_of_the_right_complaints(heaters, world):
    now, before, beside = parts_of(world[0])
    assert (heaters.complaints, heaters.read, heaters.texts) == (len(now), len(now), len({row["text_identity"] for row in now}))
    assert (len(now), heaters.texts) == (73, 34)
    for compared, others in ((heaters.new, before), (heaters.apart, beside)):
        assert (compared.complaints, compared.texts) == (len(others), 91)
        assert {"漏水", "上门", "水管"} <= {row.term for row in compared.terms}
        for row in compared.terms:
            used, elsewhere = texts_with(now, row.term), texts_with(others, row.term)
            assert (row.used, row.elsewhere) == (used, elsewhere)
            assert (row.used_share, row.elsewhere_share) == (used / 34, elsewhere / 91)
        scores = [row.z_score for row in compared.terms]
        assert scores == sorted(scores, reverse=True)
        assert min(scores) >= 2.58


def test_what_is_new_and_what_sets_apart_lead_and_a_template_does_not(heaters):
    new, apart = ([row.term for row in compared.terms] for compared in (heaters.new, heaters.apart))
    assert {"漏水", "上门", "水管"} <= set(new[:4])
    # Heaters are nothing new among heaters.
    assert "热水器" not in new
    assert apart[0] == "热水器"
    for terms in (new, apart):
        assert not {"模板", "举报", "依法", "局外"} & set(terms)


def test_planted_topics_are_found_with_all_that_is_told_of_them(heaters, world):
    _, leaks, shocks, copies = world
    found = {frozenset(topic.complaint_ids): topic for topic in heaters.topics}
    assert set(found) == {frozenset(leaks), frozenset(shocks), frozenset(copies)}
    assert [topic.complaints for topic in heaters.topics] == [40, 25, 8]
    template, leak, shock = heaters.topics
    assert (template.voices, leak.voices, shock.voices) == (1, 25, 8)
    assert {"热水器", "漏水"} <= {*leak.terms}
    assert leak.label == "·".join(leak.terms)
    assert (leak.first_day, leak.last_day) == (dt.date(2026, 6, 10), LAST)
    assert [(row.name, row.complaints) for row in leak.merchants] == [("福茂电器（杭州市）", 25)]
    assert [(row.name, row.complaints) for row in template.merchants] == [("丰茂", 40)]
    assert [row.name for row in shock.places] == ["宁波市"]
    assert heaters.topics_found == 3
    assert heaters.without_topic == 0
    days = {row["complaint_id"]: row["event_date"] for row in world[0]}
    assert [days[key] for key in leak.complaint_ids] == sorted((days[key] for key in leaks), reverse=True)


def test_typical_sentences_are_what_the_masked_text_says_of_the_topic(heaters):
    leak = heaters.topics[1]
    assert 1 <= len(leak.typical) <= 3
    for passage in leak.typical:
        assert passage.complaint_id in leak.complaint_ids
        assert passage.sentence.startswith("热水器用了一周就漏水")
        assert "\x1b" not in passage.sentence
        assert len(passage.sentence) <= 80


def test_only_the_newest_are_read_where_there_are_too_many(tables, world, monkeypatch):
    rules = job.topic_rules()
    monkeypatch.setattr(job, "topic_rules", lambda: rules.model_copy(update={"most_read": 12}))
    figures = find_topics(tables, STREAM, DAYS, Asked(product="热水器"), 10)
    assert (figures.complaints, figures.read) == (73, 12)
    assert figures.is_capped
    assert Counter(topic.complaints for topic in figures.topics) == Counter([5, 7])
    assert min(topic.first_day for topic in figures.topics) >= LAST - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("asked", "column", "complaints"),
    [
        (Asked(), None, 183),
        (Asked(brand="暖 佳"), "brand", 73),
        (Asked(merchant="福茂"), "merchant", 33),
        (Asked(merchant="330100:福茂电器"), "merchant", 33),
        (Asked(region="宁波"), "city", 8),
        (Asked(merchant="丰茂店", product="家用电器"), "merchant", 40),
    ],
)
def test_slices_of_any_kind(tables, asked, column, complaints):
    figures = find_topics(tables, STREAM, DAYS, asked, 3)
    assert figures.complaints == complaints
    assert (column is None) == (not figures.conditions)
    assert column is None or column in figures.conditions
    assert (figures.apart is None) == (column is None)
    assert len(figures.topics) <= 3


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(product="热水机"), "product 热水机 is not known; near it are 热水器"),
        (Asked(issue="质两问题"), "issue 质两问题 is not known; near it are 质量问题"),
        (Asked(region="杭洲市"), "region 杭洲市 is not known; near it are 杭州市"),
        (Asked(brand="暖加"), "brand 暖加 is not known; near it are 暖佳"),
        (Asked(merchant="福矛电器"), "merchant 福矛电器 is not known; near it are 福茂电器"),
        (
            Asked(merchant="茂"),
            r"several merchants may be meant by 茂; name one of them, such as 福茂电器 \(330100:福茂电器\), 丰茂 \(m2\)",
        ),
        (
            Asked(product="热水器", region="广东"),
            "hotline_12315 has no complaints of 广东省 热水器 from 2026-06-08 to 2026-06-14",
        ),
        # Two merchants of one name are one slice, which has no complaints here.
        (Asked(merchant="安康超市"), "no complaints of 安康超市 from"),
    ],
)
def test_what_is_not_there_is_one_clear_line(tables, asked, message):
    with pytest.raises(RadarError, match=message) as told:
        find_topics(tables, STREAM, DAYS, asked, 10)
    assert "\n" not in str(told.value)


def test_the_command_answers_in_json_in_a_table_and_on_a_page(tables, heaters, monkeypatch, tmp_path):
    @contextmanager
    def open_warehouse(*, write):
        assert not write
        yield tables

    monkeypatch.setattr(command, "open_warehouse", open_warehouse)
    app = typer.Typer()
    command.register(app)
    app.command()(lambda: None)
    page = tmp_path / "new" / "topics.html"
    asked = ["topics", "--date", "2026-06-14", "--stream", STREAM, "--product", "热水器", "--limit", "2"]

    def run(*more):
        done = CliRunner().invoke(app, [*asked, *more], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    told = json.loads(run("--json", "--html", str(page)))
    assert (told["subject"], told["complaints"], told["texts"], told["topics_found"]) == ("热水器", 73, 34, 3)
    assert (told["first_day"], told["baseline_days"], len(told["topics"])) == ("2026-06-08", 84, 2)
    assert set(told["new"]["terms"][0]) == {"term", "used", "elsewhere", "used_share", "elsewhere_share", "z_score"}
    assert told["html"] == str(page)
    assert "投诉话题：热水器" in page.read_text(encoding="utf-8")
    english, chinese = run(), run("--zh")
    assert "counts once" in english
    assert "z_score" in english
    assert "同一文本多次登记只计一篇" in chinese
    assert "z 值" in chinese
    assert "漏水" in chinese
    assert "无从比较" in run("--zh", "--baseline-days", "0")
    # What there is none of is told so, three times, without headings of tables.
    none = dataclasses.replace(heaters, new=Compared(9, 9, []), apart=Compared(9, 9, []), topics=[], topics_found=0)
    monkeypatch.setattr(job, "find_topics", lambda *_: none)
    nothing = run("--zh")
    assert nothing.split().count("无") == 3
    assert "z 值" not in nothing


# --- without tables --------------------------------------------------------------------------------------------------------

MOTIFS = ["制动 变长 雨天 距离", "踏板 下坡 没劲 停住", "抖动 真空泵 毛病 刹车", "低速 石头 踩不动 转弯"]
PHRASES = [f"套{i} 语{i} 话{i}".split() for i in range(25)]


def test_a_slice_about_one_matter_is_parted_by_what_happened_and_not_by_phrases():
    """Four faults of one product, each told with phrases that all complaints have in common."""
    rng = random.Random(3)

    def phrases():
        return list(itertools.chain.from_iterable(rng.sample(PHRASES, 4)))

    told = [[*rng.sample(MOTIFS[i % 4].split(), 3), *phrases()] for i in range(80)]
    others = [[*phrases(), *phrases()] for _ in range(2000)]
    rows = pd.DataFrame({"tokens": told})
    usage = pd.DataFrame({job.NOW: users(told), job.BESIDE: users(others)}).fillna(0).astype(int)
    about, everywhere = Slice((Part("brand", ("皓骋",), "皓骋"),)), Slice((Part("city", ("330100",), "杭州市"),))
    clusters = job._clusters(rows, usage, about)
    assert sorted(len(cluster.members) for cluster in clusters)[-4:] == pytest.approx([20] * 4, abs=3)
    assert all(len({at % 4 for at in cluster.members}) == 1 for cluster in clusters)
    # A place is no matter: there every word counts.
    assert max(len(cluster.members) for cluster in job._clusters(rows, usage, everywhere)) < 15


def users(token_lists):
    return Counter(itertools.chain.from_iterable(map(set, token_lists)))
