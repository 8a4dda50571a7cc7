"""Homes: the part of an address behind estate, street or village, down to the door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from features.masking.kinds import Finding, Kind
from features.masking.words import any_of
from warehouse.files import reference_yaml

CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
COUNT = "0-9零〇一幺二三四五六七八九十百"
START = rf"(?<![A-Za-z*{COUNT}])"
BUILDING = rf"(?:[A-Za-z]?[{COUNT}]{{1,4}}[A-Za-z]?(?:号楼|栋楼?|幢楼?|#楼?)|[A-Z]座|[0-9]{{1,2}}座(?=\d{{3}}))"
UNIT = rf"(?:[{COUNT}]{{1,3}}|[A-Za-z东西南北中])(?:单元|[门梯](?=\d{{3}}))"
FLOOR = rf"[{COUNT}]{{1,3}}[楼层]"
SIDE = r"[东西南北中左右](?:边|侧|手)?户?"
# 2019-05 is no door.
DOOR_NUMBER = (
    r"(?!(?:19|20)\d\d[-./年款])(?:\d{1,2}-)?[A-Za-z]?(?:\d{3,4}|[零〇一幺二三四五六七八九]{3,4})[A-Za-z]?(?:-\d)?(?!\d)"
)
GAP = r"[ \-]?第?"
BLOCK_SIGNS = ("单元", "号楼", "栋", "幢", "#", "座")
# A quick look for what `door` may match, besides villages.
DOOR_SIGN = re.compile(r"[0-9](?:[A-Za-z]?[室户]|-[0-9]{3})")
# Building, unit and door, or building and door; 179-2012 is a standard.
DASHED = r"(?<![\d-])\d{1,3}-(?:\d{1,2}-|(?!(?:19|20)\d\d))\d{3,4}(?![\d-])"
ESTATE_REACH = 4


def addresses(text: str) -> Iterator[Finding]:
    """Homes to the door; a building alone, a shop's house number and a count of households are none."""
    patterns = _patterns()
    if any(map(text.__contains__, BLOCK_SIGNS)):
        yield from _findings(patterns.block, text)
    if "号" in text and ("室" in text or "户" in text):
        yield from _findings(patterns.street_door, text)
    if "弄" in text:
        yield from _findings(patterns.lane, text)
    if "村" in text:
        yield from _findings(patterns.village, text)
    if "村" in text or DOOR_SIGN.search(text):
        for clause in CLAUSE.finditer(text):
            yield from _in_clause(text, *clause.span())


def _findings(pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding(Kind.ADDRESS, *match.span(1))


def _in_clause(text: str, start: int, end: int) -> Iterator[Finding]:
    """Doors that are homes because of a word before them in their clause, or of the estate's name."""
    patterns = _patterns()
    doors = list(patterns.door.finditer(text, start, end))
    home = patterns.home.search(text, start, end) if doors else None
    for door in doors:
        told = home is not None and home.end() <= door.start()
        if told or (door["room"] and patterns.estate.search(text, max(start, door.start() - ESTATE_REACH), door.start())):
            yield Finding(Kind.ADDRESS, *door.span())


class _Patterns(NamedTuple):
    block: re.Pattern[str]
    street_door: re.Pattern[str]
    lane: re.Pattern[str]
    village: re.Pattern[str]
    door: re.Pattern[str]
    home: re.Pattern[str]
    estate: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = reference_yaml("masking")["addresses"]
    counted, households, not_homes = (any_of(words[name]) for name in ("counted", "households", "not_homes"))
    room = rf"(?:室|户(?!{households}))"
    number = rf"号(?!{not_homes})"
    door = rf"(?:{DOOR_NUMBER}(?:{room}|号?房(?!间)|{number}|(?!{counted}|[室户号房]))|[{COUNT}]{{1,3}}室)"
    floor = rf"(?:{FLOOR}{GAP})?"
    door_of_unit = rf"(?:{FLOOR}{SIDE}|{floor}(?:{DOOR_NUMBER}[户号]|{door}))"
    return _Patterns(
        block=re.compile(
            rf"{START}({BUILDING}{GAP}{UNIT}(?:{GAP}{door_of_unit})?|{BUILDING}{GAP}{floor}{door}|{UNIT}{GAP}{door_of_unit})"
        ),
        street_door=re.compile(rf"\d号{GAP}({floor}\d{{3,4}}[A-Za-z]?{room})"),
        lane=re.compile(rf"\d弄{GAP}(\d{{1,4}}{number}{GAP}(?:\d{{2,4}}{room}?)?)"),
        village=re.compile(rf"村[一-鿿]{{0,4}}?([{COUNT}]{{1,3}}[组社队屯][{COUNT}]{{1,4}}{number})"),
        door=re.compile(
            rf"(?P<room>{START}\d{{3,4}}[A-Za-z]?室)|(?<![共有约近计达]){START}\d{{3,4}}[A-Za-z]?{room}"
            rf"|{DASHED}(?!{counted})|(?<=村)[{COUNT}]{{1,4}}(?:[组社队屯]|{number})"
        ),
        home=re.compile(f"(?!{any_of(words['not_home'])}){any_of(words['home'])}"),
        estate=re.compile(rf"{any_of(words['estates'])}\s?\Z"),
    )
