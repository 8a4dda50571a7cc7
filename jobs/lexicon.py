"""New words for the lexicon: proposed from complaints, accepted by a person, kept in a file of the office's own."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import rjieba

from features.lexicon import Lexicon, default_entry, dictionary_entries, shipped_lexicon
from features.lexicon_candidates import is_amount, is_person, new_word_rules, stop_phrases
from features.masking import mask
from features.segmentation import Segmenter
from features.synonyms import normalise
from models.new_words import Settings, discover
from warehouse.errors import RadarError
from warehouse.files import reference_lines, reference_yaml
from warehouse.home import write_whole

if TYPE_CHECKING:
    from warehouse.home import Home
    from warehouse.storage import Warehouse

WORDS_FILE = "lexicon.txt"
HEADER = "# Words of this office, added to the lexicon of the package: word, frequency, tag (jieba's dictionary format)."
SHORTEST, LONGEST = 2, 20
ENGINE, OFFICE, PACKAGE = "dictionary of the engine", f"config/{WORDS_FILE} of the home", "warehouse/reference"
FILES = ("lexicon.txt", "stopwords.txt", "synonyms.yml", "severity.yml", "products.yml", "issues.yml")


@cache
def default_settings() -> Settings:
    """What a string must reach to be proposed, as reviewed (`new_words.yml`)."""
    rules, phrases = new_word_rules(), stop_phrases()
    return Settings(
        longest=rules.longest,
        texts=rules.texts,
        pmi=rules.pmi,
        entropy=rules.entropy,
        growth=rules.growth,
        confidence=rules.confidence,
        covered=rules.covered,
        starts=phrases.union(map(normalise, rules.starts)),
        ends=phrases.union(map(normalise, rules.ends)),
        inner=frozenset(rules.inner),
        examples=rules.examples,
        context=rules.context,
    )


def propose(
    texts_now: Sequence[str],
    texts_before: Sequence[str] | None,
    settings: Settings,
    known: Callable[[str], bool],
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Strings that look like words and are in no dictionary, the likeliest first.

    Args:
        texts_now: masked texts.
        texts_before: masked texts of an earlier time, to see what grows; None to leave that out.
        settings: what a string must reach.
        known: whether a normalised word is in a dictionary, see `known_words`.
        limit: words at the most.

    Returns:
        Rows as of `models.new_words.discover`. Amounts, dates and what looks like people's names are not among them.
    """
    background = None if texts_before is None else list(map(normalise, texts_before))

    def needs_none(word: str) -> bool:
        return len(word) > LONGEST or known(word) or is_amount(word)

    found = discover(list(map(normalise, texts_now)), background, needs_none, settings)
    records: list[dict[str, Any]] = found.to_dict("records")  # type: ignore[assignment]
    proposed = (row for row in records if not is_person(row["word"], row["examples"], known))
    shown = new_word_rules().shown
    return [{**row, "examples": row["examples"][:shown]} for row in islice(proposed, limit)]


def office_lexicon(home: Home) -> Lexicon:
    """The lexicon that ships with the package, and the office's own words in the home.

    Raises:
        RadarError: the office's file is not understood.
    """
    return shipped_lexicon().with_own(office_words(home))


def office_words(home: Home) -> dict[str, tuple[int, str]]:
    """The office's own words, normalised: frequency and part of speech; none where it has no file.

    Raises:
        RadarError: the file is not understood.
    """
    path = _path(home)
    return dictionary_entries(_lines(path), str(path))


def known_words(home: Home) -> Callable[[str], bool]:
    """Whether a normalised word is in the engine's dictionary, in the package's lexicon or in the office's own."""
    engine, lexicon = rjieba.Jieba(), office_lexicon(home)
    words = lexicon.entries.keys() | lexicon.known.keys() | lexicon.stop
    return lambda word: word in words or engine.has_word(word)


def accept(words: Sequence[str], home: Home) -> Path:
    """Add words to the office's own file, all of them or none; the file that they are in.

    Raises:
        RadarError: a word is none, is said twice, or is in the lexicon already.
    """
    path, taken = _path(home), office_lexicon(home).entries
    accepted: list[str] = []
    for word in map(normalise, words):
        _check(word)
        if word in accepted:
            raise RadarError(f"{word} is given twice")
        if word in taken:
            raise RadarError(f"{word} is in the lexicon already ({origin(word, home)})")
        accepted.append(word)
    if accepted:
        frequency, tag = default_entry()
        home.folder("config")
        lines = [*(_lines(path) or [HEADER]), *(f"{word} {frequency} {tag}" for word in accepted)]
        write_whole(path, "\n".join(lines) + "\n")
    return path


