"""Texts that read like complaints, and the vocabulary that they are made of."""

import collections
import datetime as dt
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.catalogue import catalogue
from simulator.data import place_rows, product_entries, world
from simulator.merchants import LEGAL_FORM
from simulator.pools import MOST_VARIANTS, Pools, variants
from simulator.text import Frames

SENTENCES = [sentence for entry in product_entries() for sentences in entry["faults"].values() for sentence in sentences]


@pytest.fixture(scope="module")
def texts(province):
    planted = {number for told in province.truth["incidents"] for number in told["complaint_ids"]}
    return [row["具体问题"] for number, row in province.newest.items() if number not in planted]


def share(texts, pattern):
    return np.mean([bool(re.search(pattern, text)) for text in texts])


def test_lengths_are_those_of_complaints(texts):
    lengths = np.array([len(text) for text in texts])
    assert lengths.min() >= 40
    assert lengths.max() <= 250
    # Ten samples of the platform had 43 to 239 characters, 138 on average.
    assert 100 < lengths.mean() < 160


def test_a_share_is_written_by_call_takers(texts):
    assert share(texts, "^商户名称：|^来电内容：") == pytest.approx(world("calibration")["template_share"], abs=0.06)
    assert share(texts, "商户名称：.*发生时间：.*消费金额：.*问题描述：.*主要诉求：") > 0.15


def test_texts_differ_from_each_other(texts):
    assert len(set(texts)) > 0.999 * len(texts)
    # Not only by their numbers.
    assert len({re.sub(r"[0-9０-９]", "", text) for text in texts}) > 0.95 * len(texts)


def test_amounts_dates_models_and_personal_data_are_in_the_texts(texts):
    assert share(texts, r"\d+(\.\d\d|多)?[元块]") > 0.7
    assert share(texts, "[一二两三四五六七八九十][十百千万]?多万?块") > 0.02
    assert share(texts, r"[０-９]") > 0.01
    assert share(texts, r"\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d|\d{4}\.\d") > 0.45
    assert share(texts, r"[A-Z]{1,4}-?\d{1,4}") > 0.01
    assert share(texts, "154[0-9]{8}") > 0.03
    for pattern in ("身份证号", "微信号", "QQ9", "@example", "Z[A-Z0-9]{5}", r"\d号.*幢.*室", "我姓", "联系人"):
        assert share(texts, pattern) > 0.0005, pattern
    assert 0.001 < share(texts, "[😡😤😭🙏💔🤮]") < 0.03


def test_days_are_told_as_they_are(province):
    """What is said of the day of purchase agrees with the form."""
    for row in province.newest.values():
        passed = dt.date.fromisoformat(row["登记日期"][:10]) - dt.date.fromisoformat(row["争议发生时间"])
        assert "昨天在" not in row["具体问题"] or passed.days == 1
        assert "大前天在" not in row["具体问题"] or passed.days == 3
    texts = [row["具体问题"] for row in province.newest.values()]
    assert 0 < share(texts, "昨天在") < 0.01
    assert share(texts, "上个月|前段时间|两三个月前") > 0.05


def test_a_few_texts_are_hostile(province):
    pieces = world("phrases")["hostile"]
    begun = collections.Counter(
        piece for row in province.newest.values() for piece in pieces if row["具体问题"].startswith(piece)
    )
    assert 2 <= sum(begun.values()) < 0.001 * len(province.newest)
    assert any(piece.startswith("=") for piece in pieces)
    assert any("<script>" in piece for piece in pieces)


def test_typos_are_in_some(texts):
    wrong = "|".join(re.escape(typo) for right, typo in world("phrases")["typos"] if len(typo) > 1)
    assert 0.005 < share(texts, wrong) < 0.05


def test_places_and_merchants_are_named(province):
    rows = list(province.newest.values())[:5000]
    # The name as people say it is the legal one without its end.
    assert np.mean([any(row["企业名称"][i : i + 2] in row["具体问题"] for i in range(4)) for row in rows]) > 0.88
    assert share([row["事发地"] for row in rows], "^浙江省") == pytest.approx(0.85, abs=0.1)
    assert share([row["事发地"] for row in rows], "市") < 0.99


