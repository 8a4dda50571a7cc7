"""Nobody real is in the world: numbers are of ranges that are not given out, or fail their checks."""

import collections
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.data import world
from simulator.merchants import credit_codes
from simulator.people import Identity, luhn_digit, vin_check

# Prefixes of mobile numbers that the ministry has given to operators (telephone numbering plan, state of 2025).
ASSIGNED_MOBILE = {
    *range(130, 142), 144, *range(145, 154), *range(155, 160), 162, 165, 166, 167, *range(170, 179),
    *range(180, 194), *range(195, 200),
}  # fmt: skip
# First two digits of identity numbers: provinces of GB/T 2260, people from Hong Kong, Macao and Taiwan, and 9 for foreigners.
PROVINCES = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
             61, 62, 63, 64, 65, 71, 81, 82, 83, *range(90, 100)}  # fmt: skip
KINDS = ("phone", "name", "address", "id_card", "card", "vin", "plate", "landline", "wechat", "qq", "mail")
# GB 11643: weights and check characters as printed there.
ID_WEIGHTS, ID_CHECKS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], "10X98765432"


def luhn_holds(number):
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


def id_holds(number):
    return ID_CHECKS[sum(w * int(d) for w, d in zip(ID_WEIGHTS, number[:17], strict=True)) % 11] == number[17]


def test_the_checks_know_the_examples_of_the_standards():
    assert id_holds("11010519491231002X")
    assert luhn_holds("79927398713")
    assert luhn_digit("7992739871") == 3
    assert vin_check(list("1M8GDM9AXKP042788")) == "X"


@given(st.integers(0, 2**32 - 1))
def test_what_people_tell_is_nobodys(seed):
    told = {kind: Identity(np.random.default_rng(seed)).tell(kind, 15400000000 + seed % 10**8) for kind in KINDS}
    assert int(told["phone"][:3]) not in ASSIGNED_MOBILE
    assert len(told["phone"]) == 11
    assert len(told["id_card"]) == 18
    assert id_holds(told["id_card"])
    assert int(told["id_card"][:2]) not in PROVINCES
    assert told["card"].startswith("62")
    assert len(told["card"]) == 19
    assert not luhn_holds(told["card"])
    assert len(told["vin"]) == 17
    assert not set("IOQ") & set(told["vin"])
    assert vin_check(list(told["vin"])) != told["vin"][8]
    # Local numbers begin with 2 to 8.
    assert re.fullmatch(r"0\d{2,3}-1\d{7}", told["landline"])
    assert re.fullmatch(r"[浙皖赣湘鄂]Z[A-HJ-NP-Z0-9]{5}", told["plate"])
    # Domains reserved by RFC 2606.
    assert re.search(r"@example\.(com|net|org)$", told["mail"])
    assert re.fullmatch(r"9\d{10}", told["qq"])


def test_texts_and_columns_hold_no_real_number(province):
    mobile = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
    identity = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dX](?!\d)")
    bank = re.compile(r"(?<!\d)62\d{17}(?!\d)")
    found = collections.Counter()
    for row in province.newest.values():
        for cell in (row["具体问题"], row["联系电话"], row["反馈内容"], row["企业名称"]):
            for number in mobile.findall(cell):
                assert int(number[:3]) not in ASSIGNED_MOBILE
                found["mobile"] += 1
            for number in identity.findall(cell):
                assert int(number[:2]) not in PROVINCES
                found["identity"] += 1
            for number in bank.findall(cell):
                assert not luhn_holds(number)
                found["bank"] += 1
    assert min(found["mobile"], found["identity"], found["bank"]) > 20


def credit_holds(code):
    # GB 32100-2015, weights as printed.
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(weight * alphabet.index(character) for weight, character in zip(weights, code, strict=False))
    return (total + alphabet.index(code[17])) % 31 == 0


def organisation_holds(code):
    # GB 11714: weights as printed; ten is X.
    total = sum(weight * int(digit) for weight, digit in zip([3, 7, 9, 10, 5, 8, 4, 2], code[8:16], strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11)) == code[16]


def test_the_check_of_credit_codes_knows_a_published_one():
    assert credit_holds("91350100M000100Y43")


def test_credit_codes_are_valid_and_of_no_region():
    for code in credit_codes(np.random.default_rng(2).integers(10**8, size=3000)).to_pylist():
        assert len(code) == 18
        assert credit_holds(code)
        assert organisation_holds(code)
        assert code[2:8] == "000000"


