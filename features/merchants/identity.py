"""Which merchant every key of a respondent belongs to: a pure function of the set of keys and their complaints."""

from __future__ import annotations

import pandas as pd

from features.merchants.aliases import Aliases, Named
from features.merchants.keys import name_id, scope_around
from features.merchants.words import words

# How a key's merchant was found.
CODE, NAME_CODE, ALIAS, NAME = "code", "name_code", "alias", "name"
# In the place of a code where several claim a name, or where it may be that of another branch.
NOBODY = ""


def assign(observations: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    """The merchant of every key.

    In this order: a key with a credit code is that code, or the one that it stands for by the reviewed table; a name in the
    reviewed table is whom it stands for; a name whose coded complaints are of one code is that code (`NameCodes`); any
    other is its name within its scope. Two codes are made one by the table only.

    Args:
        observations: a row per key: its fields (`KEY_FIELDS`) and `complaints`, how many complaints have it, at least 1.
        aliases: the reviewed table.

    Returns:
        Columns `merchant` (its id) and `basis` (`code`, `name_code`, `alias` or `name`), with the index of `observations`.
        Neither the order of the rows nor rows of other blocks (`features.merchants.keys.block_of`) matter.
    """
    coded = observations[observations["credit_code"] != ""]
    named = observations[observations["credit_code"] == ""]
    codes = NameCodes(coded, aliases)
    targets = pd.Series(
        [aliases.target(scope, core) for scope, core in zip(named["scope"], named["core"], strict=True)],
        index=named.index,
        dtype=object,
    )
    by_code = pd.DataFrame({"merchant": coded["credit_code"].map(aliases.code), "basis": CODE})
    by_alias = pd.DataFrame({"merchant": _ids_of(targets.dropna(), codes), "basis": ALIAS})
    by_name = _by_name(named[targets.isna()], codes)
    return pd.concat([by_code, by_alias, by_name]).reindex(observations.index)


class NameCodes:
    """Which credit code a name belongs to, told by the complaints that give both.

    A coded complaint speaks for its name in its city, in the scope of the name and in the region or platforms around that
    scope. A name's code is the one that nearly all of them (`code_share`) are of; the nearest that anything is said of
    counts:

    1. the same name and branch in the same scope, then the name in that scope with whatever branch, then both in the city
       around it. A code that was seen with one branch only may be that branch's own, and speaks for no other;
    2. the name anywhere, if its code was seen in so many cities (`national_cities`) that it is no local shop's.

    Args:
        coded: observations with a credit code, as `assign` takes them.
        aliases: codes that stand for others.
    """

    def __init__(self, coded: pd.DataFrame, aliases: Aliases) -> None:
        votes = _votes(coded[coded["core"] != ""], aliases)
        everywhere = votes.drop_duplicates(["observation", "word"])
        is_plain = everywhere["branch"] == ""
        seen = everywhere.assign(plain=is_plain).groupby(["word", "code"]).agg({"branch": "nunique", "plain": "any"})
        owners = seen.index[(seen["branch"] > 1) | seen["plain"]]
        cities = everywhere[everywhere["city"] != ""].groupby(["word", "code"])["city"].nunique()
        national = cities.index[cities >= words().national_cities].intersection(owners)
        self._branch = _leading(votes, ["place", "word", "branch"])
        self._place = _only(_leading(votes, ["place", "word"]), owners)
        self._anywhere = _only(_leading(everywhere, ["word"]), national)

    def of(self, named: pd.DataFrame) -> pd.Series:
        """The code of every name; `NOBODY` where none or several have it.

        Args:
            named: columns `scope`, `core`, `branch`.
        """
        steps = []
        for place in (named["scope"], _around(named["scope"])):
            of_branch = _looked_up(self._branch, place, named["core"], named["branch"])
            steps += [of_branch.where(named["branch"] != ""), _looked_up(self._place, place, named["core"])]
        steps.append(_looked_up(self._anywhere, named["core"]))
        found = pd.Series(NOBODY, index=named.index, dtype=object)
        for step in reversed(steps):
            found = step.where(step.notna(), found)
        return found


def _votes(coded: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    """A row per observation, word and place that it speaks for."""
    said = pd.DataFrame(
        {
            "observation": range(len(coded)),
            "code": coded["credit_code"].map(aliases.code).to_numpy(dtype=object),
            **{name: coded[name].to_numpy() for name in ("branch", "city", "complaints", "scope", "core", "whole")},
        }
    )
    places = (said["scope"], _around(said["scope"]), said["city"])
    votes = [said.assign(place=place, word=said[word]) for place in places for word in ("core", "whole")]
    columns = ["observation", "place", "word", "branch", "code", "city", "complaints"]
    kept = [vote.loc[(vote["place"] != "") & (vote["word"] != ""), columns] for vote in votes]
    return pd.concat(kept).drop_duplicates(["observation", "place", "word"])


def _around(scopes: pd.Series) -> pd.Series:
    """What lies around each scope: the city of a county, all platforms of one; else nothing."""
    around = {scope: scope_around(scope) for scope in scopes.unique()}
    return scopes.map(around).astype(object)


def _leading(votes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Per group the code that nearly all of its complaints are of, else `NOBODY`; columns `by` and `code`."""
    sums: pd.DataFrame = votes.groupby([*by, "code"])["complaints"].sum().reset_index()
    sums["share"] = sums["complaints"] / sums.groupby(by)["complaints"].transform("sum")
    leaders = sums.sort_values("share").drop_duplicates(by, keep="last")
    code = leaders["code"].where(leaders["share"] >= words().code_share, NOBODY)
    return leaders[by].assign(code=code)


def _only(leaders: pd.DataFrame, allowed: pd.Index) -> pd.DataFrame:
    """The leaders; `NOBODY` where word and code are not among those allowed."""
    is_allowed = pd.MultiIndex.from_frame(leaders[["word", "code"]]).isin(allowed)
    return leaders.assign(code=leaders["code"].where(is_allowed, NOBODY))


def _looked_up(leaders: pd.DataFrame, *by: pd.Series) -> pd.Series:
    """The leaders' codes for these keys; missing where nothing is said of a key."""
    names = [name for name in leaders.columns if name != "code"]
    wanted = pd.DataFrame({name: part.to_numpy(dtype=object) for name, part in zip(names, by, strict=True)})
    codes = wanted.merge(leaders, how="left", on=names)["code"]
    return pd.Series(codes.to_numpy(), index=by[0].index, dtype=object)


def _by_name(named: pd.DataFrame, codes: NameCodes) -> pd.DataFrame:
    code = codes.of(named)
    known = code != NOBODY
    ids = [name_id(scope, core) for scope, core in zip(named["scope"], named["core"], strict=True)]
    merchant = code.where(known, pd.Series(ids, index=named.index, dtype=object))
    return pd.DataFrame({"merchant": merchant, "basis": known.map({True: NAME_CODE, False: NAME})})


def _ids_of(targets: pd.Series, codes: NameCodes) -> pd.Series:
    """The ids of those whom names stand for."""
    names = sorted({target for target in targets if isinstance(target, Named)}, key=lambda name: (name.scope, name.core))
    table = pd.DataFrame({"scope": [name.scope for name in names], "core": [name.core for name in names], "branch": ""})
    ids = dict(zip(names, _by_name(table, codes)["merchant"], strict=True))
    return targets.map(lambda target: ids.get(target, target))