def test_people_speak_as_in_their_region(nation):
    """Words of one region are said there and nowhere else."""
    written = nation[nation["具体问题"].str.contains("晓得不|晓不晓得|恼火得很")]
    assert len(written) > 10
    assert set(written["登记编号"].str[:2]) <= {"51", "50", "52", "53"}
    spoken = [entry["provinces"] for entry in world("dialects")["regions"]]
    assert len({province for provinces in spoken for province in provinces}) == sum(map(len, spoken))
    assert {province for provinces in spoken for province in provinces} <= set(world("calibration")["provinces"])


def test_texts_tell_what_the_columns_say(province):
    """A complaint about a product names it, unless a frame speaks of something else."""
    rows = list(province.newest.values())[:5000]
    assert np.mean([row["商品/服务名称"] in row["具体问题"] for row in rows]) > 0.97


def test_consultations_read_like_questions(nation):
    questions = nation.loc[nation["类型"] == "咨询", "具体问题"]
    assert questions.str.contains("咨询|请问|问一下|询问").mean() > 0.98


def test_every_class_has_products_and_every_issue_of_theirs_has_words():
    book = catalogue()
    assert set(book.classes) == {entry["class"] for entry in book.entries}
    assert book.share.sum() == pytest.approx(1)
    for table in book.issue_table.values():
        for product, of_class in enumerate(book.class_of):
            for issue in np.flatnonzero(table[of_class] > 0):
                own = book.texts.size[book.faults[product, issue]]
                common = book.texts.size[book.common_faults[of_class, issue]]
                assert own + common >= 8, (book.entries[product]["name"], book.issues[issue])


def test_a_merchant_sells_what_its_trade_does(province):
    """No bicycle shop sells cars: the end of a shop's name is one of the trade of what was bought there."""
    endings, online = world("merchants")["kinds"], world("merchants")["online_kinds"]
    trade = {entry["name"]: entry.get("trade", entry["class"]) for entry in product_entries()}
    assert set(trade.values()) == set(endings)
    nouns = collections.defaultdict(set)
    for entry in product_entries():
        for noun in [entry["name"], *entry.get("also", [])]:
            nouns[noun].add(trade[entry["name"]])

    def ends(name, kinds):
        return name.endswith(tuple(form for kind in kinds for form in (kind, LEGAL_FORM.sub("", kind) or kind)))

    planted = {number for told in province.truth["incidents"] for number in told["complaint_ids"]}
    counties = "|".join({place["county"] or place["city"] for place in place_rows()})
    branch = re.compile(rf"[（(].*|({counties})分店.*")
    fitting = []
    for number, row in province.newest.items():
        name = branch.sub("", row["企业名称"])
        if number not in planted and not ends(name, [kind for kinds in online.values() for kind in kinds]):
            fitting.append(any(ends(name, endings[own]) for own in nouns[row["商品/服务名称"]]))
    assert len(fitting) > 10_000
    # The rest is misspelt.
    assert np.mean(fitting) > 0.985


def test_the_vocabulary_is_large():
    assert len(product_entries()) > 100
    assert len(SENTENCES) > 1500
    assert len(set(SENTENCES)) == len(SENTENCES)
    names = collections.Counter(entry["name"] for entry in product_entries())
    assert max(names.values()) == 1


# Well-known companies, platforms and brands, so that a slip is noticed; those that are everyday words are left out.
REAL = (
    "美团", "饿了么", "淘宝", "天猫", "京东", "拼多多", "抖音", "快手", "小红书", "闲鱼", "唯品会",
    "苏宁", "国美", "携程", "飞猪", "去哪儿", "哈啰", "支付宝", "微博", "腾讯", "阿里", "网易",
    "爱奇艺", "优酷", "小米", "华为", "荣耀", "三星", "联想", "戴尔", "惠普", "海尔", "美的",
    "格力", "海信", "长虹", "康佳", "创维", "方太", "老板电器", "九阳", "苏泊尔", "万和", "万家乐",
    "华帝", "林内", "小天鹅", "西门子", "特斯拉", "比亚迪", "蔚来", "小鹏", "理想汽车", "吉利", "长安汽车",
    "奇瑞", "长城汽车", "宝马", "奔驰", "奥迪", "大众", "丰田", "本田", "日产", "别克", "雅迪",
    "爱玛", "台铃", "伊利", "蒙牛", "光明", "飞鹤", "君乐宝", "农夫山泉", "娃哈哈", "康师傅", "茅台",
    "五粮液", "三只松鼠", "良品铺子", "波司登", "安踏", "李宁", "耐克", "阿迪达斯", "优衣库", "周大福", "老凤祥",
    "欧莱雅", "兰蔻", "沃尔玛", "永辉", "盒马", "肯德基", "麦当劳", "海底捞", "星巴克", "瑞幸", "顺丰",
    "圆通", "中通", "申通", "韵达", "中国移动", "中国联通", "中国电信", "新东方", "学而思",
)  # fmt: skip