def origin(word: str, home: Home) -> str | None:
    """Where a word is known from; None where it is not."""
    normal = normalise(word)
    if normal in office_words(home):
        return OFFICE
    if normal in shipped_lexicon().entries or normal in shipped_lexicon().known:
        return "/".join([PACKAGE, *(name for name in FILES if normal in _words_of(name))][:2])
    return ENGINE if rjieba.Jieba().has_word(normal) else None


def explain(word: str, home: Home, text: str | None = None) -> dict[str, Any]:
    """What is known of a word, and how a text (itself if None) is cut without it and with it.

    Raises:
        RadarError: it is no word, or the office's file is not understood.
    """
    normal = normalise(word)
    _check(normal)
    lexicon, source = office_lexicon(home), origin(normal, home)
    # A frequency of 0 is how the engine forgets a word, of its own dictionary too.
    is_common = rjieba.Jieba().has_word(normal)
    forgotten = lexicon.with_own({normal: (0, default_entry()[1])}) if is_common else _without(lexicon, normal)
    complete = lexicon if source else lexicon.with_own({normal: default_entry()})
    frequency, tag = lexicon.entries.get(normal, (None, None))
    sample = word if text is None else text
    return {
        "word": normal,
        "known_from": source,
        "frequency": frequency,
        "tag": tag,
        "cut_without": Segmenter(forgotten).cut(sample),
        "cut_with": Segmenter(complete).cut(sample),
    }


def texts_of(warehouse: Warehouse, first: dt.date, last: dt.date, stream: str) -> list[str]:
    """The different masked texts of a stream's complaints that were registered from one day to another, both included."""
    from pyspark.sql import functions as F

    from warehouse.sources import SILVER
    from warehouse.storage import to_pandas

    months = [str(month) for month in pd.period_range(first, last, freq="M")]
    rows = (
        warehouse.read(SILVER)
        .filter(F.col("event_month").isin(months))
        .filter((F.col("stream") == stream) & F.col("event_date").between(first, last) & F.col("content").isNotNull())
        .select("content")
        .distinct()
        .orderBy("content")
    )
    return [str(text) for text in to_pandas(rows)["content"]]


def texts_of_file(path: Path, column: str) -> list[str]:
    """The texts of a CSV file, masked.

    Raises:
        RadarError: the file cannot be read, or has no such column.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RadarError(f"{path}: not a readable CSV file: {str(error).splitlines()[0]}") from error
    if column not in table.columns:
        raise RadarError(f"{path} has no column {column}; it has {', '.join(table.columns)}")
    return [mask(text) for text in dict.fromkeys(table[column])]


def _without(lexicon: Lexicon, word: str) -> Lexicon:
    entries, known = (
        {name: entry for name, entry in part.items() if name != word} for part in (lexicon.entries, lexicon.known)
    )
    return replace(lexicon, entries=entries, known=known)


@cache
def _words_of(name: str) -> frozenset[str]:
    """All words, normalised, that a reference file has anywhere in it."""
    stem, _, kind = name.rpartition(".")
    content = [line.split()[0] for line in reference_lines(stem)] if kind == "txt" else reference_yaml(stem)
    return frozenset(map(normalise, _strings(content)))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from (*_strings(key), *_strings(value))
    elif isinstance(node, Sequence):
        for item in node:
            yield from _strings(item)


def _path(home: Home) -> Path:
    return home.root / "config" / WORDS_FILE


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError) as error:
        raise RadarError(f"{path} cannot be read: {error}") from error


def _check(word: str) -> None:
    if not SHORTEST <= len(word) <= LONGEST:
        raise RadarError(f"{word!r}: a word has {SHORTEST} to {LONGEST} characters")
    if any(character.isspace() or unicodedata.category(character).startswith("C") for character in word):
        raise RadarError(f"{word!r}: a word has neither spaces nor control characters")
    if word.startswith("#"):
        raise RadarError(f"{word!r}: a line that begins with # is a comment")
    if mask(word) != word:
        raise RadarError(f"{mask(word)}: personal data are no word")
