"""Chinese text into words, by a fast engine and the domain lexicon."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import rjieba

from features.lexicon import Lexicon, shipped_lexicon
from features.synonyms import canonical, normalise

WORD = re.compile(r"(?=.*[一-鿿])[a-z0-9+.一-鿿-]{2,}|[a-z][a-z0-9+.-]+")
# Distinct pieces that a process remembers the word of.
REMEMBERED = 1 << 17
SPACE = re.compile(r"\s+")
LATIN = re.compile("[a-z0-9]")


class Segmenter:
    """Cuts texts into canonical words without stop words.

    The engine is built once per process: it neither pickles nor shares. New words are not guessed (`hmm=False`), so that
    the same lexicon always gives the same words.

    Attributes:
        keywords: words of the domain lexicon as texts are cut into them.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._engine = rjieba.Jieba()
        for word, (frequency, tag) in engine_words(lexicon).items():
            self._engine.add_word(word, frequency, tag)
        spaced = sorted((word for word in lexicon.entries if " " in word), key=len, reverse=True)
        self._spaced = re.compile("|".join(map(_spaced_pattern, spaced))) if spaced else None
        self.keywords = frozenset(SPACE.sub("", word) for word in lexicon.entries)
        self._stop = lexicon.stop
        # A table of what each piece counts as: the same few thousand make up nearly all texts.
        self._word = lru_cache(REMEMBERED)(self._counted)

    def prepared(self, text: str) -> str:
        """The text as it is cut: normalised, words that have spaces written without (`model 3` as `model3`)."""
        plain = normalise(text)
        return self._spaced.sub(lambda match: SPACE.sub("", match.group()), plain) if self._spaced else plain

    def cut(self, text: str) -> list[str]:
        """All pieces of the prepared text, in order; joined they are that text, but for `?` in place of lone surrogates."""
        return self._pieces(self.prepared(text))

    def words(self, text: str) -> list[str]:
        """The words that say something: canonical, without stop words, numbers and single characters."""
        return self.words_of(self.prepared(text))

    def words_of(self, prepared: str) -> list[str]:
        """The same of a text that is prepared already."""
        return [word for word in map(self._word, self._pieces(prepared)) if word]

    def _pieces(self, prepared: str) -> list[str]:
        try:
            return list(self._engine.cut(prepared, False))
        except UnicodeEncodeError:
            # Half a surrogate pair, as undecodable bytes of a command line are given: no text that the engine could read.
            return list(self._engine.cut(prepared.encode(errors="replace").decode(), False))

    def _counted(self, piece: str) -> str:
        """The word that a piece counts as; empty where it says nothing."""
        word = canonical(piece)
        return word if word not in self._stop and WORD.fullmatch(word) else ""


def engine_words(lexicon: Lexicon) -> dict[str, tuple[int, str]]:
    """What is added to the engine's dictionary: no word has a space in it, and common words only where it lacks them."""
    engine = rjieba.Jieba()
    missing = {word: entry for word, entry in lexicon.known.items() if not engine.has_word(word)}
    return {**missing, **{SPACE.sub("", word): entry for word, entry in lexicon.entries.items()}}


@cache
def segmenter(lexicon: Lexicon | None = None) -> Segmenter:
    """This process's segmenter for a lexicon; the one that ships if None."""
    return Segmenter(lexicon or shipped_lexicon())


def _spaced_pattern(word: str) -> str:
    """A word with spaces, however many of them there are; what is Latin at its ends is not within a longer Latin word."""
    before = r"(?<![a-z0-9])" if LATIN.match(word) else ""
    after = r"(?![a-z0-9])" if LATIN.match(word[-1]) else ""
    return before + r"\s*".join(map(re.escape, word.split())) + after
