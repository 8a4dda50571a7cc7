"""Numbers that are sums of money, however they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from features.extraction.numerals import CHINESE, LETTERS, SCALES, arabic_number, chinese_number
from features.extraction.slots import Slot
from features.extraction.words import lowered, words

ARABIC = r"[0-9](?:[0-9]{0,2}(?:,[0-9]{3})+|[0-9]{0,11})(?![0-9])(?:\.[0-9]{1,4})?"
CURRENCY = "¥￥"
MONEY = re.compile("[元块圆百千万亿]")
# What joins a number to one before it: a code, a date, a masked number.
JOINED = frozenset("0123456789.-_*/#")
# Of the words for measures those that also go on with a sum.
NOT_MEASURES = "多几余来-wk元块百千万"
LARGE = "百佰千仟万亿"
LISTING, SMALLEST_LISTED = "、和或", 50
TENTHS = 10
# Digits of the longest number that is a sum without a sign, and characters of the longest sign.
LONGEST_BARE = 8
LONGEST_SIGN = 4
# As much of a clause as tells what a number counts.
CLAUSE, CLAUSE_END = 24, re.compile("[，。；！？,;!?\n]")


@dataclass(frozen=True)
class Sum:
    """A number at `text[start:end]` that is money: one value in yuan, or both ends of a range."""

    values: tuple[Decimal, ...]
    start: int
    end: int


def written_sums(text: str, slot: Slot | None) -> list[Sum]:
    """The sums that a text tells, in order; in the form's field (`slot`) also a number without unit."""
    sums = [found for match in _arabic().finditer(text) if (found := _sum(text, match))]
    chinese = [found for match in _chinese().finditer(text) if (found := _sum(text, match))] if MONEY.search(text) else []
    if slot and not any(slot.start <= found.start < slot.end for found in sums):
        bare = _bare_in_slot().match(text, slot.start, slot.end)
        value = arabic_number(bare[1]) if bare else Decimal(0)
        if bare and 0 < value <= words().amounts.most:
            chinese.append(Sum((value,), *bare.span(1)))
    return _without_overlaps([*sums, *chinese]) if chinese else sums


def _without_overlaps(sums: list[Sum]) -> list[Sum]:
    kept: list[Sum] = []
    for found in sorted(sums, key=lambda one: (one.start, -one.end)):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def _sum(text: str, match: re.Match[str]) -> Sum | None:
    """The sum that a number is; None where it is none."""
    start, end = match.span()
    sign = _sign().search(text, max(0, start - LONGEST_SIGN), start) if match["num"][0].isdigit() else None
    if not sign and not _is_money(text, match):
        return None
    first = _value(match["num"], match["scale"] or (match["to_scale"] if match["to"] else None), match["tail"])
    if first is None:
        return None
    last = _value(match["to"], match["to_scale"], None) if match["to"] else None
    if match["to"] and match["link"] in LISTING and first < SMALLEST_LISTED:
        # 2、500元: the number of a paragraph.
        first, last, start = last or Decimal(0), None, match.start("to")
    values = tuple(value for value in (first, last) if value is not None and 0 < value <= words().amounts.most)
    return Sum(values, sign.start() if sign else start, end) if values else None


def _is_money(text: str, match: re.Match[str]) -> bool:
    """Whether a number without a currency sign is money, by what stands around it."""
    start = match.start()
    if match["num"][0].isdigit():
        if start and text[start - 1] in JOINED:
            return False
    elif _vague().search(text, max(0, start - LONGEST_SIGN), start):
        return False
    return _is_unit(text, match) if match["unit"] else _is_bare_sum(text, match)


def _value(number: str, scale: str | None, tail: str | None) -> Decimal | None:
    if number[0].isdigit():
        value: Decimal | None = arabic_number(number)
    else:
        value = chinese_number(number)
    if value is None:
        return None
    factor = 1
    for letter in scale or "":
        factor *= SCALES.get(letter) or LETTERS.get(letter) or 1
    value *= factor
    if tail:
        # 29块9, 3万5: tenths of the unit before.
        tenth = chinese_number(tail) if not tail.isdigit() else arabic_number(tail)
        value += (tenth or 0) * Decimal(factor) / TENTHS ** len(tail)
    return value


def _is_unit(text: str, match: re.Match[str]) -> bool:
    """Whether 元 or 块 is the currency: not 元旦, not 三块瓷砖."""
    end, unit = match.end(), match["unit"]
    if unit == "元":
        return not _not_yuan().match(text, end)
    if unit == "块":
        alone = match["num"] in ("一", "1") and not match["scale"] and not match["tail"]
        if alone or _pieces().match(text, end):
            return False
        # 两块斑 are pieces as likely: a few 块 are money at the end of a clause, or behind a word for money.
        few = len(match["num"]) == 1 and not match["scale"] and not match["tail"]
        return not few or not text[end : end + 1].isalnum() or _follows_cue(text, match.start())
    return True


