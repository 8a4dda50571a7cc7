"""Days and months in all the forms in which people write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from features.extraction import date_patterns as patterns
from features.extraction.numerals import chinese_number
from features.extraction.words import words

DAY, MONTH = "day", "month"
CENTURY, SHORT_YEAR = 2000, 100
YEAR_MONTHS = 12
HALF_MONTH = 15
HALF_YEAR = 6
WEEK = 7
# Characters that the longest year and month, number, label of a code take.
LONGEST_BEFORE, LONGEST_NUMBER, LONGEST_CODE = 12, 4, 5
# What joins the ends of a span of days.
SPAN = re.compile(r"\s?(?:到|至|-|—|~|～)+\s?")
SUM_SIGNS = ("元", "块", "万", "千")
# 提前3天前, 第3天前, 1.5年前.
AGO_NOT_BEHIND = ("前", "第", ".")


@dataclass(frozen=True)
class WrittenDay:
    """A day or month at `text[start:end]` as written: what is missing is told from the context.

    `follows` says that the month is the one named last: 当月27号, 28日.
    """

    start: int
    end: int
    day: dt.date | None = None
    year: int | None = None
    month: int | None = None
    day_of_month: int | None = None
    precision: str = DAY
    follows: bool = False


def written_days(text: str, told: dt.date) -> list[WrittenDay]:
    """All that is written as a day or month, the longest where they overlap, in order."""
    found: list[WrittenDay] = []
    if "月" in text:
        found.extend(_calendar_days(text, told))
        found.extend(_relative_months(text, told))
    if "20" in text or "19" in text:
        found.extend(_numeric_days(text))
    if "年" in text and ("底" in text or "初" in text or "末" in text):
        found.extend(_year_ends(text, told))
    if "号" in text or "日" in text:
        found.extend(_days_of_month(text, told))
    if "昨" in text or "今" in text or "前" in text:
        found.extend(_named_days(text, told))
        found.extend(_ago(text, told))
    if "周" in text or "星期" in text or "礼拜" in text:
        found.extend(_weekdays(text, told))
    found.extend(_feasts(text, told))
    if len(found) < 2:  # noqa: PLR2004 - nothing to sort
        return found
    found.sort(key=lambda mention: (mention.start, -mention.end))
    kept: list[WrittenDay] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _calendar_days(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """2026年3月15日, 去年11月, 24年3月, 3月15号, 10月."""
    for place in _places(text, "月"):
        before = patterns.before_month().search(text, max(0, place - LONGEST_BEFORE), place)
        behind = patterns.behind_month().match(text, place)
        if not before or not behind or text[before.start() - 1 : before.start()].isdigit():
            continue
        if patterns.years_ahead().search(text, max(0, before.start() - LONGEST_NUMBER), before.start()):
            continue
        if not behind["day"] and patterns.month_spans().match(text, behind.end()):
            continue
        year, month = _year(before, told), _small(before["month"])
        day, end = _small(behind["day"]) if behind["day"] else None, behind.end()
        if year == 0 or month is None or (behind["day"] and day is None):
            continue
        if day and not behind["sign"] and text[end : end + 1] in patterns.measures():
            # 3月5个客户: a number that counts something.
            day, end = None, behind.start("day")
        yield WrittenDay(before.start(), end, None, year, month, day, DAY if day else MONTH)


def _year_ends(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """2017年底, 去年年初."""
    for match in patterns.year_end().finditer(text):
        year = _year(match, told)
        if year and not text[match.start() - 1 : match.start()].isdigit():
            yield WrittenDay(*match.span(), None, year, words().dates.year_ends[match["end"]], None, MONTH)


def _numeric_days(text: str) -> Iterator[WrittenDay]:
    """2026-03-15, 2026/3/15, 2026.3.15, 20260315, 2026-03."""
    for match in patterns.numeric().finditer(text):
        start, end = match.span()
        if start and ((text[start - 1].isalnum() and text[start - 1].isascii()) or text[start - 1] in "-/._*"):
            continue
        year, day = int(match[0][:4]), 0
        if match["packed"]:
            month, day = int(match["packed"][:2]), int(match["packed"][2:])
            if patterns.codes().search(text, max(0, start - LONGEST_CODE), start) or text[end : end + 1] in SUM_SIGNS:
                continue
        else:
            month, day = int(match["month"]), int(match["day"] or 0)
            if not day and match["sign"] == ".":
                continue
        yield WrittenDay(start, end, None, year, month, day or None, DAY if day else MONTH)


def _relative_months(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """本月2号, 上个月, 上月18日."""
    for match in patterns.same_month().finditer(text):
        number = _small(match[1])
        latest = _latest_day(number, told) if number else None
        if latest:
            yield WrittenDay(*match.span(), latest, day_of_month=number, follows=True)
    for match in patterns.months_back().finditer(text):
        back = words().dates.months_back[match["back"]]
        year, month = divmod(told.year * YEAR_MONTHS + told.month - 1 - back, YEAR_MONTHS)
        day = _small(match["day"]) if match["day"] else None
        yield WrittenDay(*match.span(), None, year, month + 1, day, DAY if day else MONTH)


def _days_of_month(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """2号 alone: the latest one, where the text goes on as behind a day."""
    for sign in "号日":
        for place in _places(text, sign):
            before = patterns.number_before().search(text, max(0, place - LONGEST_NUMBER), place)
            if not before or not _goes_on_as_day(text, sign, place + 1):
                continue
            start = before.start()
            if start and (text[start - 1] in "第月年.-/" or (text[start - 1].isalnum() and text[start - 1].isascii())):
                continue
            number = _small(before[0])
            day = _latest_day(number, told) if number else None
            if day:
                yield WrittenDay(start, place + 1, day, day_of_month=number, follows=True)


def _goes_on_as_day(text: str, sign: str, end: int) -> bool:
    """Whether what stands behind a number with 号 or 日 makes it a day: not 3号楼, not 7日无理由."""
    if sign == "日":
        return end < len(text) and not patterns.spans().match(text, end)
    return patterns.after_day().match(text, end) is not None


def _named_days(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """昨天, 前天."""
    for match in patterns.days_back().finditer(text):
        yield WrittenDay(*match.span(), told - dt.timedelta(days=words().dates.days_back[match[0]]))


def _weekdays(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """上周三, 本周一, 周五: the latest one if no week is named."""
    monday = told - dt.timedelta(days=told.weekday())
    for match in patterns.weekday().finditer(text):
        start, end = match.span()
        if patterns.not_before().match(text, end) or SPAN.fullmatch(text, start - 1, start):
            # 周一至周五 are hours of business.
            continue
        day = patterns.WEEKDAYS[match[1]]
        week = patterns.week_before().search(text, max(0, start - LONGEST_NUMBER), start)
        if week:
            when = monday + dt.timedelta(days=day - WEEK * words().dates.weeks_back[week[0]])
        else:
            when = told - dt.timedelta(days=(told.weekday() - day) % WEEK)
        yield WrittenDay(week.start() if week else start, end, when)


def _ago(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """3天前, 一周前, 半个月前; to the month: 两个月前, 半年前."""
    for place in _places(text, "前"):
        match = patterns.time_ago().search(text, max(0, place - LONGEST_BEFORE), place)
        if not match or text[match.start() - 1 : match.start()] in AGO_NOT_BEHIND:
            continue
        half = match["number"] == "半"
        number = 0 if half else _small(match["number"])
        if number is None or not (number or half):
            continue
        span, unit = (match.start(), place + 1), match["unit"] or match["months"]
        if unit == "年" and number > words().dates.most_years_back:
            continue
        if unit == "年" or (unit == "月" and not half):
            months = number if unit == "月" else YEAR_MONTHS * number + (HALF_YEAR if half else 0)
            year, month = divmod(told.year * YEAR_MONTHS + told.month - 1 - months, YEAR_MONTHS)
            yield WrittenDay(*span, None, year, month + 1, None, MONTH)
            continue
        days = HALF_MONTH if unit == "月" else number if unit in ("天", "日") else WEEK * number
        if days:
            yield WrittenDay(*span, told - dt.timedelta(days=days))


def _feasts(text: str, told: dt.date) -> Iterator[WrittenDay]:
    """双十一, 国庆, 去年618大促."""
    for match in patterns.feast().finditer(text):
        start, end = match.span()
        if patterns.not_before().match(text, end):
            continue
        named = patterns.year_before().search(text, max(0, start - LONGEST_NUMBER), start)
        if match[0] in words().dates.signed_feasts and not (named or patterns.feast_signs().match(text, end)):
            continue
        if match[0].isdigit() and text[start - 1 : start].isdigit():
            continue
        years = [told.year - words().dates.years_back[named[1]]] if named else [told.year, told.year - 1]
        days = [day for year in years if (day := _feast_day(match[0], year)) and day <= told]
        if days:
            yield WrittenDay(named.start() if named else start, end, days[0])


def _feast_day(name: str, year: int) -> dt.date | None:
    dates = words().dates
    if name in dates.feasts:
        month, day = map(int, dates.feasts[name].split("-"))
        return dt.date(year, month, day)
    return next((day for day in dates.moving_feasts[name] if day.year == year), None)


def _year(match: re.Match[str], told: dt.date) -> int | None:
    """The year that a mention names; None if it names none, 0 if what it names cannot be one."""
    if match["back"]:
        return told.year - words().dates.years_back[match["back"]]
    written = match["year"]
    if not written:
        return None
    if not written.isdigit():
        value = chinese_number(written.replace("○", "〇"))
        return int(value) if value is not None else 0
    year = int(written)
    if year < SHORT_YEAR:
        year += CENTURY
        return year if year <= told.year else 0
    return year


def _small(written: str) -> int | None:
    if written.isdigit():
        return int(written)
    value = chinese_number(written.replace("廿", "二十"))
    return int(value) if value is not None and value == int(value) else None


def _latest_day(number: int, told: dt.date) -> dt.date | None:
    """The latest day with this number not after `told`."""
    year, month = told.year, told.month
    for _ in range(3):
        day = valid_date(year, month, number)
        if day is not None and day <= told:
            return day
        year, month = (year, month - 1) if month > 1 else (year - 1, YEAR_MONTHS)
    return None


def valid_date(year: int, month: int, day: int) -> dt.date | None:
    """The day, if there is one: None for 30 February."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _places(text: str, character: str) -> Iterator[int]:
    place = text.find(character)
    while place >= 0:
        yield place
        place = text.find(character, place + 1)
