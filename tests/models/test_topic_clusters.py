"""Topics against planted ones and against scikit-learn's average linkage; labels; order; hostile input."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score

from models import topics
from models.topics import TopicSettings, topic_clusters, topic_numbers

SETTINGS = TopicSettings(
    near_same=0.6, same_topic=0.25, informative=0.5, least=3, terms=4, term_share=0.4, term_score=2.0, typical=3
)
PLANTED = {
    "heater": "热水器 漏水 上门 维修 水管 拒绝 安装 师傅 卫生间",
    "gym": "健身房 办卡 关门 跑路 私教 会员卡 余额 教练 失联",
    "phone": "手机 花屏 屏幕 触摸 换新 检测 主板 黑屏 摔过",
    "food": "外卖 异物 头发 腹泻 骑手 餐盒 餐厅 发霉 就医",
    "car": "新车 变速箱 顿挫 异响 提车 刹车 厂家 召回 故障灯",
}
COMMON = ["商家", "退款", "客服", "赔偿", "态度", "拖延", "订单", "付款", "质量", "承诺", "电话", "收据"]


@pytest.fixture
def slice_of_complaints():
    """Complaints of five planted topics and of none, each worded anew: words, texts, topics (none: empty)."""
    rng = random.Random(11)
    rows = []
    for topic, words in PLANTED.items():
        for _ in range(15):
            rows.append((rng.sample(words.split(), 6) + rng.sample(COMMON, 3), topic))
    rare = [f"杂{chr(code)}{chr(code + 1)}" for code in range(0x4E00, 0x4F00)]
    rows += [(rng.sample(rare, 7) + rng.sample(COMMON, 3), "") for _ in range(40)]
    rng.shuffle(rows)
    return [words for words, _ in rows], ["".join(words) for words, _ in rows], [topic for _, topic in rows]


def found(words, texts=None, **changes):
    # Texts without shingles: no two of them are near-same.
    return topic_clusters(words, texts=texts or [""] * len(words), settings=replace(SETTINGS, **changes))


def memberships(clusters):
    return {cluster.members for cluster in clusters}


# Which complaints belong together


def test_planted_topics_are_found_and_the_rest_is_left_alone(slice_of_complaints):
    words, texts, truth = slice_of_complaints
    clusters = topic_clusters(words, texts=texts, settings=SETTINGS)
    assert len(clusters) == len(PLANTED)
    for cluster in clusters:
        assert len({truth[at] for at in cluster.members}) == 1
        assert len(cluster.members) == 15
    alone = topic_numbers(clusters, len(words)) == -1
    assert [truth[at] for at in np.flatnonzero(alone)] == [""] * 40


@pytest.mark.parametrize("threshold", [0.15, 0.25, 0.4])
def test_topics_are_those_of_average_linkage_over_the_whole_slice(slice_of_complaints, threshold):
    words, _, _ = slice_of_complaints
    vectors = TfidfVectorizer(analyzer=list, min_df=2, sublinear_tf=True).fit_transform(words)
    distances = np.clip(1 - (vectors @ vectors.T).toarray(), 0, None)
    judge = AgglomerativeClustering(n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - threshold)
    numbers = judge.fit_predict(distances)
    expected = {tuple(np.flatnonzero(numbers == number).tolist()) for number in set(numbers)}
    assert memberships(found(words, same_topic=threshold, informative=0.0, least=1)) == expected
    assert 1 < len(expected) < len(words)


def test_the_order_of_complaints_does_not_matter(slice_of_complaints):
    words, texts, _ = slice_of_complaints
    places = list(range(len(words)))
    random.Random(1).shuffle(places)
    here = topic_clusters(words, texts=texts, settings=SETTINGS)
    there = topic_clusters([words[at] for at in places], texts=[texts[at] for at in places], settings=SETTINGS)
    moved = {tuple(sorted(places[at] for at in cluster.members)): cluster for cluster in there}
    assert set(moved) == memberships(here)
    for cluster in here:
        assert moved[cluster.members].label == cluster.label
        assert moved[cluster.members].cohesion == pytest.approx(cluster.cohesion)


def test_a_slice_too_large_for_one_table_still_shows_its_topics(slice_of_complaints, monkeypatch):
    words, texts, truth = slice_of_complaints
    monkeypatch.setattr(topics, "TABLE", 15)
    monkeypatch.setattr(topics, "ROWS", 7)
    # At this threshold all complaints hang together through their common words.
    numbers = topic_numbers(found(words, texts, same_topic=0.08), len(words))
    planted = np.array([topic != "" for topic in truth])
    assert adjusted_rand_score(np.array(truth)[planted], numbers[planted]) > 0.95


def test_rows_in_blocks_leave_no_trace(slice_of_complaints, monkeypatch):
    words, texts, _ = slice_of_complaints
    whole = found(words, texts)
    monkeypatch.setattr(topics, "ROWS", 7)
    assert found(words, texts) == whole


def test_a_template_counts_once_where_topics_are_found_and_fully_in_their_size(slice_of_complaints):
    words, texts, _ = slice_of_complaints
    template = ["充绒量", "吊牌", "羽绒服", "虚标", "退一赔三"]
    copies = 30
    text = "吊牌标称充绒量与实际羽绒服不符属于虚标，要求退一赔三并查处该网店的虚假宣传行为"
    clusters = found(words + copies * [template], texts + copies * [text])
    assert len(clusters[0].members) == copies
    assert clusters[0].voices == 1
    assert clusters[0].typical == (len(words),)
    assert clusters[0].cohesion == pytest.approx(1.0)
    assert memberships(clusters[1:]) == memberships(found(words, texts))
    assert all(cluster.voices == 15 for cluster in clusters[1:])


def test_copies_of_a_template_do_not_make_its_words_common(slice_of_complaints):
    words, texts, _ = slice_of_complaints
    template = ["热水器", "漏水", "跑路", "花屏", "异物", "顿挫"]
    text = "同一个模板里写了热水器漏水、健身房跑路、手机花屏、外卖异物和新车顿挫五件不相干的事"
    once, often = (found(words + copies * [template], texts + copies * [text]) for copies in (1, 200))

    def of_slice(clusters):
        return {cluster.members: round(cluster.cohesion, 9) for cluster in clusters if cluster.members[-1] < len(words)}

    assert of_slice(often) == of_slice(once)
    assert len(of_slice(often)) == len(PLANTED)


def test_complaints_that_say_little_make_no_topic_of_their_own(slice_of_complaints):
    words, _, _ = slice_of_complaints
    short = 12 * [["客服", "电话"]]
    last = len(words)
    assert any(last in cluster.members for cluster in found(words + short, informative=0.0))
    assert not any(last in cluster.members for cluster in found(words + short, informative=1.0))


def test_fewer_than_the_least_are_no_topic(slice_of_complaints):
    words, texts, _ = slice_of_complaints
    assert found(words, texts, least=16) == []


# How a topic is described


def test_labels_are_words_of_the_topic_and_not_of_the_slice(slice_of_complaints):
    words, texts, truth = slice_of_complaints
    for cluster in topic_clusters(words, texts=texts, settings=SETTINGS):
        own = PLANTED[truth[cluster.members[0]]].split()
        assert 2 <= len(cluster.terms) <= 4
        assert set(cluster.terms) <= set(own)
        assert cluster.label == "·".join(cluster.terms)
        used = Counter(word for at in cluster.members for word in words[at])
        assert min(used[term] for term in cluster.terms) >= 0.4 * 15


def test_a_word_of_few_members_is_in_no_label():
    rows = [["热水器", "漏水", "师傅", "水垢", "镁棒"] if at < 3 else ["热水器", "漏水", "师傅", f"号{at}"] for at in range(12)]
    others = [[f"别{at}", f"别{at + 1}", "客服", ["热水器", "漏水", "师傅"][at % 3]] for at in range(60)]
    [cluster] = [cluster for cluster in found(rows + others, term_score=0.0) if 11 in cluster.members]
    assert set(range(12)) <= set(cluster.members)
    assert set(cluster.terms) == {"热水器", "漏水", "师傅"}


def test_words_that_name_things_come_before_others(slice_of_complaints):
    words, texts, truth = slice_of_complaints
    named = {"热水器", "漏水", "商家", "退款"}
    clusters = topic_clusters(words, texts=texts, settings=replace(SETTINGS, terms=2), naming=named)
    labels = {truth[cluster.members[0]]: set(cluster.terms) for cluster in clusters}
    assert labels["heater"] == {"热水器", "漏水"}
    # Naming alone does not make a word telling.
    assert all(not {"商家", "退款"} & terms for terms in labels.values())


def test_terms_stand_as_complaints_use_them_and_none_says_another_again():
    rows = 5 * [["热水器", "燃气热水器", "漏水", "拒绝上门"]]
    others = [[f"别{at}", f"别{at + 1}", "客服"] for at in range(30)]
    [cluster] = [cluster for cluster in found(rows + others, terms=4, term_score=0.0) if 0 in cluster.members]
    assert cluster.terms in (("热水器", "漏水", "拒绝上门"), ("燃气热水器", "漏水", "拒绝上门"))


def test_a_topic_that_is_the_whole_slice_still_has_a_label():
    [cluster] = found(4 * [["热水器", "漏水", "热水器"]])
    assert cluster.members == (0, 1, 2, 3)
    assert cluster.label == "热水器·漏水"


def test_typical_members_are_central_and_worded_differently(slice_of_complaints):
    words, texts, truth = slice_of_complaints
    gym = truth.index("gym")
    outlier = [*PLANTED["gym"].split()[:5], "瑜伽", "泳池", "更衣室"]
    clusters = found(
        [*words, outlier, outlier, *3 * [words[gym]]],
        [*texts, "瑜伽课和泳池都停了，健身房让我去更衣室拿东西", "更衣室漏水，健身房办卡时说有瑜伽课", *3 * [texts[gym]]],
    )
    [cluster] = [cluster for cluster in clusters if gym in cluster.members]
    assert {len(words), len(words) + 1} <= set(cluster.members)
    assert not {len(words), len(words) + 1} & set(cluster.typical)
    assert len(cluster.typical) == 3
    assert len({texts[at] if at < len(texts) else texts[gym] for at in cluster.typical}) == 3


def test_cohesion_is_the_mean_cosine_of_two_members(slice_of_complaints):
    words, _, _ = slice_of_complaints
    vectors = TfidfVectorizer(analyzer=list, min_df=2, sublinear_tf=True).fit_transform(words).toarray()
    for cluster in found(words):
        members = vectors[list(cluster.members)]
        cosines = (members @ members.T)[np.triu_indices(len(members), 1)]
        assert cluster.cohesion == pytest.approx(cosines.mean())


def test_larger_topics_come_first(slice_of_complaints):
    words, texts, truth = slice_of_complaints
    dropped = {at for at in range(len(words)) if truth[at] == "car" and truth[:at].count("car") >= 5}
    kept = [at for at in range(len(words)) if at not in dropped]
    clusters = found([words[at] for at in kept], [texts[at] for at in kept])
    sizes = [len(cluster.members) for cluster in clusters]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 5


def test_numbers_of_topics():
    clusters = found([["热水器", "漏水"], ["别的"], ["热水器", "漏水"], ["热水器", "漏水"]])
    assert topic_numbers(clusters, 4).tolist() == [0, -1, 0, 0]
    assert topic_numbers([], 2).tolist() == [-1, -1]


# Hostile input


@pytest.mark.parametrize(
    "words",
    [
        [],
        [[]],
        [["漏水"]],
        5 * [[]],
        5 * [["漏水"]],
        [["漏水"] * 10_000, [], ["漏水"], ["\x00", "\ud800"], ["\ud800"], [""], [""], [""]],
    ],
)
def test_empty_and_odd_complaints_raise_nothing(words):
    with np.errstate(all="raise"):
        for texts in ([""] * len(words), ["\x00" * 50] * len(words)):
            for cluster in topic_clusters(words, texts=texts, settings=SETTINGS):
                assert 0 <= cluster.cohesion <= 1
                assert set(cluster.typical) <= set(cluster.members)


def test_words_and_texts_must_be_of_the_same_complaints():
    with pytest.raises(ValueError, match="1 complaints have words and 2 have texts"):
        topic_clusters([["漏水"]], texts=["漏水", "漏水"], settings=SETTINGS)


# Real complaints


def test_topics_of_real_car_complaints_share_car_and_fault(shared_data):
    import pandas as pd

    from features.segmentation import segmenter
    from features.synonyms import normalise

    table = pd.read_csv(shared_data / "auto12365_2024" / "complaints.csv", encoding="utf-8-sig")
    texts = [normalise(text) for text in table["投诉简述"].fillna("")]
    clusters = topic_clusters([segmenter().words(text) for text in texts], texts=texts, settings=SETTINGS)
    kinds = list(zip(table["投诉车系"], table["投诉问题"], strict=True))
    covered = sum(len(cluster.members) for cluster in clusters)
    agreeing = sum(Counter(kinds[at] for at in cluster.members).most_common(1)[0][1] for cluster in clusters)
    # Two complaints drawn at random share both in one case of hundreds. Complainants choose the fault, and not alike.
    assert covered > 0.25 * len(texts)
    assert agreeing / covered > 0.45
