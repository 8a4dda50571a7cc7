"""Numbers in Chinese or Arabic digits: 两万三, 1.2万, 六百五十, 29块9."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
}
SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}
# 1.2w, 3k.
LETTERS = {"w": 10_000, "k": 1000}
CHINESE = "".join(DIGITS) + "".join(SCALES) + "半"
MYRIAD = 10_000
TEN = 10


def chinese_number(text: str) -> Decimal | None:
    """The value of a number in Chinese digits; None if it is none, such as 万 alone.

    A digit behind a scale counts tenths of it, as people say it: 两万三 is 23,000, 一百二 is 120; 两万零三 is 20,003. Digits
    without a scale are read one by one: 二〇二六.
    """
    if not text or text[0] in "百佰千仟万亿":
        return None
    if not any(character in SCALES or character == "半" for character in text):
        return Decimal("".join(str(DIGITS[character]) for character in text))
    total, section, digit, scale = Decimal(0), Decimal(0), None, 1
    for character in text:
        if character == "半":
            section += Decimal(scale) / 2 if digit is None else 0
        elif character in DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = DIGITS[character]
        else:
            value = SCALES[character]
            if value >= MYRIAD:
                total, section = (total + section + (digit or 0)) * value, Decimal(0)
            else:
                section += (1 if digit is None else digit) * value
            digit, scale = None, value
    if digit:
        section += digit * (scale // TEN if scale > TEN and not _behind_zero(text) else 1)
    return total + section


def arabic_number(text: str) -> Decimal:
    """The value of a number in Arabic digits, with or without commas."""
    return Decimal(text.replace(",", "").replace("，", ""))


def _behind_zero(text: str) -> bool:
    return text[-2:-1] in ("零", "〇")
