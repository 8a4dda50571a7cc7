"""The enrichment as one would write it in an hour: one process, a table in memory, a function over its rows for every step.

Both ways call the product's own rules where these are the step; words, tables and signatures of texts are done plainly.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import rjieba

from benchmarks.segmentation import reference_engine
from features.deadlines import deadlines
from features.extraction import extract
from features.judging import plain_text, text_identity
from features.lexicon import shipped_lexicon
from features.merchants import merchant_key
from features.routing import route
from features.segmentation import WORD, engine_words
from features.severity import judge_severity
from features.synonyms import canonical, normalise
from features.trees import Tree, issues, products
from warehouse.duplicates import duplicate_rules

ALL_BITS = (1 << 64) - 1
TEXTS = ["product_name", "content"]
HARM = ["injured_count", "death_count", "fire_involved"]
RESPONDENT = ["merchant_name", "merchant_uscc", "region_code", "platform_name", "is_online"]
WAY = ["product", "issue", "tokens", "is_online", "kind"]
RECEIPT = ["kind", "event_date", "accepted_at", "decision"]

Row = dict[str, Any]
STRINGS = pl.List(pl.String)
FACTS = pl.Struct(
    {
        "amount": pl.Float64,
        "brands": STRINGS,
        "models": STRINGS,
        "platforms": STRINGS,
        "merchants": STRINGS,
        "defects": STRINGS,
        "requests": STRINGS,
        "events": STRINGS,
        "injured": pl.Int64,
    }
)


def pandas_jieba(table: pa.Table) -> pd.DataFrame:
    """Profiles by pandas and jieba.

    Args:
        table: silver complaints with the columns of `features.profiles.READS` but the reviewers'.
    """
    engine = reference_engine()
    frame = table.to_pandas().astype(object)
    frame = frame.where(frame.notna(), None)
    frame["text"] = frame[TEXTS].apply(_text, axis=1)
    frame["tokens"] = frame["text"].map(lambda text: _words(engine.cut(normalise(text), HMM=False)))
    frame["keywords"] = frame["tokens"].map(_keywords)
    for name, tree in (("product", products()), ("issue", issues())):
        frame[name] = frame[[f"{name}_code", f"{name}_label", "tokens"]].apply(_node_of(name, tree), axis=1)
    frame["facts"] = frame[["text", "event_date"]].apply(_facts, axis=1)
    frame["severity"] = frame[["text", *HARM]].apply(_severity, axis=1)
    frame["department"] = frame[WAY].apply(_department, axis=1)
    frame["accept_due"] = frame[RECEIPT].apply(_accept_due, axis=1)
    frame["merchant_key"] = frame[RESPONDENT].apply(_merchant_key, axis=1)
    frame["text_identity"] = frame["content"].map(text_identity)
    frame["text_keys"] = frame["content"].map(PlainMinHash().keys)
    return frame


def polars_rjieba(table: pa.Table) -> pl.DataFrame:
    """Profiles by polars and rjieba; as `pandas_jieba` otherwise."""
    engine = rjieba.Jieba()
    for word, (frequency, tag) in engine_words(shipped_lexicon()).items():
        engine.add_word(word, frequency, tag)
    frame = pl.DataFrame(pl.from_arrow(table))
    frame = frame.with_columns(text=_over(TEXTS, _text, pl.String))
    frame = frame.with_columns(
        tokens=pl.col("text").map_elements(lambda text: _words(engine.cut(normalise(text), False)), return_dtype=STRINGS)
    )
    frame = frame.with_columns(
        keywords=pl.col("tokens").map_elements(_keywords, return_dtype=STRINGS),
        product=_over(["product_code", "product_label", "tokens"], _node_of("product", products()), pl.String),
        issue=_over(["issue_code", "issue_label", "tokens"], _node_of("issue", issues()), pl.String),
        facts=_over(["text", "event_date"], _facts, FACTS),
        severity=_over(["text", *HARM], _severity, pl.Int64),
    )
    return frame.with_columns(
        department=_over(WAY, _department, pl.String),
        accept_due=_over(RECEIPT, _accept_due, pl.Date),
        merchant_key=_over(RESPONDENT, _merchant_key, pl.String),
        text_identity=pl.col("content").map_elements(text_identity, return_dtype=pl.String),
        text_keys=pl.col("content").map_elements(PlainMinHash().keys, return_dtype=pl.List(pl.UInt64), skip_nulls=False),
    )


class PlainMinHash:
    """MinHash over the set of a text's shingles, one text at a time; the settings are the product's."""

    def __init__(self) -> None:
        rules, rng = duplicate_rules(), np.random.default_rng(0)
        self._shingle, self._rows = rules.shingle, rules.band_rows
        # Multiply-shift (Dietzfelbinger et al. 1997): what overflows is meant to.
        self._factors, self._shifts = rng.integers(0, ALL_BITS, (2, rules.permutations, 1), dtype=np.uint64) | np.uint64(1)

    def keys(self, content: str | None) -> list[int]:
        """The keys of a text's bands; none for a text without a shingle."""
        text = plain_text(content)
        shingles = {text[at : at + self._shingle] for at in range(len(text) - self._shingle + 1)}
        if not shingles:
            return []
        hashes = np.array([zlib.crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in shingles], dtype=np.uint64)
        smallest = ((self._factors * hashes + self._shifts) >> np.uint64(32)).min(axis=1)
        bands = smallest.reshape(-1, self._rows).tolist()
        return [hash((number, *band)) & ALL_BITS for number, band in enumerate(bands)]


def _over(columns: list[str], step: Callable[[Any], Any], kind: Any) -> pl.Expr:
    return pl.struct(columns).map_elements(step, return_dtype=kind)


def _text(row: Any) -> str:
    return "。".join(row[name] for name in TEXTS if row[name])


def _words(pieces: Iterable[str]) -> list[str]:
    stop = shipped_lexicon().stop
    terms = [canonical(piece) for piece in pieces]
    return [term for term in terms if term not in stop and WORD.fullmatch(term)]


def _keywords(words: Iterable[str]) -> list[str]:
    listed = shipped_lexicon().entries
    return list(dict.fromkeys(word for word in words if word in listed))


def _node_of(name: str, tree: Tree) -> Callable[[Any], str | None]:
    return lambda row: tree.judge(row[f"{name}_code"], row[f"{name}_label"], row["tokens"]).node


def _facts(row: Any) -> Row:
    facts = extract(row["text"], row["event_date"])
    return {
        "amount": None if facts.amount is None else float(facts.amount),
        **{name: list(getattr(facts, name)) for name in ("brands", "platforms", "merchants", "defects", "requests")},
        "models": [*facts.series, *facts.models],
        "events": [event.kind for event in facts.events],
        "injured": facts.injured,
    }


def _severity(row: Any) -> int:
    return judge_severity(row["text"], *(row[name] for name in HARM)).level


def _department(row: Any) -> str:
    return route(row["product"], row["issue"], row["tokens"], online=bool(row["is_online"]), kind=row["kind"]).department


def _accept_due(row: Any) -> Any:
    accepted = row["accepted_at"]
    return deadlines(row["kind"], row["event_date"], accepted and accepted.date(), row["decision"]).accept_due.date


def _merchant_key(row: Any) -> str | None:
    respondent = merchant_key(*(row[name] for name in RESPONDENT))
    return str(respondent) if respondent else None