def test_no_real_company_is_named(province):
    merchants = {key: value for key, value in world("merchants").items() if key != "taken"}
    words = str([product_entries(), merchants, world("phrases"), world("incidents")])
    assert [name for name in REAL if name in words] == []
    # Names are put together from pieces, which may form another one.
    formed = {row[name] for row in province.newest.values() for name in ("企业名称", "品牌", "商品/服务名称")}
    assert [name for name in formed if name.startswith(REAL)] == []


def test_faults_name_issues_and_keys_that_are_known():
    issues = set(world("calibration")["issues"])
    known = {
        "name",
        "class",
        "trade",
        "remote",
        "share",
        "also",
        "unit",
        "verb",
        "brands",
        "models",
        "price",
        "spread",
        "online",
    }
    for entry in product_entries():
        assert set(entry) <= known | {"season", "faults"}, entry["name"]
        assert set(entry["faults"]) <= issues, entry["name"]
        assert 0 <= entry["online"] <= 1
        assert entry["price"] > 0


@pytest.mark.parametrize("kind", [*world("incidents")["real"], *world("incidents")["misleading"]])
def test_incidents_are_about_what_the_catalogue_has(kind):
    entry = {**world("incidents")["real"], **world("incidents")["misleading"]}[kind]
    for theme in entry.get("themes", [entry]):
        if "product" in theme:
            assert theme["issue"] in catalogue().issues
            number = catalogue().number(theme["product"])
            tables = catalogue().issue_table
            assert tables["complaints"][catalogue().class_of[number], catalogue().issues.index(theme["issue"])] > 0
        for text in theme.get("texts", []):
            assert variants(text)
        told = "".join(theme.get("texts", []))
        assert all(term in told for term in theme.get("terms", [])), theme["title"]


sentences = st.lists(
    st.one_of(
        st.text("水电煤气，", min_size=1, max_size=4),
        st.lists(st.text("甲乙丙", max_size=2), min_size=1, max_size=4).map(lambda options: f"[{'|'.join(options)}]"),
    ),
    min_size=1,
    max_size=5,
).map("".join)


@given(sentences)
def test_variants_are_readings_of_the_sentence(sentence):
    pattern = re.compile(re.sub(r"\[([^\]]*)\]", r"(?:\1)", sentence))
    found = variants(sentence)
    assert 1 <= len(found) <= MOST_VARIANTS
    assert all(pattern.fullmatch(reading) for reading in found)
    assert found == variants(sentence)


@pytest.mark.parametrize("sentence", ["[甲|乙", "甲]乙", "[[甲]|乙]", "甲|乙"])
def test_brackets_that_do_not_match_are_refused(sentence):
    with pytest.raises(ValueError, match="brackets do not match"):
        variants(sentence)


def test_pools_draw_from_the_pool_asked_for():
    pools = Pools()
    numbers = [pools.add(["一", "[二|三]"]), pools.add([]), pools.add(["四"])]
    frozen = pools.freeze()
    assert frozen.size.tolist() == [3, 0, 1]
    rng = np.random.default_rng(1)
    drawn = frozen.draw(rng, np.array([numbers[0]] * 200 + [numbers[2]] * 5))
    words = frozen.texts.take(drawn).to_pylist()
    assert set(words[:200]) == {"一", "二", "三"}
    assert set(words[200:]) == {"四"}


def test_frames_fill_their_slots_in_place():
    import pyarrow as pa

    frames = Frames({"a": ["甲{x}", "{y}乙{x}"], "b": ["丙"]})
    slots = {"x": pa.array(["1", "2", "3", "4"]), "y": pa.array(["p", "q", "r", "s"])}
    assert frames.fill(np.array([1, 0, 2, 1]), slots).to_pylist() == ["p乙1", "甲2", "丙", "s乙4"]
    assert frames.having("y").tolist() == [False, True, False]
    assert frames.fill(np.array([], dtype=np.int64), slots).to_pylist() == []
