"""The shapes that names have behind the words of `personal_names.yml`, as patterns with a group `name`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from features.masking.words import any_of
from warehouse.files import reference_lines, reference_yaml

# What may stand between a word and the name it announces, and what that may begin with.
TO_NAME = re.compile(r"\s?(?P<mark>[（(]?(?:写的是|就是|[是为叫系])?\s?[:：]?)\s?")
TO_NAME_FIRST = " \t\n\r（(写就是为叫系:："
HAN = "一-鿿"
# From nearly certain to hardly: 我叫, 联系人, 本人, 我是.
CERTAINTIES = ("called", "told", "subject", "phrase")


class NamePatterns(NamedTuple):
    """Words that announce a name, how sure they are, and what a name looks like behind them."""

    triggers: re.Pattern[str]
    certainty: dict[str, str]
    first: frozenset[str]
    words: frozenset[str]
    usual: frozenset[str]
    dotted: re.Pattern[str]
    field: re.Pattern[str]
    told: re.Pattern[str]
    phrase: re.Pattern[str]
    subject: re.Pattern[str]
    another: re.Pattern[str]
    courtesies: re.Pattern[str]
    addressed: re.Pattern[str]
    described: re.Pattern[str]
    on_parcel: re.Pattern[str]


@cache
def name_patterns() -> NamePatterns:
    """The patterns, built once."""
    words = reference_yaml("personal_names")
    listed, also_words = set("".join(reference_lines("surnames"))), set(words["word_surnames"])
    compound = any_of(words["compound_surnames"])
    sure, any_surname = (
        f"(?:{compound}|[{''.join(sorted(singles))}])" for singles in (listed - also_words, listed | also_words)
    )
    given, usual = rf"(?:(?![{words['never_given']}])[{HAN}])", f"[{words['common_given'].replace(' ', '')}]"
    no_title, long_titles = f"(?!{any_of(words['titles'])})", [title for title in words["titles"] if len(title) > 1]
    # Stars end no name: what they hide may have gone on with it.
    end = rf"(?=[^{HAN}·*]|\Z|{any_of([*words['followers'], *long_titles])})"
    hard_end = rf"(?=[^{HAN}·*]|\Z)"
    no_business = rf"(?!\*|[{HAN}]{{0,6}}{any_of(words['businesses'])})"
    # One given name needs a sign that the name begins there: 欢迎张小姐 has none.
    begins = rf"(?:(?<![{HAN}]..)|(?<=[{words['connectors']}]..))"
    courtesy = any_of(words["courtesies"])

    whole, usual_whole = f"{sure}{no_title}{given}{given}?", f"{any_surname}{no_title}{usual}{usual}?"
    alone = rf"(?<![{HAN}A-Za-z0-9*]){_named(whole, usual_whole)}"
    certainty = {word: kind for kind in reversed(CERTAINTIES) for word in words[kind]}
    return NamePatterns(
        triggers=re.compile(any_of(certainty)),
        certainty=certainty,
        first=frozenset(listed | also_words | {surname[0] for surname in words["compound_surnames"]} | set(TO_NAME_FIRST)),
        words=frozenset(words["not_names"]),
        usual=frozenset(words["common_given"]) - {" "},
        dotted=re.compile(_named(rf"[{HAN}]{{1,8}}·(?:[{HAN}]{{1,8}}(?![{HAN}*])|[{HAN}]{{2,3}})")),
        field=re.compile(
            _named(f"{any_surname}{no_title}{given}{given}?{end}", f"{any_surname}{no_title}{given}{given}?{no_business}")
        ),
        told=re.compile(
            _named(
                f"{whole}{end}",
                f"{any_surname}{no_title}{given}{given}?{hard_end}",
                f"{usual_whole}{end}",
                f"{whole}{no_business}",
            )
        ),
        phrase=re.compile(_named(f"{whole}{end}", f"{usual_whole}{end}")),
        subject=re.compile(
            _named(f"{whole}{end}", f"{usual_whole}{end}", f"{sure}{no_title}(?:{usual}{given}|{given}{usual}){no_business}")
        ),
        another=re.compile(rf"[、和及与]\s?{_named(f'{whole}{end}', f'{usual_whole}{end}')}"),
        courtesies=re.compile(courtesy),
        addressed=re.compile(
            _named(f"{compound}{given}{given}?", f"{sure}{no_title}{given}(?:{given}|{begins})", f"{any_surname}{usual}{usual}")
            + rf"\s?{courtesy}"
        ),
        described=re.compile(rf"{alone}[\s，,（(]{{1,2}}(?:[男女][\s，,）)]|身份证)"),
        on_parcel=re.compile(rf"{alone}[\s，,:：（(]{{0,2}}\Z"),
    )


def _named(*alternatives: str) -> str:
    return f"(?P<name>{'|'.join(alternatives)})"
