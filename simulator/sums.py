"""Sums of money as people write them: exact or about, in digits or words, in yuan or kuai."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.data import world
from simulator.pools import column
from simulator.seeds import Floats, pick, shares

TEN_THOUSAND = 10_000
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
# How a sum of so many digits ends when it is said, and its first digit: 两百 but 二十, and no digit before the ten of 十多.
ENDINGS = ("块", "十多块", "百多块", "千多块", "万多块", "十多万块", "百多万块", "千多万块")
FIRST, BEFORE_TEN = "零一两三四五六七八九", ("", "", "二", "三", "四", "五", "六", "七", "八", "九")
# What is behind the digits in the plain forms.
UNITS = {"whole": "元", "cents": ".00元", "kuai": "块"}


def whole_yuan(amount: Floats) -> pa.Array:
    """Amounts in whole yuan, at least one, as digits."""
    return pa.array(_rounded(amount)).cast(pa.string())


def sums(rng: np.random.Generator, amount: Floats) -> pa.Array:
    """Amounts with their unit, each in one of the forms."""
    habits = world("habits")["sums"]
    form = np.array(list(habits))[pick(rng, shares(list(habits.values())), len(amount))]
    digits, text = whole_yuan(amount), pa.nulls(len(amount), pa.string())
    for name, unit in UNITS.items():
        text = pc.if_else(pa.array(form == name), pc.binary_join_element_wise(digits, unit, ""), text)
    others = pc.is_null(text)
    rows = np.flatnonzero(others)
    told = [TELLERS[str(name)](int(yuan)) for yuan, name in zip(_rounded(amount[rows]), form[rows], strict=True)]
    return pc.replace_with_mask(text, others, column(told))


def wide(yuan: int) -> str:
    """A sum in the wide digits of a Chinese keyboard."""
    return f"{yuan}元".translate(WIDE)


def about(yuan: int) -> str:
    """A sum as one says it who does not know it exactly: 760 is `700多元`, 34567 is `3万多元`; below ten it is exact."""
    if yuan >= TEN_THOUSAND:
        return f"{yuan // TEN_THOUSAND}万多元"
    step = 10 ** (len(str(yuan)) - 1)
    return f"{yuan // step * step}多元" if step > 1 else f"{yuan}元"


def about_in_words(yuan: int) -> str:
    """The same in words: 760 is `七百多块`, 120000 is `十多万块`; below ten it is exact."""
    ending, first = ENDINGS[len(str(yuan)) - 1], int(str(yuan)[0])
    return (BEFORE_TEN if ending[0] == "十" else FIRST)[first] + ending


def _rounded(amount: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.maximum(1, np.round(amount)).astype(np.int64)


TELLERS: dict[str, Callable[[int], str]] = {"wide": wide, "about": about, "about_in_words": about_in_words}
