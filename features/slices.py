"""A slice of the complaints, such as one product in one province: asked for in people's words, held by columns of profiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from rapidfuzz import fuzz, process

from features.regions import ancestors, region_name, regions, resolve_region
from features.synonyms import canonical, normalise
from features.trees import UNKNOWN, Tree, issues, products
from warehouse.errors import RadarError
from warehouse.topic_rules import topic_rules

if TYPE_CHECKING:
    from pyspark.sql import Column

TREES = {"product": products, "issue": issues}
UNKNOWN_NAMES = (UNKNOWN, "未知")
UNKNOWN_ZH = {"product": "客体未知", "issue": "问题未知", "region": "地区未知"}
WHOLE = "全部投诉举报"
PLACES = ("province", "city")


@dataclass(frozen=True)
class Part:
    """One thing that a slice is limited to.

    Attributes:
        column: column of `silver.complaint_profiles`.
        values: what it may be; any of them will do.
        name: how a reader calls it.
    """

    column: str
    values: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Slice:
    """The complaints for which every part holds; all of them without parts."""

    parts: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """The slice as a reader calls it, as in 浙江省 热水器 质量."""
        return " ".join(part.name for part in self.parts) or WHOLE

    @property
    def has_matter(self) -> bool:
        """Whether it is about something: a product, an issue, a brand or a merchant, not only a place."""
        return any(part.column not in PLACES for part in self.parts)

    def holds(self) -> Column:
        """Whether a profile lies in the slice: true or false, never null."""
        parts = (F.coalesce(F.col(part.column).isin(*part.values), F.lit(False)) for part in self.parts)
        return reduce(lambda left, right: left & right, parts, F.lit(True))


def node_part(what: str, asked: str) -> Part | None:
    """The product or issue that a code, a name, an official label or a word of complaints means; None for others.

    Args:
        what: `product` or `issue`.
        asked: what was asked for. Where class and node within have one name, the class is meant.
    """
    tree, text = TREES[what](), asked.strip()
    if text in UNKNOWN_NAMES:
        return Part(f"{what}_l1", (UNKNOWN,), UNKNOWN_ZH[what])
    node = text.upper() if text.upper() in tree.names else _node(tree, text)
    if node is None:
        return None
    return Part(f"{what}_l1" if tree.top[node] == node else f"{what}_l2", (node,), tree.name(node))


def node_names(what: str) -> list[str]:
    """All names and words by which a product or issue may be asked for."""
    tree = TREES[what]()
    return [*dict.fromkeys([*tree.names.values(), *tree.words])]


def region_part(asked: str) -> Part:
    """The province or city that a code or name means.

    Raises:
        RadarError: it means none, or a county: complaints are kept by province and city.
    """
    if asked.strip() in UNKNOWN_NAMES:
        return Part("province", (UNKNOWN,), UNKNOWN_ZH["region"])
    found = resolve_region(asked)
    if found is None:
        raise not_known("region", asked, [region.name for region in regions().values() if region.level != "county"])
    region = regions()[found.code]
    if region.level == "county":
        above = place_name(*ancestors(region.code))
        raise RadarError(f"{region.name} is a county; slices are made by province and city, such as {above}")
    return Part(region.level, (region.code,), region.name)


def place_name(province: str, city: str) -> str:
    """The name of a city, or of its province where the city is not known or only holds together the province's counties."""
    known = regions().get(city)
    return region_name(province if known is None or known.is_holder else city)


def same_name(asked: str, values: Iterable[str]) -> list[str]:
    """Those of the values that are the name asked for but for width, case and spaces."""
    wanted = "".join(normalise(asked).split())
    return [value for value in values if "".join(normalise(value).split()) == wanted]


def nearest(asked: str, names: Iterable[str]) -> list[str]:
    """The names most like the one asked for, the likest first; none where all are far from it."""
    rules = topic_rules()
    choices = list(dict.fromkeys(names))
    found = process.extract(
        normalise(asked),
        [normalise(name) for name in choices],
        scorer=fuzz.WRatio,
        limit=rules.suggestions,
        score_cutoff=rules.suggestion_score,
    )
    return [choices[place] for _, _, place in found]


def not_known(what: str, asked: str, names: Iterable[str]) -> RadarError:
    """The error that tells of an unknown name and suggests the nearest ones."""
    near = nearest(asked, names)
    return RadarError(f"{what} {asked} is not known" + (f"; near it are {', '.join(near)}" if near else ""))


def _node(tree: Tree, text: str) -> str | None:
    named = [code for code, name in tree.names.items() if name == text]
    if named:
        return min(named, key=len)
    return tree.judge(None, text, ()).node or tree.words.get(canonical(normalise(text)))
