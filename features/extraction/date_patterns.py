"""The patterns by which days and months are found, made of the reviewed words once."""

from __future__ import annotations

import re
from functools import cache

from features.extraction.words import lowered, words

NUMBER = r"\d{1,2}|[一二三四五六七八九十廿]{1,3}"
LONG_YEAR = r"(?:19|20)\d\d|二[〇零○][〇零一二三]?[〇零一二三四五六七八九]"
WEEKDAYS = {**{character: day for day, character in enumerate("一二三四五六日")}, "天": 6, "末": 5}


@cache
def before_month() -> re.Pattern[str]:
    """What stands before 月: `2026年3`, `去年11`."""
    back = lowered(words().dates.years_back)
    return re.compile(rf"(?:(?:(?P<year>{LONG_YEAR}|\d\d)\s?年|(?P<back>{back}))的?\s?)?(?P<month>{NUMBER})\s?\Z")


@cache
def years_ahead() -> re.Pattern[str]:
    """`明年` before a month."""
    return re.compile(rf"(?:{lowered(words().dates.years_ahead)})的?\Z")


@cache
def month_spans() -> re.Pattern[str]:
    """What makes a number of months of what seemed a month: `4月有余`."""
    return re.compile(lowered(words().dates.month_spans))


@cache
def behind_month() -> re.Pattern[str]:
    """What stands from 月 on: `月15日`."""
    return re.compile(rf"月份?(?:\s?(?P<day>{NUMBER})(?![\d.])(?P<sign>\s?[日号])?)?")


@cache
def numeric() -> re.Pattern[str]:
    """`2026-03-15`, `20260315`, after its first four digits by name."""
    return re.compile(
        r"[12][09]\d\d(?:(?P<packed>(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
        r"|(?P<sign>[-/.])(?P<month>\d{1,2})(?:(?P=sign)(?P<day>\d{1,2}))?)(?!\d)"
    )


@cache
def months_back() -> re.Pattern[str]:
    """`上个月18号`."""
    return re.compile(rf"(?P<back>{lowered(words().dates.months_back)})(?:份)?(?:的?(?P<day>{NUMBER})[日号])?")


@cache
def number_before() -> re.Pattern[str]:
    """The number that ends where 号 or 日 stands."""
    return re.compile(rf"(?:{NUMBER})\Z")


@cache
def after_day() -> re.Pattern[str]:
    """What goes on as behind a day."""
    return re.compile(rf"{lowered(words().dates.after_day)}|[，,]")


@cache
def spans() -> re.Pattern[str]:
    """What makes a number with 日 a span of time."""
    return re.compile(lowered(words().dates.spans))


@cache
def days_back() -> re.Pattern[str]:
    """`昨天`."""
    return re.compile(lowered(words().dates.days_back))


@cache
def same_month() -> re.Pattern[str]:
    """`当月27号`."""
    return re.compile(rf"(?:{lowered(words().dates.same_month)})的?({NUMBER})[日号]")


@cache
def year_end() -> re.Pattern[str]:
    """`2017年底`."""
    dates = words().dates
    year = rf"(?P<year>{LONG_YEAR}|\d\d)(?=年)年?|(?P<back>{lowered(dates.years_back)})"
    return re.compile(rf"(?:{year})的?(?P<end>{lowered(dates.year_ends)})(?![\d级])")


@cache
def weekday() -> re.Pattern[str]:
    """`周三`."""
    return re.compile(rf"(?:周|星期|礼拜)([{''.join(WEEKDAYS)}])")


@cache
def week_before() -> re.Pattern[str]:
    """`上` before a day of the week."""
    return re.compile(rf"(?:{lowered(words().dates.weeks_back)})\Z")


@cache
def time_ago() -> re.Pattern[str]:
    """What stands before 前: `三个月以`."""
    return re.compile(rf"(?P<number>{NUMBER}|两|半)(?:个?多?(?P<unit>天|日|周|星期|礼拜|年)|个多?(?P<months>月))多?[以之]?\Z")


@cache
def feast() -> re.Pattern[str]:
    """`双十一`."""
    dates = words().dates
    return re.compile(lowered({**dates.feasts, **dates.moving_feasts}))


@cache
def year_before() -> re.Pattern[str]:
    """`去年` before a feast."""
    return re.compile(rf"({lowered(words().dates.years_back)})的?\Z")


@cache
def feast_signs() -> re.Pattern[str]:
    """What goes on as behind a feast whose name is a number."""
    return re.compile(lowered(words().dates.feast_signs))


@cache
def not_before() -> re.Pattern[str]:
    """What makes a street or a span of what seemed a day."""
    return re.compile(lowered(words().dates.not_before))


@cache
def codes() -> re.Pattern[str]:
    """Labels of codes."""
    return re.compile(lowered(words().dates.codes))


@cache
def measures() -> str:
    """What counts behind a number."""
    return words().amounts.measures
