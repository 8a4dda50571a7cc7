"""The enrichment's benchmark runs, and the plain ways do the same work as ours."""

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks.enrichment import step_times
from benchmarks.plain_enrichment import PlainMinHash, pandas_jieba, polars_rjieba
from features.judging import judge_all, plain_text
from features.profiles import READS, REVIEWED
from jobs.judges import judges_of
from models.minhash import jaccard
from warehouse.duplicates import duplicate_rules
from warehouse.home import Home

ROOT = Path(__file__).parent.parent.parent
TEXTS = (
    ("电热水壶", "网上买的电热水壶用了三天就漏电，把我的手烫伤，花了199元，要求退款并赔偿医药费"),
    ("洗衣机", "洗衣机甩干时异响，11月2日报修，售后一直不上门，要求换货"),
    ("健身卡", "健身房突然关门跑路，预付卡余额3000元不退，老板电话打不通"),
    (None, "面包里吃出钢丝球，孩子拉肚子住院"),
    ("手机", None),
    (None, ""),
)
SAME = ("tokens", "severity", "department", "accept_due", "merchant_key")


def silver_rows():
    rows = []
    for number, (product, content) in enumerate(TEXTS * 2):
        row = dict.fromkeys(name for name in READS if name not in REVIEWED) | {
            "source": "test",
            "complaint_id": str(number),
            "kind": "举报" if number % 3 == 2 else "投诉",
            "event_date": dt.date(2026, 11, 3),
            "product_name": product,
            "content": content,
            "merchant_name": "杭州某某食品有限公司" if number % 2 else None,
            "region_code": "330106",
            "is_online": number % 2 == 0,
            "accepted_at": dt.datetime(2026, 11, 9, 10) if number == 1 else None,
            "decision": "受理" if number == 1 else None,
            "product_code": "home_appliances" if number == 1 else None,
        }
        rows.append(row)
    return rows


TYPES = {
    "event_date": pa.date32(),
    "is_online": pa.bool_(),
    "fire_involved": pa.bool_(),
    "injured_count": pa.int32(),
    "death_count": pa.int32(),
    "amount": pa.decimal128(14, 2),
    "accepted_at": pa.timestamp("us"),
    "version_at": pa.timestamp("us"),
}


@pytest.fixture(scope="module")
def table():
    rows = silver_rows()
    columns = {name: pa.array([row[name] for row in rows], TYPES.get(name, pa.string())) for name in rows[0]}
    return pa.table(columns)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    rows = [{**row, **dict.fromkeys(REVIEWED)} for row in silver_rows()]
    return judge_all(rows, judges_of(Home.at(tmp_path_factory.mktemp("home"))))


def node(profile, name):
    told = profile[f"{name}_l2"] or profile[f"{name}_l1"]
    return None if told == "unknown" else told


@pytest.mark.parametrize("way", [pandas_jieba, polars_rjieba])
def test_the_plain_ways_judge_as_ours_does(way, table, ours):
    frame = way(table)
    plain = frame.to_dicts() if way is polars_rjieba else frame.to_dict("records")
    assert len(plain) == len(ours) == len(table)
    for theirs, profile in zip(plain, ours, strict=True):
        assert {name: theirs[name] for name in SAME} == {name: profile[name] for name in SAME}
        assert (theirs["product"], theirs["issue"]) == (node(profile, "product"), node(profile, "issue"))
        facts = theirs["facts"]
        assert (facts["defects"], facts["requests"]) == (profile["defects"], profile["requests"])
        assert bool(theirs["text_keys"]) == bool(profile["text_keys"])
    # The work is no empty one.
    assert max(profile["severity"] for profile in ours) > 1
    assert {node(profile, "product") for profile in ours} > {None}
    assert any(profile["accept_due"] for profile in ours)


def test_plain_signatures_meet_as_often_as_their_texts_are_alike():
    first = "".join(chr(0x4E00 + 7 * place) for place in range(120))
    second = first[:112] + "不同的结尾了吧"
    keys, rules = PlainMinHash(), duplicate_rules()
    shared = sum(a == b for a, b in zip(keys.keys(first), keys.keys(second), strict=True))
    likeness = jaccard(plain_text(first), plain_text(second), shingle=rules.shingle)
    assert shared / (rules.permutations / rules.band_rows) == pytest.approx(likeness**rules.band_rows, abs=0.35)
    assert keys.keys(first) == keys.keys(first + "！12")
    assert not set(keys.keys(first)) & set(keys.keys("完全是另外一段没有关系的文字在这里"))


def test_every_step_takes_its_time(table, tmp_path):
    steps = step_times(pa.concat_tables([table] * 3), judges_of(Home.at(tmp_path)))
    assert {"words", "facts", "severity", "routing", "deadlines", "respondent", "text keys", "Arrow in", "Arrow out"} <= set(
        steps
    )
    assert "classifiers" not in steps
    assert min(steps[name] for name in steps if name != "records and reasons") > 0


def test_it_prints_rates_of_all_ways():
    # In a process of its own, as it starts and ends a session.
    little = (
        "from benchmarks import enrichment\n"
        "if __name__ == '__main__':\n"
        "    enrichment.ROWS, enrichment.SAMPLE, enrichment.LEARNED = 300, 240, 240\n"
        "    print(enrichment.run())\n"
    )
    done = subprocess.run([sys.executable, "-c", little], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    ours, pandas, polars, steps = done.stdout.splitlines()[-4:]
    rows, characters, rate, _ = figures(
        r"enrichment: (\S+) complaints of (\S+) characters; ours on Spark (\S+) rows/s, peak (\S+) MB", ours
    )
    assert 100 < rows < 1000
    assert 50 < characters < 300
    assert rate > 0
    for way, line in (("pandas and jieba", pandas), ("polars and rjieba", polars)):
        pattern = rf"enrichment: {way} (\S+) rows/s, peak (\S+) MB; ours is (\S+) times as quick"
        plain, peak, ratio = figures(pattern, line)
        assert peak > 0
        assert ratio == pytest.approx(rate / plain, abs=0.06, rel=0.1)
    whole = float(re.match(r"enrichment: (\d+) µs a complaint", steps).group(1))
    each = [float(micros) for micros in re.findall(r" ([\d.]+) \(\d+%\)", steps)]
    assert "classifiers" in steps
    assert sum(each) == pytest.approx(whole, abs=1)


def figures(pattern, line):
    found = re.fullmatch(pattern, line)
    assert found, line
    return [float(figure.replace(",", "")) for figure in found.groups()]
