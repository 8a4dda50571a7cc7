"""A text as it reads rather than as it is typed: no invisible characters, letters and digits of one width."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

# What shows nothing by itself: zero-width spaces and joiners, marks that sit on the character before, control characters.
INVISIBLE = frozenset({"Cf", "Cc", "Mn", "Me"})
BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"
# Full-width signs that are part of numbers, addresses of mail and names of accounts; other punctuation stays as it is.
SIGNS = "＠．－＿＋＃"
FULL_WIDTH = 0xFEE0


class Shadow(NamedTuple):
    """The text to search, and the place in the original of each of its characters (None: the same places)."""

    text: str
    places: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def shadow(text: str) -> Shadow:
    """The text with digits, letters and spaces of one width and without what cannot be seen."""
    folds, odd = _folds()
    if not odd.search(text):
        return Shadow(text, None)
    folded = text.translate(folds)
    if len(folded) == len(text):
        return Shadow(folded, None)
    places = [place for place, character in enumerate(text) if folds.get(ord(character), character) != ""]
    return Shadow(folded, places)


@cache
def _folds() -> tuple[dict[int, str], re.Pattern[str]]:
    """What each odd character becomes, and a pattern that finds a text with any."""
    folds = {}
    for character in map(chr, range(0x7F, 0x10000)):
        category = unicodedata.category(character)
        if category == "Nd":
            folds[ord(character)] = str(unicodedata.decimal(character))
        elif category == "Zs":
            folds[ord(character)] = " "
        elif category in INVISIBLE and character not in BREAKS:
            folds[ord(character)] = ""
    for character in map(chr, range(0x20)):
        if character not in BREAKS:
            folds[ord(character)] = ""
    for character in map(chr, range(ord("Ａ"), ord("ｚ") + 1)):
        if unicodedata.category(character) in ("Lu", "Ll"):
            folds[ord(character)] = chr(ord(character) - FULL_WIDTH)
    folds |= {ord(sign): chr(ord(sign) - FULL_WIDTH) for sign in SIGNS}
    return folds, re.compile(f"[{re.escape(''.join(map(chr, folds)))}]")
