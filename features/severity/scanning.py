"""The places of a text that name harm or urgency, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from features.severity.patterns import by_first_character, next_characters
from features.severity.words import words


class Hit(NamedTuple):
    """A term that a text names, and where; `urgent` is the priority that it asks for by itself."""

    term: str
    start: int
    end: int
    urgent: str | None = None


def hits(text: str) -> Iterator[Hit]:
    """All hits within a normalised text, by their start; they may overlap.

    Words, and what only looks alike, hide what begins in them.
    """
    scanner = _scanner()
    beginnings, heads = scanner.beginnings, scanner.heads
    hidden = 0
    for beginning in scanner.possible.finditer(text):
        start = beginning.start()
        if start < hidden or (text[start : start + 2] not in beginnings and text[start] not in beginnings):
            continue
        pattern, meanings = heads[text[start]]
        match = pattern.match(text, start + 1)
        if match:
            meaning = meanings[(match.lastindex or 1) - 1]
            if meaning is None or meaning.is_word:
                hidden = match.end()
            if meaning:
                yield Hit(meaning.term, start, match.end(), meaning.urgent)


@dataclass(frozen=True)
class _Meaning:
    term: str
    urgent: str | None = None
    is_word: bool = False


@dataclass(frozen=True)
class _Scanner:
    """All words, by the character that they begin with.

    Attributes:
        possible: finds characters that a word may begin with; one scan at the regex engine's speed.
        beginnings: the first two characters of words, or the first alone where anything may follow.
        heads: by first character the pattern of what follows, and what each of its alternatives means, None being a look-alike;
            the number of the match's last group tells which alternative it was.
    """

    possible: re.Pattern[str]
    beginnings: frozenset[str]
    heads: dict[str, tuple[re.Pattern[str], list[_Meaning | None]]]


@cache
def _scanner() -> _Scanner:
    by_character: dict[str, list[tuple[str, _Meaning | None]]] = {}
    for pattern, meaning in _entries():
        for character, rest in by_first_character(pattern):
            by_character.setdefault(character, []).append((rest, meaning))
    followed: dict[str, set[str] | None] = {}
    for character, entries in by_character.items():
        nexts = [next_characters(rest) for rest, _ in entries]
        followed[character] = None if None in nexts else {second for found in nexts if found for second in found}
    some = "".join(character for character, seconds in followed.items() if seconds is not None)
    seconds = "".join(sorted({second for found in followed.values() for second in found or ()}))
    free = "".join(character for character, found in followed.items() if found is None)
    return _Scanner(
        re.compile(f"[{some}](?=[{seconds}])|[{free}]"),
        frozenset(first + second for first, found in followed.items() for second in found or ("",)),
        {
            character: (re.compile("|".join(f"(?:{rest})()" for rest, _ in entries)), [meaning for _, meaning in entries])
            for character, entries in by_character.items()
        },
    )


def _entries() -> Iterator[tuple[str, _Meaning | None]]:
    """Patterns in the order they are tried: look-alikes, urgent words, words, other wordings by severity; the longest first."""
    lexicon = words()
    looks: dict[str, _Meaning | None] = dict.fromkeys([*map(re.escape, lexicon.homonyms), *lexicon.lookalikes])
    urgent: dict[str, _Meaning | None] = {
        pattern: _Meaning(term, priority)
        for priority, terms in lexicon.urgent.items()
        for term, patterns in terms.items()
        for pattern in (re.escape(term), *patterns)
    }
    own: dict[str, _Meaning | None] = {re.escape(term): _Meaning(term, is_word=True) for term in lexicon.by_term()}
    for group in (looks, urgent, own):
        yield from sorted(group.items(), key=lambda entry: (-len(entry[0]), entry[0]))
    levels = lexicon.by_term()
    for term in sorted(lexicon.wordings, key=lambda term: -levels[term]):
        yield from ((pattern, _Meaning(term)) for pattern in sorted(lexicon.wordings[term], key=lambda pattern: -len(pattern)))
