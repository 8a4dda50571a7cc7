"""People's names behind words that announce them; the surname is the gate, and stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from features.masking.kinds import Finding, Kind
from features.masking.name_patterns import TO_NAME, NamePatterns, name_patterns
from warehouse.files import reference_yaml

COLONS = ("：", ":")
DESCRIPTION = re.compile(r"[\s，,（(](?:[男女][\s，,）)]|身份证)")
NAME_REACH = 8


def names(text: str) -> Iterator[Finding]:
    """Names, from surname to end. Surname and title (王女士, 李经理, 张某) stay, as do businesses.

    A name is taken where a word announces it (联系人, 本人), in lists behind these, where a courtesy follows (王小红女士), and
    where it stands alone before what describes a person (，张三，男，).
    """
    patterns = name_patterns()
    for trigger in patterns.triggers.finditer(text):
        name = _behind(text, trigger, patterns)
        while name:
            yield Finding(Kind.NAME, *name.span("name"))
            name = patterns.another.match(text, name.end())
            name = None if name and _is_word(name, patterns) else name
    if patterns.courtesies.search(text):
        yield from _anywhere(patterns.addressed, text)
    if DESCRIPTION.search(text):
        yield from _anywhere(patterns.described, text)


def name_before(text: str, place: int) -> Finding | None:
    """The name that alone stands between a sign and a telephone number, as on a parcel: `，张三 154…`."""
    patterns = name_patterns()
    name = patterns.on_parcel.search(text, max(0, place - NAME_REACH), place)
    return Finding(Kind.NAME, *name.span("name")) if name and not _is_word(name, patterns) else None


def shown_of(name: str) -> str:
    """What of a name stays readable: its surname."""
    compound = tuple(reference_yaml("personal_names")["compound_surnames"])
    return name[:2] if name.startswith(compound) else name[:1]


def _behind(text: str, trigger: re.Match[str], patterns: NamePatterns) -> re.Match[str] | None:
    certainty, place = patterns.certainty[trigger.group()], trigger.end()
    if certainty != "called" and text[place : place + 1] not in patterns.first:
        return None
    between = TO_NAME.match(text, place)
    place = between.end() if between else place
    colon = between is not None and between["mark"].endswith(COLONS)
    if certainty == "called" or (colon and certainty != "phrase"):
        name = patterns.dotted.match(text, place) or patterns.field.match(text, place)
    else:
        name = {"told": patterns.told, "subject": patterns.subject, "phrase": patterns.phrase}[certainty].match(text, place)
    sure = certainty in ("called", "told") or colon
    return None if name and _is_word(name, patterns, sure) else name


def _anywhere(pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for name in pattern.finditer(text):
        if not _is_word(name, name_patterns()):
            yield Finding(Kind.NAME, *name.span("name"))


def _is_word(name: re.Match[str], patterns: NamePatterns, sure: bool = False) -> bool:
    """Whether what looks like a name begins with a word or a place (高度, 郑州); 户名杨梅军 surely does not."""
    word = name["name"][:2] in patterns.words or name["name"] in patterns.words
    return word and not (sure and name["name"][2:3] in patterns.usual)
