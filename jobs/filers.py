"""Filings of a stream beside each other: which repeat or copy an earlier one, what is flagged, and what each weighs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.filings import (
    NONE,
    alike_before,
    earlier_alike,
    filers_alike,
    trailing_distinct,
    trailing_rank,
    weights,
    window_first,
)
from warehouse.duplicates import DuplicateRules, FlagRule

FIRST, REPEAT, COPY = "first", "repeat", "copy"
Ints = NDArray[np.int64]


def links_of(filings: pd.DataFrame, rules: DuplicateRules) -> pd.DataFrame:
    """The links of filings of one stream.

    A *repeat* is filed by the complainant of an earlier one about the same respondent, or where none is known about the same
    class of product. A *copy* has nearly the text of an earlier one, by whomever. Both are told from the filings of the days
    before alone, so that a day can be judged as if it were that day.

    Args:
        filings: in their order, by day; columns as `jobs.links` reads them. The first days serve as history only: their own
            links lack what came before.
        rules: the reviewed rules.

    Returns:
        The filings with `event_group`, `relation`, `likeness`, `earlier_repeats`, `earlier_copies`, `filings`, `flags` and
        `weight`.
    """
    day = pd.to_datetime(filings["event_date"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    keys = _keys(filings["text_keys"], rules.permutations // rules.band_rows)
    filer, matter = _numbers(filings, ["filer_identity"]), _matters(filings)
    parent, likeness = earlier_alike(keys, day, rules.days, rules.alike_keys)
    copies = np.where(parent == NONE, 1, alike_before(keys, day, rules.days, rules.alike_keys))
    repeats = trailing_rank(matter, day, rules.days)
    serial = trailing_rank(filer, day, rules.serial.days)
    # A repetition stands with the filing that it repeats, whatever its words.
    relation = np.where(repeats > 1, REPEAT, np.where(parent != NONE, COPY, FIRST))
    original = np.where(parent != NONE, parent, np.arange(len(day)))
    earlier = np.where(repeats > 1, window_first(matter, day, rules.days), original)
    own = (filings["source"] + ":" + filings["complaint_id"]).to_numpy()
    return filings.assign(
        event_group=own[earlier],
        relation=relation,
        likeness=likeness,
        earlier_repeats=repeats - 1,
        earlier_copies=copies - 1,
        filings=serial,
        flags=pd.Series(_flags(filings, rules, day, keys, filer), index=filings.index, dtype=object),
        weight=weights(repeats, copies, serial, rules.serial.filings),
    )


def _keys(lists: pd.Series, width: int) -> Ints:
    """Keys as a table, zeros for a text without any."""
    table = np.zeros((len(lists), width), dtype=np.int64)
    told = lists.str.len().to_numpy() == width
    if told.any():
        table[told] = np.stack(lists[told].to_numpy())
    return table


def _matters(filings: pd.DataFrame) -> Ints:
    """A number for each complainant and respondent; for each complainant and product class where no respondent is known."""
    target = filings["merchant"].fillna("").where(filings["merchant"].notna(), "|" + filings["product_l1"])
    return _numbers(filings.assign(target=target), ["filer_identity", "target"])


def _numbers(filings: pd.DataFrame, columns: list[str]) -> Ints:
    """A number for each combination of values; `NONE` where the first of them is missing."""
    number = filings.groupby(columns, dropna=False, sort=False).ngroup().to_numpy().astype(np.int64)
    return np.where(filings[columns[0]].isna(), NONE, number)


def _flags(filings: pd.DataFrame, rules: DuplicateRules, day: Ints, keys: Ints, filer: Ints) -> list[list[dict[str, str]]]:
    """The factors of Order 121, Art. 17 that each filing meets, with their reasons."""
    person = _numbers(filings, ["person_key"])
    respondent = _numbers(filings, ["merchant", "filer_identity"])
    matter = _numbers(filings, ["filer_identity", "product_l1", "issue_l1"])
    counts = {
        "frequency": trailing_rank(filer, day, rules.flags.frequency.days),
        "same_respondent": trailing_rank(respondent, day, rules.flags.same_respondent.days),
        "same_matter": trailing_rank(matter, day, rules.flags.same_matter.days),
        "same_text": filers_alike(keys, filer, day, rules.flags.same_text.days, rules.alike_keys),
        "shared_phone": trailing_distinct(_numbers(filings, ["phone_key"]), person, day, rules.flags.shared_phone.days),
        "shared_address": trailing_distinct(_numbers(filings, ["address_key"]), person, day, rules.flags.shared_address.days),
    }
    flags: list[list[dict[str, str]]] = [[] for _ in range(len(day))]
    for factor, count in counts.items():
        rule: FlagRule = getattr(rules.flags, factor)
        for place in np.flatnonzero(count >= rule.least):
            flags[place].append({"factor": factor, "reason": rule.zh.format(days=rule.days, count=count[place])})
    return flags
