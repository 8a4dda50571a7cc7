"""Respondents that may be one, listed for review; never merged by themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from features.merchants.aliases import Aliases
from features.merchants.keys import name_id
from features.merchants.likeness import Likeness, Name, alike
from features.merchants.words import words


@dataclass(frozen=True)
class Candidate:
    """Two merchants that a reviewer should look at.

    Attributes:
        respondent: id of the one that is known by its name only and has fewer complaints.
        merchant: id of the other one.
        reason: why, one of `features.merchants.likeness`.
        pattern: what differs.
        score: share of such pairs that turn out to be one merchant, 0 to 1.
        complaints: complaints of the respondent.
    """

    respondent: str
    merchant: str
    reason: str
    pattern: str
    score: float
    complaints: int


def candidates(assigned: pd.DataFrame, aliases: Aliases) -> list[Candidate]:
    """Pairs that may be one merchant, the likeliest first; those that a reviewer found to be different are left out.

    At least one of a pair is known by its name only: two credit codes are two merchants. How likely a pair is follows from
    the data themselves: of the pairs that differ in the same way and whose codes are both known, some have one code (people
    write 惠 for 汇), others two (two shops of one street have similar names).

    Args:
        assigned: a row per key: `scope`, `core`, `merchant`, `complaints`.
        aliases: the reviewed table.
    """
    entries = _entries(assigned[assigned["core"] != ""])
    pairs = alike([Name(entry.scope, entry.core) for entry in entries])
    score = _Scores(entries, pairs)
    best: dict[tuple[str, str], Candidate] = {}
    for pair in pairs:
        candidate = _candidate(entries[pair.one], entries[pair.other], pair, score.of(pair))
        if candidate is None or candidate.score < words().candidates.least_score:
            continue
        ids = min(candidate.respondent, candidate.merchant), max(candidate.respondent, candidate.merchant)
        if not aliases.are_different(*ids) and (ids not in best or candidate.score > best[ids].score):
            best[ids] = candidate
    return sorted(best.values(), key=lambda c: (-c.score, -c.complaints, c.respondent, c.merchant))


@dataclass(frozen=True)
class _Entry:
    """A name in its scope.

    Attributes:
        code: whose nearly all of its coded complaints are; None where there are none or they are of several.
        uncoded: its complaints that no code was found for, 0 where its coded complaints are of several: no reviewer could
            tell whose those without a code are.
    """

    scope: str
    core: str
    code: str | None
    uncoded: int

    @property
    def id(self) -> str:
        return name_id(self.scope, self.core)

    @property
    def merchant(self) -> str | None:
        """Whom a like name may belong to."""
        return self.code or (self.id if self.uncoded else None)


def _entries(assigned: pd.DataFrame) -> list[_Entry]:
    by = ["scope", "core"]
    sums = assigned.groupby([*by, "merchant"], as_index=False)["complaints"].sum()
    own = sums["merchant"] == sums["scope"] + ":" + sums["core"]
    coded = sums[~own].sort_values([*by, "complaints", "merchant"])
    coded["share"] = coded["complaints"] / coded.groupby(by)["complaints"].transform("sum")
    leading = coded[coded["share"] >= words().code_share].set_index(by)["merchant"]
    table = sums.assign(uncoded=sums["complaints"].where(own, 0)).groupby(by)["uncoded"].sum().to_frame()
    table["code"] = leading.reindex(table.index).astype(object)
    is_contested = table.index.isin(coded.set_index(by).index) & table["code"].isna()
    table["uncoded"] = table["uncoded"].where(~is_contested, 0)
    return [
        _Entry(str(scope), str(core), None if pd.isna(code) else str(code), int(uncoded))
        for (scope, core), uncoded, code in table.itertuples()
    ]


class _Scores:
    """Which share of the pairs that differ in the same way are one merchant, by those whose codes are known."""

    def __init__(self, entries: list[_Entry], pairs: list[Likeness]) -> None:
        self._same: Counter[str] = Counter()
        self._all: Counter[str] = Counter()
        for pair in pairs:
            codes = entries[pair.one].code, entries[pair.other].code
            if None not in codes:
                for group in (pair.reason, f"{pair.reason} {pair.pattern}"):
                    self._all[group] += 1
                    self._same[group] += codes[0] == codes[1]

    def of(self, pair: Likeness) -> float:
        by_reason = self._share(pair.reason, words().candidates.prior[pair.reason])
        return self._share(f"{pair.reason} {pair.pattern}", by_reason)

    def _share(self, group: str, prior: float) -> float:
        strength = words().candidates.strength
        return (self._same[group] + strength * prior) / (self._all[group] + strength)


def _candidate(one: _Entry, other: _Entry, pair: Likeness, score: float) -> Candidate | None:
    """The pair as a reviewer sees it; None where no name is without a code, or both are the same already."""
    respondent, partner = (one, other) if _is_respondent(one, other) else (other, one)
    if not respondent.uncoded or partner.merchant in (None, respondent.id):
        return None
    return Candidate(respondent.id, str(partner.merchant), pair.reason, pair.pattern, score, respondent.uncoded)


def _is_respondent(one: _Entry, other: _Entry) -> bool:
    if not (one.uncoded and other.uncoded):
        return bool(one.uncoded)
    return (one.code is not None, one.uncoded, one.id) < (other.code is not None, other.uncoded, other.id)
