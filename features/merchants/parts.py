"""The parts of a respondent's name, each split off by its own reviewed words (`merchants.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from features.merchants.places import is_region, leading_regions, region_before
from features.merchants.words import one_of, words

INNER = re.compile(r"\(([^()]*)\)")
# A dash parts a name from a note only behind something that can be a name: not within 7-11.
TRAILING = re.compile(r"(?:\(([^()]*)\)|(?<=[^\W\d_]{2})[-—_|/]([^-—_|/()]+))$")
ORDINAL = r"第?(?:\d+|[一二三四五六七八九十]+)号?"
SHORTEST = 2


@dataclass(frozen=True)
class Notes:
    """What stands in brackets or behind a dash: a branch, a platform, whether it is a company's legal form."""

    branch: str | None = None
    platform: str | None = None
    company: bool = False


def without_heading(text: str) -> str:
    """The text without what people write before a name: `疑似`, `店名：`."""
    return _heading().sub("", text)


def split_notes(text: str) -> tuple[str, Notes]:
    """The text without its brackets, and what they say.

    What stands in brackets within a name, or says nothing that is known, stays part of it: `鑫源(杭州)商贸有限公司`.
    """
    text, notes = text + ")" * (text.count("(") - text.count(")")), Notes()
    while match := TRAILING.search(text):
        note = _note(match[1] if match[1] is not None else match[2])
        if note is None:
            break
        text = text[: match.start()]
        notes = Notes(notes.branch or note.branch, notes.platform or note.platform, notes.company or note.company)
    return INNER.sub(_kept, text), notes


def split_legal_form(text: str) -> tuple[str, bool, str | None]:
    """The name before the legal form, whether it is a company's, and the branch behind the form.

    `鑫源商贸有限公司杭州分公司` is `鑫源商贸`, a company, `杭州分公司`.
    """
    match = _dropped_form().fullmatch(text)
    if match:
        return match["base"], True, match["branch"] or None
    return _individual_form().sub("", text), bool(_kept_form().search(text)), None


def split_loose_form(text: str) -> tuple[str, bool]:
    """The name without `公司`, and whether it had it."""
    form = next((form for form in words().legal_forms.loose if text.endswith(form)), "")
    return text.removesuffix(form), bool(form)


def split_platform(text: str, noted: str | None) -> tuple[str, str | None]:
    """The name without its platform, and that platform: `天猫鑫源旗舰店`, `淘宝店铺:鑫源`, or what the brackets named.

    A platform's name that a shop's name merely begins with is none: `京东方显示店`.
    """
    match = _platform_first().match(text)
    if match and match.end() < len(text) and (match["link"] or _shop_end().search(text)):
        return text[match.end() :], words().platforms.by_word[match["platform"]]
    return text, noted


def platform_itself(text: str) -> str | None:
    """The platform that the whole text names, such as `拼多多平台`; None where it names something else."""
    match = _platform_first().fullmatch(text)
    return words().platforms.by_word[match["platform"]] if match else None


def split_shop_end(text: str) -> tuple[str, bool | None]:
    """The name with its end in one spelling, and whether such an end is found online; None where it may be."""
    match = _shop_end().search(text)
    if not match:
        return text, False
    ends = words().shop_ends
    end = ends.by_spelling[match[0]]
    stem = text[: match.start()]
    return stem + end if stem else "", True if end in ends.online else None


def split_branch(text: str) -> tuple[str, str | None]:
    """The name without the branch at its end, where a region, an ordinal or a landmark tells where that begins."""
    end = _branch_end().search(text)
    if not end:
        return text, None
    start = end.start()
    while (earlier := _branch_start(text, start)) is not None and earlier >= SHORTEST:
        start = earlier
    return (text[:start], text[start:]) if start < end.start() else (text, None)


def region_split(text: str) -> tuple[str | None, str, str]:
    """Code and words of the region that a name begins with, and the rest, which must still name somebody."""
    for region in reversed(leading_regions(text)):
        rest = text[len(region.words) :]
        if len(rest) >= SHORTEST and rest not in words().kinds and rest not in words().nobody:
            return region.code, region.words, rest
    return None, "", text


def _note(text: str) -> Notes | None:
    """What a bracket at the end of a name says; None where it says nothing that is known."""
    forms = words().legal_forms
    if text in words().remarks or text in forms.individual or not text:
        return Notes()
    if text in forms.dropped:
        return Notes(company=True)
    if text in words().platforms.by_word:
        return Notes(platform=words().platforms.by_word[text])
    if is_region(text) or re.search(rf"({one_of(words().branch.bracket)})$", text):
        return Notes(branch=text)
    return None


def _branch_start(text: str, end: int) -> int | None:
    """Where the ordinal, landmark or region begins that ends at `end`; None where none does."""
    own = _branch_own().search(text, 0, end)
    return own.start() if own else region_before(text, end)


def _kept(bracket: re.Match[str]) -> str:
    return "" if bracket[1] in words().remarks else bracket[1]


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:{one_of(words().doubts)})|(?:{one_of(words().headings)})[:\-—])+")


@cache
def _dropped_form() -> re.Pattern[str]:
    forms, ends = one_of(words().legal_forms.dropped), one_of(words().branch.company)
    return re.compile(rf"(?P<base>.+?)(?:{forms})(?P<branch>|.*(?:{ends}))")


@cache
def _individual_form() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(words().legal_forms.individual)})$")


@cache
def _kept_form() -> re.Pattern[str]:
    forms = words().legal_forms
    return re.compile(rf"(?:{one_of(forms.kept)}|\b(?:{one_of(forms.latin)}))$")


@cache
def _platform_first() -> re.Pattern[str]:
    platforms, links = one_of(words().platforms.by_word), one_of(words().platform_links)
    return re.compile(rf"(?P<platform>{platforms})(?P<link>(?:{links})*)")


@cache
def _shop_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(words().shop_ends.by_spelling)})$")


@cache
def _branch_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(words().branch.shop)})$")


@cache
def _branch_own() -> re.Pattern[str]:
    branch = words().branch
    return re.compile(rf"(?:{ORDINAL}|{one_of([*branch.named, *branch.landmarks])})$")
