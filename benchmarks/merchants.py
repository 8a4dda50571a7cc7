"""Respondents of the simulated world grouped into merchants, beside grouping them by the name as written."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Hashable

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from benchmarks.pairs import Comparison, compare
from features.merchants import KEY_FIELDS, Aliases, assign, merchant_key
from features.merchants.candidates import Candidate, candidates
from features.merchants.likeness import Name, alike
from simulator.drafting import Drafter
from simulator.merchants import Register
from simulator.places import places
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import Ints, stream

SEED = 12315
DAYS = 742
NAMES = 8000
NAME, CODE, PLACE, TRUTH = "name", "credit_code", "region_code", "truth"


def run() -> Comparison:
    """Pairwise precision and recall of both on the demo's world, and of the pairs for review; how quickly these are found."""
    told = complaints(DAYS)
    assigned = show("with credit codes, every shop by itself", told)
    # Without codes nobody can part the branches of a chain in a city: these are one.
    show("without, branches of a city together", told.assign(**{CODE: "", TRUTH: told["operator"]}))
    known = assigned[["scope", "core"]].drop_duplicates().sort_values(["core", "scope"])
    names = [Name(*row) for row in known.itertuples(index=False)]
    largest = Counter(name.place for name in names).most_common(1)[0][0]
    together = [name for name in names if name.place == largest][:NAMES]
    cores = [name.core for name in together]
    return compare(
        "merchants, names of one place, like pairs by their pieces against all with all by rapidfuzz",
        len(together),
        lambda: alike(together),
        lambda: np.count_nonzero(cdist(cores, cores, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) == 1),
    )


def complaints(days: int) -> pd.DataFrame:
    """So many days of the demo's complaints: name, code and place as the form has them, and whose they truly are.

    `operator` is the same for the shops of a chain in one city, which have credit codes of their own.
    """
    drafter = Drafter(SEED, preset("demo"))
    writer, tables = RowWriter(drafter), []
    operators = _operators(drafter.register)
    for day in range(days):
        draft = drafter.draft(day)
        rows = writer.rows(stream(SEED, "names", str(day)), draft)
        tables.append(
            pd.DataFrame(
                {
                    NAME: rows["企业名称"].to_pandas(),
                    CODE: rows["统一社会信用代码"].to_pandas(),
                    PLACE: np.array(places().code)[draft.place],
                    TRUTH: draft.merchant,
                    "operator": operators[draft.merchant],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def grouped(told: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """The merchant of every complaint, and the rows that candidates are looked for in."""
    spellings = told.groupby([NAME, CODE, PLACE], as_index=False).size()
    keys = [merchant_key(*row) for row in spellings[[NAME, CODE, PLACE]].itertuples(index=False)]
    spellings["key"] = [str(key) for key in keys]
    observed = spellings.groupby("key", as_index=False)["size"].sum().rename(columns={"size": "complaints"})
    fields = pd.DataFrame([key.split("|") for key in observed["key"]], columns=list(KEY_FIELDS))
    known = pd.concat([observed, fields], axis=1)
    assigned = pd.concat([known, assign(known, Aliases())], axis=1)
    of_key = dict(zip(assigned["key"], assigned["merchant"], strict=True))
    of_spelling = spellings.assign(merchant=spellings["key"].map(of_key)).set_index([NAME, CODE, PLACE])["merchant"]
    rows = pd.MultiIndex.from_frame(told[[NAME, CODE, PLACE]])
    return pd.Series(of_spelling.reindex(rows).to_numpy(), index=told.index), assigned


def show(what: str, told: pd.DataFrame) -> pd.DataFrame:
    """Print how well complaints are grouped, and how well the pairs for review are chosen; the names and their merchants."""
    start = time.perf_counter()
    merchant, assigned = grouped(told)
    seconds = time.perf_counter() - start
    speed = len(told.drop_duplicates([NAME, CODE, PLACE])) / seconds
    plain, ours = (pair_scores(told[TRUTH], groups) for groups in (told[NAME], merchant))
    print(
        f"merchants {what}: precision {ours[0]:.4f} and recall {ours[1]:.4f}, {ours[0] / plain[0]:.2f} and "
        f"{ours[1] / plain[1]:.2f} times those of the name as written; {speed:,.0f} spellings/s"
    )
    start = time.perf_counter()
    pairs = candidates(assigned, Aliases())
    seconds = time.perf_counter() - start
    right, found, all_names = review_scores(told[TRUTH], merchant, assigned, pairs)
    print(
        f"merchants {what}: {len(pairs)} pairs for review, {right:.0%} right, {found} of {all_names} names that need it, "
        f"{len(assigned.drop_duplicates(['scope', 'core'])) / seconds:,.0f} names/s"
    )
    return assigned


def pair_scores(truth: pd.Series, groups: pd.Series) -> tuple[float, float]:
    """Share of the pairs of complaints put together that belong together, and of those that belong together found."""
    together, put, belong = (_pairs(by) for by in ([groups, truth], [groups], [truth]))
    return together / put, together / belong


def review_scores(
    truth: pd.Series, merchant: pd.Series, assigned: pd.DataFrame, pairs: list[Candidate]
) -> tuple[float, int, int]:
    """Of the pairs listed the share that is one merchant; names listed that ought to be, and all that ought to be.

    A name ought to be if it was never told with a code, all of its complaints are of one merchant, and most complaints about
    that one are under another id.
    """
    main = merchant.groupby(truth).agg(lambda ids: ids.value_counts().index[0])
    owner = truth.groupby(merchant).agg(lambda owners: owners.value_counts().index[0])
    coded = assigned[assigned["credit_code"] != ""]
    contested = set(coded["scope"] + ":" + coded["core"])
    sure = truth.groupby(merchant).nunique() == 1
    wanted = [who for who in sure.index[sure] if ":" in who and who not in contested and main[owner[who]] != who]
    good = [pair for pair in pairs if owner[pair.respondent] == owner[pair.merchant]]
    found = set(wanted) & {who for pair in good for who in (pair.respondent, pair.merchant)}
    return len(good) / max(1, len(pairs)), len(found), len(wanted)


def _pairs(by: list[pd.Series]) -> float:
    sizes = pd.concat(by, axis=1, keys=range(len(by))).groupby(list(range(len(by)))).size().to_numpy(dtype=float)
    return float((sizes * (sizes - 1) / 2).sum())


def _operators(register: Register) -> Ints:
    """Per merchant the number of its operator: of the first shop of its chain in the city, where it belongs to one."""
    table, shops, counties = places(), register.shops, register.counties
    first_in_city: dict[Hashable, int] = {}
    county = np.flatnonzero(register.county >= 0)
    first = np.array([first_in_city.setdefault((table.province[i], table.city[i]), n) for n, i in enumerate(county)])
    numbers = np.arange(register.count)
    trade, place = numbers // (counties * shops), numbers // shops % counties
    # The first shop of a trade is a chain in every county; those that sell online come behind the last shop.
    is_chain = (numbers % shops == 0) & (numbers < np.flatnonzero(register.is_online(numbers))[0])
    return np.where(is_chain, (trade * counties + first[place]) * shops, numbers)