def test_merchants_have_one_code_many_spellings_and_a_long_tail(province):
    names = collections.defaultdict(set)
    for row in province.newest.values():
        if row["统一社会信用代码"]:
            names[row["统一社会信用代码"]].add(row["企业名称"])
            assert credit_holds(row["统一社会信用代码"])
    assert len(names) > 4000
    counts = collections.Counter(row["统一社会信用代码"] for row in province.newest.values() if row["统一社会信用代码"])
    ordered = sorted(counts.values(), reverse=True)
    assert ordered[0] > 20 * ordered[len(ordered) // 2]
    often = [code for code, count in counts.items() if count >= 20]
    assert np.mean([len(names[code]) for code in often]) > 2.5
    assert any("（" in name for name in names[often[0]] | names[often[1]])


def test_merchants_have_few_branches_and_those_online_none(province):
    branches = world("merchants")["branches"]
    suffix = re.compile(rf"[（(]({'|'.join(branches)})[）)]$")
    found, shops = collections.defaultdict(set), collections.Counter()
    for row in province.newest.values():
        match = suffix.search(row["企业名称"])
        if match:
            found[row["统一社会信用代码"]].add(match[1])
            shops[match[1]] += 1
            # What the form says, the text does not contradict.
            told = {name for name in branches if f"{name}）" in row["具体问题"] or f"{name})" in row["具体问题"]}
            assert told <= {match[1]}
    found.pop("")
    assert max(map(len, found.values())) == world("habits")["branches"]
    assert len(shops) == len(branches)
    online = [row for row in province.newest.values() if "旗舰店" in row["企业名称"]]
    assert len(online) > 500
    assert not any(suffix.search(row["企业名称"]) for row in online)


def test_names_are_misspelt(province):
    """A name without its branch is the legal one, the spoken one, or one of these with a slip."""
    written = collections.defaultdict(collections.Counter)
    for row in province.newest.values():
        if row["统一社会信用代码"]:
            written[row["统一社会信用代码"]][re.sub(r"[（(].*", "", row["企业名称"])] += 1
    slips = {tuple(pair) for pair in world("merchants")["slips"]}
    wrong, looked_at = 0, 0
    for names in written.values():
        if names.total() < 10:
            continue  # Which of the spellings is right one can only tell by their numbers.
        looked_at += names.total()
        legal = names.most_common(1)[0][0]
        for name, count in names.items():
            if len(name) == len(legal) and name != legal:
                differing = [(a, b) for a, b in zip(legal, name, strict=True) if a != b]
                assert set(differing) <= slips | {("行", "号"), ("营", "销")}
                wrong += count
    assert 0.001 < wrong / looked_at < 0.01


class TestSerialComplainants:
    def test_few_people_file_many_of_the_food_and_advertising_rows(self, province):
        planted = {number for told in province.truth["incidents"] for number in told["complaint_ids"]}
        rows = [row for number, row in province.newest.items() if number not in planted]
        phones = collections.Counter(row["联系电话"] for row in rows)
        serial = {phone for phone, count in phones.items() if count >= 5}
        assert 0.001 < len(serial) / len(phones) < 0.006
        exposed = [row for row in rows if row["客体分类"] in ("食品", "烟酒饮料") or "广告" in row["问题类别"]]
        assert 0.10 < np.mean([row["联系电话"] in serial for row in exposed]) < 0.30
        others = [row for row in rows if row["客体分类"] == "教育培训服务" and "广告" not in row["问题类别"]]
        assert np.mean([row["联系电话"] in serial for row in others]) < 0.02

    def test_a_serial_complainant_sends_the_same_letter(self, province):
        by_phone = collections.defaultdict(list)
        for row in province.newest.values():
            by_phone[row["联系电话"]].append(row["具体问题"])
        often = sorted(by_phone.values(), key=len)[-20:]
        for texts in often:
            # One letter for food and one for the rest; twelve characters of it stand in every text.
            pieces = collections.Counter(text[i : i + 12] for text in texts for i in range(len(text) - 12))
            assert pieces.most_common(1)[0][1] >= len(texts) / 2


def test_people_file_again(province):
    again = province.truth["rows"]["filed_again"] / province.truth["rows"]["complaints"]
    assert again == pytest.approx(0.06, abs=0.012)
