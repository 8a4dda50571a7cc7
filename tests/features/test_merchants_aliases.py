"""The reviewed table of respondents: read, checked, asked."""

from __future__ import annotations

import pytest

from features.merchants import Aliases, merchant_key, read_reviews
from features.merchants.aliases import Named, Review
from features.merchants.credit_codes import ALPHABET, credit_code_is_valid
from warehouse.errors import RadarError
from warehouse.files import ROOT

SHIPPED = ROOT / "reference" / "merchant_aliases.csv"
HEADER = "verdict,respondent,merchant,source,reviewed\n"


def code(number: int) -> str:
    """A made-up credit code with the right check character."""
    body = f"91000000{number:08d}0"
    return next(body + check for check in ALPHABET if credit_code_is_valid(body + check))


A, B, C = code(1), code(2), code(3)


def review(verdict: str, respondent: str, merchant: str) -> Review:
    return Review(verdict=verdict, respondent=respondent, merchant=merchant, source="test", reviewed="2026-06-01")


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "merchant_aliases.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_every_shipped_alias_is_understood_and_ends_at_a_company():
    reviews = read_reviews(SHIPPED)
    assert len(reviews) > 10
    aliases = Aliases(reviews)
    for line in reviews:
        key = merchant_key(line.respondent, None)
        target = aliases.target(key.scope, key.core)
        company = merchant_key(line.merchant, None)
        assert target == Named(company.scope, company.core)
    assert aliases.target("national", "拼多多") == Named("310000", "寻梦信息技术")


def test_lines_are_read_with_or_without_a_mark_of_the_encoding_and_comments_are_left_out(write):
    text = f"# reviewed by the office\n{HEADER}same, 旧名超市 ,{A},letter,2026-06-01\n"
    (line,) = read_reviews(write(text))
    assert line == Review(verdict="same", respondent="旧名超市", merchant=A, source="letter", reviewed="2026-06-01")
    assert read_reviews(write(text, "utf-8-sig")) == [line]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"# note\n{HEADER}perhaps,旧名超市,{A},,\n".encode(), "line 3: verdict"),
        (f"{HEADER}same,旧名超市,{A},,\nsame,旧名超市\n".encode(), "line 3: merchant"),
        ("respondent\n旧名超市\n".encode(), "line 2: verdict"),
        (f"{HEADER}same,旧名超市,{A},,,more\n".encode(), "line 2: there are more cells"),
        ("旧名超市".encode("gb18030"), "is not UTF-8"),
    ],
)
def test_what_is_not_understood_is_one_clear_line(tmp_path, content, message):
    path = tmp_path / "merchant_aliases.csv"
    path.write_bytes(content)
    with pytest.raises(RadarError, match=message) as error:
        read_reviews(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("reviews", "message"),
    [
        ([("same", "不详", A)], "'不详' names nobody"),
        ([("same", "旧名超市", "福茂超市")], "may be several"),
        ([("same", A, "杭州鑫源商贸有限公司")], "a code can stand for another code only"),
        ([("same", A, B), ("same", B, A)], "in a circle"),
        ([("same", "甲乙有限公司", "丙丁有限公司"), ("same", "national:丙丁", "national:甲乙")], "in a circle"),
        ([("same", "甲乙有限公司", "甲乙股份有限公司")], "in a circle"),
    ],
)
def test_a_table_that_leads_nowhere_is_refused(reviews, message):
    with pytest.raises(RadarError, match=message):
        Aliases([review(*line) for line in reviews])


def test_a_later_line_replaces_an_earlier_one_about_the_same_respondent():
    aliases = Aliases([review("same", "旧名超市", A), review("same", " 旧名 超市", B)])
    assert aliases.target("330100", "旧名超市") == B


def test_codes_are_followed_to_the_end():
    aliases = Aliases([review("same", A, B), review("same", B, C)])
    assert [aliases.code(each) for each in (A, B, C, code(4))] == [C, C, C, code(4)]


def test_the_version_follows_the_verdicts_and_nothing_else():
    lines = [review("same", A, B), review("different", A, C)]
    assert Aliases(lines).version == Aliases([line.model_copy(update={"source": "another"}) for line in lines]).version
    assert Aliases(lines).version != Aliases(lines[:1]).version
    assert Aliases(lines).version != Aliases([review("same", A, B), review("same", A, C)]).version


def test_rejected_pairs_are_known_whichever_way_round():
    aliases = Aliases([review("different", "330100:鑫源食品店", A), review("different", A, B)])
    assert aliases.are_different("330100:鑫源食品店", A)
    assert aliases.are_different(A, "330100:鑫源食品店")
    assert aliases.are_different(B, A)
    assert not aliases.are_different("330200:鑫源食品店", A)


def test_blocks_of_names_that_stand_for_each_other_are_linked():
    aliases = Aliases(
        [
            review("same", "旧名超市", "national:新名"),
            review("same", "更旧超市", "national:新名"),
            review("same", "国际超市", A),
        ]
    )
    assert aliases.with_linked(["旧名超市"]) == {"旧名超市", "新名", "更旧超市"}
    assert aliases.with_linked(["新名", "别的"]) == {"旧名超市", "新名", "更旧超市", "别的"}
    assert aliases.with_linked(["国际超市"]) == {"国际超市"}
    assert aliases.with_linked([]) == set()