def _is_bare_sum(text: str, match: re.Match[str]) -> bool:
    """Whether a number without unit is a sum: it stands behind a word for money and counts nothing else."""
    start, end, number = match.start(), match.end(), match["num"]
    behind = text[end : end + 1]
    if behind and (behind in _measures() or (behind.isascii() and behind.isalnum())):
        return False
    if number[0].isdigit() and len(number) > LONGEST_BARE:
        return False
    return _follows_cue(text, start) or _cue_behind().match(text, end) is not None or _ends_money_clause(text, match)


def _ends_money_clause(text: str, match: re.Match[str]) -> bool:
    """Whether a large number ends a clause that speaks of money and of no distance: `借钱投进去86万，`."""
    end = match.end()
    if text[end : end + 1].isalnum() and text[end : end + 1] != "的":
        return False
    before = text[max(0, match.start() - CLAUSE) : match.start()]
    before = CLAUSE_END.split(before)[-1] + text[end : end + 2]
    amounts = words().amounts
    if not _money().search(before) or _distances().search(before):
        return False
    value = _value(match["num"], match["scale"], match["tail"])
    return value is not None and value >= amounts.least_bare


def _follows_cue(text: str, place: int) -> bool:
    return _cue().search(text, max(0, place - words().amounts.reach), place) is not None


@cache
def _arabic() -> re.Pattern[str]:
    # Most numbers count something else: the pattern itself leaves them out, before anything is looked at more closely.
    others = re.escape("".join(set(words().amounts.measures) - set(NOT_MEASURES)))
    return re.compile(rf"(?P<num>{ARABIC})(?![{others}]){_rest()}")


@cache
def _chinese() -> re.Pattern[str]:
    first, scales = f"[{''.join(set(CHINESE) - set(LARGE))}]", f"[{''.join(SCALES)}]"
    run = f"[{CHINESE}]*"
    return re.compile(rf"(?P<num>{first}(?:(?<={scales}){run}|{run}{scales}{run}|{run}(?=[多余来]?[元块圆]))){_rest()}")


def _rest() -> str:
    """What may stand behind a number: `多万元`, `-800元`, `块9`."""
    measures, after = re.escape(words().amounts.measures), CHINESE.replace("一", "")
    scale, more, digits = "[百千万亿]{1,2}|[wk](?![a-z])", "[多余来]?", "0-9一二三四五六七八九"
    return (
        rf"\s?{more}(?P<scale>{scale})?{more}"
        rf"(?:元?\s?(?P<link>[-~—～至到、和或])\s?(?P<to>{ARABIC}|[{CHINESE}]+)(?P<to_scale>{scale})?{more})?"
        rf"(?P<unit>块钱|元钱|块|元|圆|人民币|rmb)?(?P<tail>(?<=[万千百块])[{digits}](?![0-9.{after}{measures}]))?"
    )


@cache
def _cue() -> re.Pattern[str]:
    amounts = words().amounts
    return re.compile(rf"(?:{lowered(amounts.cues)})(?:{lowered(amounts.cue_fillers)}){{0,{amounts.cue_reach}}}\Z")


@cache
def _cue_behind() -> re.Pattern[str]:
    """`4万多费用`, `199的押金`."""
    return re.compile(rf"的?(?:{lowered(cue for cue in words().amounts.cues if len(cue) > 1)})")


@cache
def _sign() -> re.Pattern[str]:
    return re.compile(rf"(?:[{CURRENCY}]|人民币|rmb)\s?\Z")


@cache
def _measures() -> frozenset[str]:
    return frozenset(words().amounts.measures)


@cache
def _bare_in_slot() -> re.Pattern[str]:
    return re.compile(rf"\s*[{CURRENCY}]?\s?({ARABIC})(?![\d年月])")


@cache
def _not_yuan() -> re.Pattern[str]:
    return re.compile(lowered(words().amounts.not_yuan))


@cache
def _money() -> re.Pattern[str]:
    return re.compile(lowered(words().amounts.money))


@cache
def _distances() -> re.Pattern[str]:
    return re.compile(lowered(words().amounts.distances))


@cache
def _vague() -> re.Pattern[str]:
    return re.compile(rf"(?:{lowered(words().amounts.vague)})\Z")


@cache
def _pieces() -> re.Pattern[str]:
    return re.compile(lowered(words().amounts.pieces))
