"""All regions in many spellings, against what brute force over the table says each may mean."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.regions import accuracy, by_simulator, by_table, line, spelt
from features.regions import region_name, regions, resolve

EXACT = settings(deadline=None, derandomize=True, max_examples=300)
CHINA = sorted(code for code, region in regions().items() if code.isdigit() and not region.is_holder)
COUNTIES = [code for code in CHINA if regions()[code].level == "county"]
# No name of a region has any of these.
NAMELESS = st.text("甲乙丙丁戊己庚壬癸某", min_size=1, max_size=4)
# What makes 西湖区 a part of 西湖区域.
GOES_ON = re.compile("[域间块别级]")


@pytest.mark.parametrize("kind", ["full", "without province", "without city", "with slashes", "with spaces", "with a street"])
def test_a_whole_name_is_the_region_unless_another_is_written_so(kind):
    found = accuracy(by_table()[kind], resolve)
    assert found.places > 3300
    assert found.exact == found.clear
    assert found.right == found.answers


def test_a_county_alone_is_known_unless_another_is_called_so():
    written = by_table()["alone"]
    missed = {text for text, meant in written.items() if len(meant) == 1 and {resolve(text)} != meant}
    # Of these every larger city has one in speech.
    assert missed == {"矿区", "东区", "西区", "老城区"}
    assert accuracy(written, resolve).right == accuracy(written, resolve).answers


@pytest.mark.parametrize("kind", ["short", "short, with a street"])
def test_short_names_in_a_row_hardly_miss(kind):
    found = accuracy(by_table()[kind], resolve)
    assert found.right == found.answers
    assert found.exact >= 0.995 * found.clear


def test_a_name_that_several_have_gives_nothing_outside_what_they_share():
    several = {text: meant for kind in by_table().values() for text, meant in kind.items() if len(meant) > 1}
    assert len(several) > 30
    for text, meant in several.items():
        answer = resolve(text)
        assert answer is None or all(answer in line(code) for code in meant), text


def test_places_as_the_simulator_writes_them():
    for form, written in by_simulator().items():
        found = accuracy(written, resolve)
        assert found.right >= 0.997 * found.answers, form
        assert found.exact >= 0.95 * found.clear, form


@EXACT
@given(st.sampled_from(COUNTIES), st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12))
@example("130133", "路口店")
@example("110105", "上海市浦东新区")
def test_whatever_follows_a_county_leaves_it(code, street):
    if not GOES_ON.match(street):
        assert resolve(spelt(code)["full"] + street) == code


@EXACT
@given(st.sampled_from(CHINA), NAMELESS, st.sampled_from(["路", "街", "大道", "广场", "小区"]), st.integers(1, 999))
def test_a_street_leaves_the_region(code, name, kind, number):
    assert resolve(f"{spelt(code)['full']}{name}{kind}{number}号") == code


PIECES = st.sampled_from(
    sorted({region_name(code) for code in CHINA} | {"高新区", "西湖", "朝阳", "城区", "北京路", "海南", "吉林"})
)


@EXACT
@given(
    st.sampled_from([code for code in CHINA if regions()[code].level == "province"]),
    st.lists(st.one_of(PIECES, NAMELESS, st.sampled_from(["/", " ", "（", "）", "，"])), max_size=6),
)
def test_nothing_lies_outside_a_province_that_is_named_first(province, pieces):
    assert line(resolve(region_name(province) + "".join(pieces)))[-1] == province


@EXACT
@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    assert resolve(text) is None or resolve(text) in regions()


def test_many_names_in_a_row_do_not_break_it():
    assert resolve("浙江省" * 5000) == "330000"
    assert resolve("吉林" * 5000) in {"220000", "220200", None}
