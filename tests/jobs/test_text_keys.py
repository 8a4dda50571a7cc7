"""Keys that nearly the same texts have in common."""

from dataclasses import replace

import pytest

from jobs.judges import MinHashKeys
from models.minhash import jaccard

KEYS = MinHashKeys(64, 4, 4)


def test_near_copies_have_a_key_in_common_and_others_have_none():
    text = "本人在贵店购买的饼干标签不合规定要求退还货款并按照食品安全法规定赔偿一千元望尽快处理"
    near, other = text.replace("饼干", "面包"), "新买的冰箱用了三天压缩机异响冷藏室不制冷联系售后一直推脱不肯上门检查也不给换"
    assert jaccard(text, near) > 0.6
    assert jaccard(text, other) == 0
    one, two, three = KEYS.of([text, near, other])
    assert set(one) & set(two)
    assert not set(one) & set(three)
    assert KEYS.of([text])[0] == one
    assert len(one) == 64 // 4


def test_keys_fit_a_signed_number_of_64_bits():
    keys = [key for row in KEYS.of([f"第{number}个不同的文本" for number in range(200)]) for key in row]
    assert all(type(key) is int and -(2**63) <= key < 2**63 for key in keys)
    assert min(keys) < 0 < max(keys)


@pytest.mark.parametrize("text", ["", "退", "退款了"])
def test_a_text_without_a_shingle_has_no_keys(text):
    assert KEYS.of([text, "要求退款", text]) == [[], KEYS.of(["要求退款"])[0], []]
    assert KEYS.of([]) == []


def test_the_version_of_keys_changes_with_each_setting():
    versions = {KEYS.version} | {replace(KEYS, **{name: 2}).version for name in ("permutations", "shingle", "band_rows")}
    assert len(versions) == 4
