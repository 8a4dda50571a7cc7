"""Words that no dictionary has yet: strings whose parts hold together and which stand freely among others.

Three figures per string, all of them long known:

- how firmly its parts hold together: pointwise mutual information, the least of all ways to split it in two
  (Sproat & Shih 1990, A Statistical Method for Finding Word Boundaries in Chinese Text);
- how freely it stands: branching entropy on either side (Jin & Tanaka-Ishii 2006, Unsupervised Segmentation of Chinese Text
  by Use of Branching Entropy). The edge of a clause is a neighbour of its own each time, as in accessor variety
  (Feng, Chen, Deng & Zheng 2004, Accessor Variety Criteria for Chinese Word Extraction);
- how much more often it is told of than before, a ratio of two rates.

Complaints are copied: a clause that differs from another in its numbers only counts once for the first two, and such a
text once for the third.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from models.ngrams import Floats, branching_entropy, levels, weakest_split
from models.text_units import Flags, Ints, Places, Units, distinct, places, texts_with, units_of

COLUMNS = ("word", "texts", "pmi", "left_entropy", "right_entropy", "growth", "growth_lower", "score", "examples")


@dataclass(frozen=True)
class Settings:
    """What a string must reach to be proposed.

    Attributes:
        longest: units of a word at the most.
        texts: different texts that must have it; keeps out, too, what but few people wrote, such as names.
        pmi: pointwise mutual information of its weakest split, bits.
        entropy: branching entropy on either side, bits.
        growth: lower bound of its growth, where there is a background; 0 where that does not matter.
        confidence: of the bound, one-sided.
        covered: a word goes if so large a share of its texts have it within a longer word that is proposed.
        starts: what no word begins with: particles, pronouns, boilerplate.
        ends: what no word ends with.
        inner: characters that stand within no word.
        examples: places shown of a word.
        context: characters of them on either side.
    """

    longest: int
    texts: int
    pmi: float
    entropy: float
    growth: float
    confidence: float
    covered: float
    starts: frozenset[str]
    ends: frozenset[str]
    inner: frozenset[str]
    examples: int
    context: int


def discover(
    texts: Sequence[str], background: Sequence[str] | None, known: Callable[[str], bool], settings: Settings
) -> pd.DataFrame:
    """The strings that look like words and are not known, the likeliest first.

    Args:
        texts: normalised (NFKC, lower case) and masked; what stands next to a `*` is passed over.
        background: texts of an earlier time, likewise; None to leave growth out.
        known: whether a word needs no proposal; asked of strings that are firm and free.
        settings: what a string must reach.

    Returns:
        `word`; `texts`, how many different ones have it; `pmi`, `left_entropy`, `right_entropy`, bits; `growth`, its rate
        among the texts by that in the background, and `growth_lower`, the lower bound of that, NaN without a background;
        `score`, bits: the sum of `pmi`, both entropies and the logarithm of a `growth_lower` above 1; `examples`, places of it.
    """
    now = distinct(texts)
    units = units_of(now)
    found = _firm_and_free(units, settings)
    found = found[_each(found["word"], lambda word: not known(word))].reset_index(drop=True)
    seen = places(units, found["word"].tolist()).once_per_text()
    found["texts"] = np.bincount(seen.word, minlength=len(found))
    found["growth"], found["growth_lower"] = _growth(found, len(now), background, settings)
    kept = (found["texts"] >= settings.texts) & ~(found["growth_lower"] < settings.growth)
    kept &= ~_covered(found, kept.to_numpy(), settings.covered)
    grown = np.log2(found["growth_lower"].fillna(1.0).clip(lower=1.0))
    found["score"] = found["pmi"] + found["left_entropy"] + found["right_entropy"] + grown
    chosen = found[kept].sort_values(["score", "word"], ascending=[False, True])
    chosen["examples"] = _examples(units, seen, chosen["word"], settings)
    return chosen.reset_index(drop=True)[list(COLUMNS)]


def rate_ratio(now: Ints, n_now: int, before: Ints, n_before: int, confidence: float) -> tuple[Floats, Floats]:
    """How much more often words are told of now than before, and the lower bound of that.

    Both counts given together, the newer one is binomial, and its share has an exact bound (Przyborowski & Wilenski 1940,
    Homogeneity of Results in Testing Samples from Poisson Series; Clopper & Pearson 1934).

    Args:
        now: `n_words`; texts that have the word, of `n_now`.
        n_now: texts, 1 or more.
        before: `n_words`; texts of the background that have it, of `n_before`.
        n_before: texts of the background, 1 or more.
        confidence: of the bound, one-sided.

    Returns:
        `n_words` each: the ratio, both counts raised by one half to keep it finite, and its lower bound, 0 where no text has
        the word now.
    """
    share = np.where(now > 0, betaincinv(np.maximum(now, 1), before + 1, 1 - confidence), 0.0)
    size = n_before / n_now
    return np.asarray((now + 0.5) / (before + 0.5) * size), np.asarray(share / (1 - share) * size)


def _firm_and_free(units: Units, settings: Settings) -> pd.DataFrame:
    """Strings of two units and more that may be words: `word`, `pmi`, `left_entropy`, `right_entropy`."""
    spoken = units.spoken_once()
    by_length = levels(spoken, settings.longest, settings.texts)
    found = []
    for length in range(2, settings.longest + 1):
        level = by_length[length - 1]
        pmi = weakest_split(by_length[:length], len(spoken))
        firm = pmi >= settings.pmi
        left, right = branching_entropy(level, firm, spoken)
        free = np.minimum(left, right) >= settings.entropy
        at = level.sample[firm][free]
        figures = {"pmi": pmi[firm][free], "left_entropy": left[free], "right_entropy": right[free]}
        words = pd.Series(spoken.strings(at, at + length - 1), dtype=object)
        found.append(pd.DataFrame({"word": words, **figures}))
    table = pd.concat(found, ignore_index=True)
    return table[_each(table["word"], lambda word: _may_be_word(word, settings))]


def _each(words: pd.Series, holds: Callable[[str], bool]) -> Flags:
    return np.array([holds(word) for word in words], dtype=bool)


def _may_be_word(word: str, settings: Settings) -> bool:
    if not settings.inner.isdisjoint(word[1:-1]):
        return False
    return not any(word[: part + 1] in settings.starts or word[part:] in settings.ends for part in range(len(word)))


def _growth(found: pd.DataFrame, n_now: int, background: Sequence[str] | None, settings: Settings) -> tuple[Floats, Floats]:
    before = distinct(background or [])
    if not before:
        return np.full(len(found), np.nan), np.full(len(found), np.nan)
    earlier = texts_with(before, found["word"].tolist())
    return rate_ratio(found["texts"].to_numpy(), n_now, earlier, len(before), settings.confidence)


def _covered(found: pd.DataFrame, kept: Flags, share: float) -> Flags:
    """Which words are for the most part met within longer ones that are kept."""
    texts = dict(zip(found["word"], found["texts"], strict=True))
    longest: dict[str, int] = {}
    for word in found["word"][kept]:
        inner = {word[a:b] for a in range(len(word)) for b in range(a + 2, len(word) + 1)} - {word}
        for part in inner & texts.keys():
            longest[part] = max(texts[word], longest.get(part, 0))
    return np.array([longest.get(word, 0) >= share * texts[word] for word in found["word"]], dtype=bool)


def _examples(units: Units, seen: Places, words: pd.Series, settings: Settings) -> pd.Series:
    """Places of the words, spread over the texts that have them, with what stands around them there."""
    first, behind = np.searchsorted(seen.word, words.index), np.searchsorted(seen.word, words.index, side="right")
    contexts = []
    for word, a, b in zip(words, first.tolist(), behind.tolist(), strict=True):
        shown = np.linspace(a, b - 1, min(settings.examples, b - a)).astype(int)
        starts = units.start[seen.at[shown]].tolist()
        contexts.append([_context(units.text, start, start + len(word), settings.context) for start in starts])
    return pd.Series(contexts, index=words.index, dtype=object)


def _context(text: str, start: int, end: int, reach: int) -> str:
    before = text[max(0, start - reach) : start].rpartition("\n")[2]
    behind = text[end : end + reach].partition("\n")[0]
    return before + text[start:end] + behind
