"""The patterns of `severity.yml`: regular expressions with shorthands for a gap and for a number."""

from __future__ import annotations

import re

from features.severity.words import words

NUMBER = r"[\d一二三四五六七八九十百两几]{1,4}"
# What a clause ends with, in both widths, and what ends its sentence too.
CLAUSE_MARKS = ",:()，：（）…\\s"
SENTENCE_MARKS = "。!?;！？；\n"
# A gap holds no negation: 烫得没起泡 is no 烫…泡. Words such as 不少 are none.
GAP_CHARACTER = f"[^{CLAUSE_MARKS}{SENTENCE_MARKS}没未不]|不[少小慎]"
HEAD = re.compile(r"\[([一-鿿]+)\](?![*+?{])|([一-鿿])(?![*+?{])")
LOOKING_BACK = r"(?:\(\?<[=!][^()]*\))*"
NEXT = re.compile(rf"{LOOKING_BACK}(?:\[([一-鿿]+)\](?![*+?{{])|([一-鿿a-z0-9])(?![*+?{{])|\(\?:([一-鿿|]+)\)(?![*+?{{]))")


def expanded(pattern: str) -> str:
    """The pattern with its shorthands written out."""
    gap = rf"(?:{GAP_CHARACTER}){{0,{words().gap}}}?"
    return pattern.replace("…", gap).replace("<n>", NUMBER)


def any_of(patterns: tuple[str, ...]) -> str:
    """A pattern that matches any of them, those with the longest wording first."""
    return "|".join(expanded(pattern) for pattern in sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))


def by_first_character(pattern: str) -> list[tuple[str, str]]:
    """What may come first in a pattern's matches, each with the pattern of the rest.

    Raises:
        ValueError: the pattern does not begin with a Chinese character or a class of them.
    """
    head = HEAD.match(pattern)
    if not head:
        raise ValueError(f"{pattern} does not begin with a Chinese character")
    return [(character, expanded(pattern[head.end() :])) for character in head[1] or head[2]]


def next_characters(rest: str) -> set[str] | None:
    """What the rest of a pattern may begin with; None where that cannot be told at a glance."""
    following = NEXT.match(rest)
    if not following:
        return None
    if following[3]:
        options = following[3].split("|")
        return {option[0] for option in options} if all(options) else None
    return set(following[1] or following[2])
