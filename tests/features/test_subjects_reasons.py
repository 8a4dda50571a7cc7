"""Series and figures in words."""

import pandas as pd
import pytest

from features.reasons import Reason
from features.subjects import dimensions_of, label, merchant_names, subject


@pytest.mark.parametrize(
    ("dimension", "value", "shown"),
    [
        ("product_l1", "G03", "家用电器"),
        ("product_l2", "G0305", "热水器"),
        ("issue_l1", "Q", "质量"),
        ("province", "330000", "浙江省"),
        ("city", "330100", "杭州市"),
        ("city", "unknown", "未知"),
        ("product_l1", "unknown", "未知"),
        ("brand", "<云杉>", "<云杉>"),
        ("issue_label", "制动·失灵", "制动·失灵"),
        ("merchant", "91350100M000100Y43", "91350100M000100Y43"),
    ],
)
def test_labels(dimension, value, shown):
    assert label(dimension, value) == shown


def test_a_respondent_known_by_its_code_is_shown_by_its_name():
    names = {"91350100M000100Y43": "某某商贸有限公司"}
    assert label("merchant", "91350100M000100Y43", names) == "某某商贸有限公司"
    assert label("merchant", "路边小店", names) == "路边小店"
    assert subject({"merchant": "91350100M000100Y43", "issue_l1": "C"}, names) == "某某商贸有限公司 合同"


@pytest.mark.parametrize(
    ("dimensions", "shown"),
    [
        ({}, "总量"),
        ({"province": "330000"}, "浙江省"),
        ({"province": "330000", "city": "330100"}, "杭州市"),
        (
            {"issue_l1": "Q", "product_l2": "G0305", "product_l1": "G03", "city": "330100", "province": "330000"},
            "杭州市 热水器 质量",
        ),
        ({"product_l1": "G03", "product_label": "热水器类"}, "热水器类"),
        ({"product_l1": "G03", "issue_l1": "S"}, "家用电器 安全"),
        ({"issue_l1": "Q", "issue_label": "异响"}, "异响"),
        ({"brand": "云杉", "model": "YS16"}, "云杉 YS16"),
        ({"brand": "宝马", "model": "宝马X3"}, "宝马X3"),
        ({"brand": "云杉", "model": "YS16", "issue_label": "漏气"}, "云杉 YS16 漏气"),
        ({"brand": "云杉", "issue_label": "漏气"}, "云杉 漏气"),
        ({"province": "unknown", "city": "unknown"}, "未知"),
    ],
)
def test_subjects(dimensions, shown):
    assert subject(dimensions) == shown
    assert subject(dict(reversed(dimensions.items()))) == shown


@pytest.mark.parametrize(
    ("series", "dimensions"),
    [
        ("all", {}),
        ("brand=云杉", {"brand": "云杉"}),
        ("brand=云杉|model=YS16", {"brand": "云杉", "model": "YS16"}),
        ("brand=a=b", {"brand": "a=b"}),
        ("brand=甲｜乙", {"brand": "甲｜乙"}),
    ],
)
def test_dimensions_of_a_series_name(series, dimensions):
    assert dimensions_of(series) == dimensions


def test_the_name_used_most_is_shown_and_ties_go_by_name():
    table = pd.DataFrame(
        [("c1", "甲店"), ("c1", "乙店"), ("c1", "乙店"), ("c2", "B"), ("c2", "A"), (None, "丙店"), ("c3", None)],
        columns=["merchant", "merchant_name"],
    )
    assert merchant_names(table) == {"c1": "乙店", "c2": "A"}
    assert merchant_names(table[::-1]) == {"c1": "乙店", "c2": "A"}
    assert merchant_names(table[:0]) == {}


def reason(**changes):
    figures = {"days": 7, "observed": 25, "expected": 5.04, "weighted": 20, "severe": 0, "p_value": 0.00123, "terms": []}
    return Reason(**{**figures, **changes})


def test_reason_says_the_figures():
    assert reason().ratio == pytest.approx(25 / 5.04)
    assert reason().zh == "近7日25件，预期5.0件，为预期的5.0倍；无异常时出现这么多件的概率0.0012；去重后20件。"
    assert reason().en == (
        "25 complaints in 7 days where 5.0 were expected (chance if nothing were wrong 0.0012); 20 independent."
    )


def test_reason_names_harm_and_at_most_five_words():
    told = reason(severe=3, terms=["冒火", "漏气", "三", "四", "五", "六"])
    assert told.zh.endswith("去重后20件，其中严重安全事件3件；突出词语：冒火、漏气、三、四、五。")
    assert told.en.endswith("20 independent, 3 with a severe safety event; telling words: 冒火, 漏气, 三, 四, 五.")


@pytest.mark.parametrize(
    ("observed", "expected", "shown"),
    [(25, 0.01, "为预期的100倍以上"), (100, 1.0, "为预期的100.0倍"), (13, 10.0, "为预期的1.3倍")],
)
def test_ratios_lose_their_digits_where_they_say_nothing(observed, expected, shown):
    assert shown in reason(observed=observed, expected=expected).zh


@pytest.mark.parametrize(("p_value", "shown"), [(9.9e-5, "<0.0001"), (1e-4, "0.0001"), (0.05, "0.0500"), (0.0, "<0.0001")])
def test_chances(p_value, shown):
    assert f"概率{shown}；" in reason(p_value=p_value).zh
    assert f"wrong {shown})" in reason(p_value=p_value).en
