"""Models by the shape of their names: KFR-35GW, iPhone 15 Pro Max, CR-V 1.5T."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from features.extraction.brands import Brands, Named
from features.extraction.reading import Reading
from features.extraction.words import lowered, words

LETTER, DIGIT, LETTER_OR_DIGIT = re.compile("[a-z]"), re.compile("[0-9]"), re.compile("[a-z0-9]")
CODE = re.compile(r"[a-z][a-z]{0,5}-?(?:\d{2,6}|\d(?=[a-z]))[a-z]{0,6}\d{0,3}(?:[-/][a-z0-9()]{1,12})*")
# What a code goes on from or into: an address, a longer code, a masked one.
BEFORE_CODE, BEHIND_CODE = ".-_@", "@*"
MODEL = "型号"
PURCHASE = "purchase"


def find_models(reading: Reading, brands: Brands) -> tuple[str, ...]:
    """Names of models in order of the text, each once, in the text's spelling.

    A series with letters or digits and what trim stands behind it; else letters and digits directly behind a brand, or shaped
    like a model's number near a brand, a product, a purchase, or the word 型号.
    """
    text = reading.text
    if not LETTER_OR_DIGIT.search(text):
        return ()
    found = [*_of_series(text, brands), *_behind_brands(text, brands.brands), *_shaped(reading, brands)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return tuple(dict.fromkeys(reading.spelt(start, end).strip(" -") for start, end in spans))


def _of_series(text: str, brands: Brands) -> Iterator[tuple[int, int]]:
    """Series with what stands behind them: of 宝马X3 the model is X3, of 秦PLUS all of it."""
    brand_ends = {named.end for named in brands.brands}
    for series in brands.series:
        if LETTER_OR_DIGIT.search(text, series.start, series.end):
            start = next((end for end in range(series.start + 1, series.end) if end in brand_ends), series.start)
            tail = _tail().match(text, series.end)
            yield start, tail.end() if tail else series.end


def _behind_brands(text: str, brands: list[Named]) -> Iterator[tuple[int, int]]:
    """Letters and digits behind a brand, with a brand in letters before them: `iphone 15`, of 华为Mate 60 `mate 60`."""
    for brand in brands:
        match = _line().match(text, brand.end)
        if not match or not DIGIT.search(match["model"]) or _units().match(text, match.end()):
            continue
        if text[brand.start : brand.end].isascii() and match.start("model") - brand.end <= 1:
            yield brand.start, match.end("model")
        elif LETTER.search(match["model"]) and not _never().match(match["model"]):
            yield match.span("model")


def _shaped(reading: Reading, brands: Brands) -> Iterator[tuple[int, int]]:
    """Codes such as kfr-35gw near a brand, a product or 型号, if no label before them makes them another code."""
    text, rules = reading.text, words().models
    ends: set[int] | None = None
    bought: set[int] = set()
    for match in CODE.finditer(text):
        start, end = match.span()
        if _never().match(match[0]) or _goes_on(text, start, end):
            continue
        before = text[max(0, start - rules.label_reach) : start]
        if _codes().search(before):
            continue
        if ends is None:
            ends = {named.end for named in brands.brands} | {hit.end for hit in reading.of("part") if hit.meaning}
            bought = {hit.end for hit in reading.of("event") if hit.meaning == PURCHASE}
        near = any(place in ends for place in range(start - rules.reach, start + 1))
        if near or MODEL in before or any(place in bought for place in range(start - rules.purchase_reach, start + 1)):
            yield start, end


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a code is a piece of something longer."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before.isascii() and (before.isalnum() or before in BEFORE_CODE) and start > 0:
        return True
    return bool(behind) and behind.isascii() and (behind.isalnum() or behind in BEHIND_CODE)


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(_trim())


@cache
def _line() -> re.Pattern[str]:
    """A kind of goods, a line of the brand, letters and digits, trim: `手机 mate 60 pro`."""
    models = words().models
    line = rf"(?:{lowered(models.lines)})?[ -]?[a-z]{{0,4}}-?\d{{1,4}}[a-z]{{0,3}}(?:\d{{1,3}}(?!\d))?"
    return re.compile(rf"(?:{lowered(models.goods)}|[ -])?(?P<model>{line}{_trim()})(?![a-z0-9款])")


def _trim() -> str:
    return rf"(?:[ -]?(?:\d\.\d[tl]d?|\d{{2,3}}\s?t(?:f?si)?|{lowered(words().models.trims)})\+?(?![a-z]))*\+?"


@cache
def _units() -> re.Pattern[str]:
    return re.compile(rf"(?:{lowered(words().models.units)})(?![a-z])")


@cache
def _never() -> re.Pattern[str]:
    """20w, 128gb, wifi6, a4: a quantity, or an everyday word."""
    models = words().models
    return re.compile(rf"(?:\d+(?:{lowered(models.quantities)})|(?:{lowered(models.everyday)})\d*|[a-z]\d?)\Z")


@cache
def _codes() -> re.Pattern[str]:
    return re.compile(lowered([code for code in words().dates.codes if code != MODEL]))
