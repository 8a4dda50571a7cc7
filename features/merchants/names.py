"""A respondent's name taken apart: region, trade name and line of business, legal form, branch, platform."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from features.merchants.parts import (
    platform_itself,
    region_split,
    split_branch,
    split_legal_form,
    split_loose_form,
    split_notes,
    split_platform,
    split_shop_end,
    without_heading,
)
from features.merchants.words import words

BRACKETS = str.maketrans("【】[]〔〕「」『』{}", "()()()()()()")
DECORATION = re.compile(r"[\"'“”‘’`·•*《》<>\u200b-\u200f\ufeff]+")
# Spaces part the words of Latin names only.
SPACE = re.compile(r"(?<![A-Za-z0-9.,&])\s+|\s+(?![A-Za-z0-9&])")
EDGES = " .,。，、;；:：-—_/|!！?？~"
NOT_NAME = re.compile(r"[\W_]+")
WITHHELD = "某"
# A number or an address in the place of a name.
NO_NAME = re.compile(r"[\d\W_]*|.*[路街道巷弄]\d+号?")
SHORTEST = 2


@dataclass(frozen=True)
class MerchantName:
    """What a name says.

    Attributes:
        core: trade name and line of business in small letters, without region, legal form, branch and platform.
        region: code of the region that the name begins with; None where it begins with none.
        region_words: the words that name that region.
        company: whether this is how a registered company or a platform is called, wherever it is complained about.
        branch: the branch that it names; None where it names none.
        platform: the market or booking platform that it names; None where it names none.
        online: whether the shop is found on platforms only; None where the complaint must tell.
    """

    core: str
    region: str | None = None
    region_words: str = ""
    company: bool = False
    branch: str | None = None
    platform: str | None = None
    online: bool | None = False

    @property
    def whole(self) -> str:
        """The core with the region's words before it."""
        return self.region_words + self.core


def normalise_merchant(name: str | None) -> str | None:
    """The name as it is shown: in one width, one kind of brackets, without quotes and needless spaces.

    None if nothing is left.
    """
    plain = DECORATION.sub("", unicodedata.normalize("NFKC", name or "").translate(BRACKETS))
    plain = SPACE.sub("", " ".join(plain.split())).strip(EDGES)
    return plain if _plain(plain) else None


@lru_cache(maxsize=50_000)
def parse_merchant(name: str | None) -> MerchantName | None:
    """The parts of a name; None where it names nobody: an empty cell, `不详`, `路边摊`, `某超市`, `超市`."""
    text = without_heading((normalise_merchant(name) or "").lower())
    if text in words().nobody or WITHHELD in text or NO_NAME.fullmatch(text):
        return None
    text, notes = split_notes(text)
    platform = platform_itself(text)
    if platform:
        return MerchantName(platform, company=True, branch=notes.branch)
    base, company, branch = split_legal_form(text)
    online: bool | None = False
    if not company:
        base, platform = split_platform(base, notes.platform)
        base, online = split_shop_end(base)
        if online is False:
            base, branch = split_branch(base)
    whole, is_loose = split_loose_form(_plain(base))
    region, region_words, core = region_split(whole)
    if len(core) < SHORTEST or whole in words().nobody or whole in words().kinds:
        return None
    return MerchantName(
        core=core,
        region=region,
        region_words=region_words,
        company=company or notes.company or (is_loose and region is not None),
        branch=_plain(branch or notes.branch or "") or None,
        platform=platform,
        online=online,
    )


def _plain(text: str) -> str:
    return NOT_NAME.sub("", text)
