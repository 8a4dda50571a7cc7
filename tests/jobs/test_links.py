"""Links, reviews, the office's lexicon and classifiers in the warehouse: the same however complaints arrive."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from silver_rows import arrive, load, settle, told

from features.profiles import PROFILE
from jobs import links
from jobs.aggregate import COUNTS, TERMS, aggregate
from jobs.enrich import enrich
from jobs.judges import judges_of, model_folder, unfit_models
from jobs.lexicon import accept, office_lexicon, texts_of
from jobs.links import LINKS, link
from jobs.official_labels import official_labels
from jobs.reviews import REVIEWS, decide, review_queue
from jobs.training import train
from warehouse.errors import RadarError
from warehouse.home import Home
from warehouse.storage import Warehouse, to_dicts

LETTER = (
    "在某平台购买的预包装食品外包装标签未按国家标准标注营养成分表和贮存条件，"
    "属于不符合食品安全标准的食品，要求退还货款并支付十倍赔偿金"
)
TODAY = dt.date(2026, 6, 20)


def rows_of(warehouse, table, *dropped):
    return sorted(tuple(map(str, row.values())) for row in to_dicts(warehouse.read(table).drop(*dropped)))


def by_id(warehouse, table, *columns):
    rows = to_dicts(warehouse.read(table).select("complaint_id", *columns))
    return {row.pop("complaint_id"): row for row in rows}


def totals(warehouse):
    rows = to_dicts(warehouse.read(COUNTS).filter("level = 'total'"))
    return {str(row["event_date"]): (row["raw_count"], row["weighted_count"]) for row in rows}


WORLD = [
    told(1, "福茂超市", day="2026-04-03", content=LETTER, filer_key="a"),
    told(2, "华联超市", day="2026-04-10", content=f"您好：{LETTER}。", filer_key="b"),
    told(3, "鑫源超市", day="2026-04-20", content=f"{LETTER}！谢谢", filer_key="c"),
    told(4, "福茂超市", day="2026-04-25", filer_key="a", content="前次投诉的食品标签问题商家至今没有答复，再次投诉"),
    told(5, "福茂超市", day="2026-06-18", filer_key="a", content="在福茂超市买的牛奶喝了以后全家拉肚子，要求赔偿医药费"),
    told(6, None, day="2026-06-18", kind="咨询", content="请问七天无理由退货从哪天开始计算"),
]


def test_links_and_counts_are_the_same_however_complaints_arrive(warehouse, spark, tmp_path):
    load(warehouse, WORLD)
    found = by_id(warehouse, LINKS, "relation", "event_group", "weight", "counted_weight", "flags")
    assert {number: (row["relation"], row["event_group"], round(row["weight"], 3)) for number, row in found.items()} == {
        "N001": ("first", "x:N001", 1.0),
        "N002": ("copy", "x:N001", 0.5),
        "N003": ("copy", "x:N001", 0.333),
        "N004": ("repeat", "x:N001", 0.0),
        "N005": ("first", "x:N005", 1.0),
    }
    assert all(row["weight"] == row["counted_weight"] for row in found.values())
    assert [flag["factor"] for flag in found["N003"]["flags"]] == ["same_text"]
    assert totals(warehouse) == {
        "2026-04-03": (1, 1.0),
        "2026-04-10": (1, 0.5),
        "2026-04-20": (1, 0.333333),
        "2026-04-25": (1, 0.0),
        "2026-06-18": (1, 1.0),
    }

    # The first letter arrives last: what copies it has to be found out then.
    back = Warehouse(spark, Home.at(tmp_path / "back"))
    for part in (WORLD[2:], [WORLD[1]], [WORLD[0]]):
        load(back, part)
    assert rows_of(back, LINKS, "judged_load") == rows_of(warehouse, LINKS, "judged_load")
    assert totals(back) == totals(warehouse)

    # Nothing new: nothing is written.
    versions = {table: back.version(table) for table in (LINKS, COUNTS, PROFILE)}
    settle(back)
    assert {table: back.version(table) for table in versions} == versions


def test_a_corrected_complaint_frees_those_that_copied_it(warehouse):
    load(warehouse, WORLD)
    corrected = {**WORLD[0], "content": "冰箱不制冷，压缩机异响，商家上门维修三次仍未修好，要求换货并赔偿误工损失"}
    arrive(warehouse, [{**corrected, "version_at": dt.datetime(2026, 6, 19, 9)}])
    enrich(warehouse)
    assert by_id(warehouse, LINKS, "relation", "event_group")["N002"] == {"relation": "first", "event_group": "x:N002"}
    assert dt.date(2026, 4, 20) in aggregate(warehouse).days
    assert totals(warehouse)["2026-04-20"] == (1, 0.5)


def test_counting_waits_for_links(warehouse):
    load(warehouse, WORLD[:2])
    arrive(warehouse, [told(7, "福茂超市", day="2026-04-10")])
    enrich(warehouse)
    warehouse.replace(LINKS, warehouse.read(LINKS).filter("complaint_id <> 'N007'"), where="source IS NOT NULL")
    with pytest.raises(RadarError, match="run `radar enrich` first"):
        aggregate(warehouse)
    settle(warehouse)
    assert totals(warehouse)["2026-04-10"] == (2, 1.5)
    assert link(warehouse, [], judges_of(warehouse.home).version) == []


@pytest.mark.parametrize("dies", ["before linking", "between runs of days"])
def test_a_run_that_dies_is_made_good(warehouse, monkeypatch, dies):
    load(warehouse, WORLD)
    corrected = {**WORLD[0], "content": "冰箱不制冷，压缩机异响，商家上门维修三次仍未修好，要求换货并赔偿误工损失"}
    arrive(warehouse, [{**corrected, "version_at": dt.datetime(2026, 6, 19, 9)}])
    decide(warehouse, "x", "N005", product="G0104", issue="F03", reviewer="王科", reviewed_on=TODAY)

    def dying(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        # A run of days for each complaint.
        patch.setattr(links, "pieces", partial(links.pieces, most=1))
        if dies == "before linking":
            patch.setattr("jobs.enrich.link", dying)
        else:
            relink, done = links._relink, count(1)
            patch.setattr(links, "_relink", lambda *told: dying() if next(done) > 2 else relink(*told))
        with pytest.raises(KeyboardInterrupt):
            enrich(warehouse)
    settle(warehouse)
    relations = {number: row["relation"] for number, row in by_id(warehouse, LINKS, "relation").items()}
    assert relations == {"N001": "first", "N002": "first", "N003": "copy", "N004": "repeat", "N005": "first"}
    assert totals(warehouse)["2026-04-20"] == (1, 0.5)


def test_a_run_that_dies_behind_a_decision_is_made_good(warehouse, monkeypatch):
    load(warehouse, WORLD)
    decide(warehouse, "x", "N005", product="G0305", issue="Q01", reviewer="王科", reviewed_on=TODAY)

    def dying(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("jobs.enrich.link", dying)
        with pytest.raises(KeyboardInterrupt):
            enrich(warehouse)
    settle(warehouse)
    assert [row["counted"] for row in to_dicts(warehouse.read(REVIEWS))] == [True]


def test_a_reviewer_decides_and_the_counts_follow(warehouse):
    unclear = told(1, "福茂超市", content="买的东西不行，找了几次都没人管，希望帮忙")
    load(warehouse, [unclear, told(2, "福茂超市")])
    (waiting,) = [row for row in review_queue(warehouse) if row["complaint_id"] == "N001"]
    assert waiting["reasons"] == ["product_unknown", "issue_unknown"]
    assert waiting["text"] == unclear["content"]
    decide(warehouse, "x", "N001", product="G0305", issue="Q01", reviewer="王科", reviewed_on=TODAY, note="回访电话13812345678")
    (note,) = [row["note"] for row in to_dicts(warehouse.read(REVIEWS))]
    assert "13812345678" not in note
    assert "N001" not in [row["complaint_id"] for row in review_queue(warehouse)]
    settle(warehouse)
    profile = by_id(warehouse, PROFILE, "product_l1", "product_l2", "product_basis", "product_confidence", "issue_l2")["N001"]
    assert profile == {
        "product_l1": "G03", "product_l2": "G0305", "product_basis": "review", "product_confidence": 1.0, "issue_l2": "Q01",
    }  # fmt: skip
    counted = warehouse.read(COUNTS).filter("level = 'product' AND product_l2 = 'G0305'")
    assert [row["raw_count"] for row in to_dicts(counted)] == [1]
    assert [row["counted"] for row in to_dicts(warehouse.read(REVIEWS))] == [True]

    # A second thought: both decisions stay, the newer one holds.
    decide(warehouse, "x", "N001", product="G0304", issue=None, reviewer="李科", reviewed_on=TODAY)
    settle(warehouse)
    assert by_id(warehouse, PROFILE, "product_l2", "issue_l1")["N001"] == {"product_l2": "G0304", "issue_l1": "unknown"}
    assert warehouse.read(REVIEWS).count() == 2
    assert counted.count() == 0

    for wrong in ({"product": "G9999"}, {"issue": "Z"}, {"reviewer": " "}, {"complaint_id": "N999"}):
        given = {"complaint_id": "N001", "product": None, "issue": None, "reviewer": "王科", **wrong}
        with pytest.raises(RadarError):
            decide(warehouse, "x", given.pop("complaint_id"), reviewed_on=TODAY, **given)
    with pytest.raises(RadarError, match="no reason of the review queue"):
        review_queue(warehouse, reason="boring")


PLAIN = {
    "127": ["冰箱不制冷压缩机响", "空调漏水不制冷", "洗衣机脱水抖动", "电视黑屏没有图像", "热水器打不着火", "油烟机吸力小"],
    "165": ["发动机故障灯亮", "变速箱顿挫", "轮胎鼓包", "方向盘跑偏", "汽车车漆起泡", "汽车空调异味"],
}


def test_classifiers_learn_from_official_classes_and_judge_what_has_none(warehouse):
    labels = {"127": "家用电器", "165": "交通工具"}
    rows = []
    for code, texts in PLAIN.items():
        for text in texts:
            for shop in ("甲", "乙"):
                rows.append(
                    told(
                        len(rows) + 1,
                        f"{shop}店",
                        content=f"{text}，{shop}店拖延",
                        product_label=labels[code],
                        issue_label="质量",
                    )
                )
    rows.append(told(90, "丙店", content="压缩机响个不停"))
    rows.append(told(91, "丙店", content="压缩机响，冰箱不制冷", product_label="交通工具"))
    load(warehouse, rows)
    assert by_id(warehouse, PROFILE, "product_basis")["N090"] == {"product_basis": "none"}

    found = official_labels(warehouse, "product", TODAY, 1000)
    assert sorted(set(found.labels)) == ["G03", "G04"]
    assert len(found) == 25
    assert official_labels(warehouse, "product", TODAY, 5).source == "silver.complaints ≤ 2026-06-20"
    with pytest.raises(RadarError, match="no complaint up to 2020-01-01"):
        official_labels(warehouse, "product", dt.date(2020, 1, 1), 1000)
    home = warehouse.home
    train(found, model_folder(home, "product"), "product", office_lexicon(home), minimum=0.5)
    settle(warehouse)
    profiles = by_id(
        warehouse, PROFILE, "product_l1", "product_basis", "product_predicted_l1", "product_confidence", "classifier_version"
    )
    assert (profiles["N090"]["product_l1"], profiles["N090"]["product_basis"]) == ("G03", "model")
    assert 0.5 <= profiles["N090"]["product_confidence"] < 1
    assert profiles["N090"]["classifier_version"] == f"{judges_of(home).product.version}+-"
    # The official class holds; what the text says stands beside it.
    assert (profiles["N091"]["product_l1"], profiles["N091"]["product_basis"]) == ("G04", "source")
    assert profiles["N091"]["product_predicted_l1"] == "G03"

    # The office accepts a word: texts are cut anew, and the classifier no longer fits.
    accept(["响个不停"], home)
    assert list(unfit_models(home)) == ["product"]
    settle(warehouse)
    profile = by_id(warehouse, PROFILE, "tokens", "product_basis", "lexicon_version", "keywords")["N090"]
    assert "响个不停" in profile["tokens"]
    assert "响个不停" in profile["keywords"]
    assert profile["product_basis"] == "none"
    for table in (COUNTS, TERMS):
        versions = {row["lexicon_version"] for row in to_dicts(warehouse.read(table).select("lexicon_version").distinct())}
        assert versions == {office_lexicon(home).version}


def test_texts_of_a_span_for_new_words(warehouse):
    load(warehouse, [*WORLD, {**told(9, "福茂超市", day="2026-04-10", content=LETTER), "stream": "other"}])
    texts = texts_of(warehouse, dt.date(2026, 4, 10), dt.date(2026, 4, 30), "x")
    assert texts == sorted(WORLD[number]["content"] for number in (1, 2, 3))


def test_the_commands(warehouse, tmp_path):
    load(warehouse, WORLD)

    def radar(*arguments):
        command = [Path(sys.executable).parent / "radar", "--home", str(warehouse.home.root), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    queue = json.loads(radar("review", "list", "--json").stdout)
    assert {row["complaint_id"] for row in queue} <= {row["complaint_id"] for row in WORLD}
    assert radar("review", "list", "--zh").stdout.splitlines()[0].split()[0] == "登记编号"
    decided = radar(
        "review", "decide", "N004", "--source", "x", "--issue", "L02", "--reviewer", "王科", "--date", "2026-06-20", "--json"
    )
    assert json.loads(decided.stdout)["review_number"] == 1
    refused = radar("train", "--date", "2026-06-20", "--label", "x")
    assert refused.returncode == 1
    assert "or --date alone" in refused.stderr
    nothing = radar("train", "--date", "2020-01-01")
    assert nothing.returncode == 1
    assert "no complaint up to 2020-01-01 has a class" in nothing.stderr
