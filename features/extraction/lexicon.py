"""The one vocabulary: brands, platforms, events, requests, parts and faults."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from features.extraction.names import brand_lexicon
from features.extraction.vocabulary import Vocabulary, Word
from features.extraction.words import platform_words, request_words, words
from features.merchants.words import words as merchant_words


@cache
def lexicon() -> Vocabulary:
    """All words by kind: `brand`, `series`, `code`, `platform`, `event`, `request`, `part`, `fault`,
    `business` (ends of names), `trade`, `introduced`.

    The meaning of a homonym, which stands where a word does not mean what it seems to, is None.
    """
    return Vocabulary([*brand_lexicon(), *_platforms(), *_events(), *_requests(), *_defects(), *_merchants()])


def _platforms() -> Iterator[Word]:
    known, extra = merchant_words().platforms, platform_words()
    names = dict(known.by_word)
    for table in (extra.also, extra.others):
        names |= {word: name for name, spellings in table.items() for word in (name, *spellings)}
    yield from (Word(word.lower(), "platform", name) for word, name in names.items())
    yield from (Word(word.lower(), "platform") for word in extra.homonyms)


def _events() -> Iterator[Word]:
    for kind, verbs in words().events.kinds.items():
        yield from (Word(verb, "event", kind) for verb in verbs)


def _requests() -> Iterator[Word]:
    asked: dict[str, tuple[str, ...]] = {}
    for request, acts in request_words().requests.items():
        for act in acts:
            asked[act] = (*asked.get(act, ()), request)
    yield from (Word(act, "request", requests) for act, requests in asked.items())
    yield from (Word(word, "request") for word in request_words().homonyms)


def _defects() -> Iterator[Word]:
    defects = words().defects
    yield from (Word(part, "part", part) for part in defects.parts)
    yield from (Word(fault, "fault", fault) for fault in {*defects.faults, *defects.weak})
    for word in defects.homonyms:
        yield from (Word(word, "part"), Word(word, "fault"))


def _merchants() -> Iterator[Word]:
    rules = words().merchants
    for kind, listed in (("business", rules.ends), ("trade", rules.trades), ("introduced", rules.introduced)):
        yield from (Word(word, kind, word) for word in listed if len(word) > 1)
