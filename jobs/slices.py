"""A slice that a person asks for: its product, issue and region by the trees, its brand and merchant by the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from features.merchants import normalise_merchant, valid_credit_code
from features.merchants.tables import MERCHANTS
from features.slices import Part, Slice, node_names, node_part, not_known, region_part, same_name
from features.subjects import label
from warehouse.errors import RadarError
from warehouse.storage import to_dicts
from warehouse.topic_rules import topic_rules

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from warehouse.storage import Warehouse


@dataclass(frozen=True)
class Asked:
    """Which complaints, in a person's words; None where any will do."""

    product: str | None = None
    issue: str | None = None
    region: str | None = None
    brand: str | None = None
    merchant: str | None = None


def slice_of(warehouse: Warehouse, counted: DataFrame, asked: Asked) -> Slice:
    """The slice that is asked for.

    Args:
        warehouse: the tables.
        counted: the profiles that brands and official labels are looked up in.
        asked: what is asked for.

    Raises:
        RadarError: a name is not known, with the nearest ones; or several merchants may be meant.
    """
    parts = [] if asked.region is None else [region_part(asked.region)]
    for what, told in (("product", asked.product), ("issue", asked.issue)):
        if told is not None:
            parts.append(node_part(what, told) or _told_part(counted, what, f"{what}_label", told, node_names(what)))
    if asked.brand is not None:
        parts.append(_told_part(counted, "brand", "brand", asked.brand))
    if asked.merchant is not None:
        parts.append(_merchant_part(warehouse, asked.merchant))
    return Slice(tuple(parts))


def _told_part(counted: DataFrame, what: str, column: str, asked: str, names: Sequence[str] = ()) -> Part:
    """A value that complaints themselves give."""
    values = sorted(row[column] for row in to_dicts(counted.select(column).distinct()) if row[column] is not None)
    found = same_name(asked, values)
    if not found:
        raise not_known(what, asked, [*names, *values])
    return Part(column, tuple(found), found[0])


def _merchant_part(warehouse: Warehouse, asked: str) -> Part:
    """The merchants with this id, credit code or name; else the only one with a name that contains it."""
    name = normalise_merchant(asked) or asked
    most_first = warehouse.read(MERCHANTS).orderBy(F.desc("complaints"), "merchant").select("merchant", "name", "names")
    exact = F.col("merchant").isin(asked.strip(), valid_credit_code(asked) or asked) | F.array_contains("names", name)
    found = to_dicts(most_first.filter(exact)) or _only_one_with(most_first, name, asked)
    names = {row["merchant"]: row["name"] for row in found if row["name"]}
    first = found[0]["merchant"]
    # Merchants of one name, such as those of several cities, are one slice under that name.
    shown = label("merchant", first, names) if len(found) == 1 else names.get(first, name)
    return Part("merchant", tuple(row["merchant"] for row in found), shown)


def _only_one_with(most_first: DataFrame, name: str, asked: str) -> list[dict[str, Any]]:
    """The merchant that has a name with these words in it."""
    rules = topic_rules()
    found = to_dicts(most_first.filter(F.exists("names", lambda known: known.contains(name))).limit(rules.suggestions + 1))
    if not found:
        known = to_dicts(most_first.select("name").filter(F.col("name").isNotNull()).limit(rules.suggested_from))
        raise not_known("merchant", asked, [row["name"] for row in known])
    if len(found) > 1:
        several = ", ".join(f"{row['name']} ({row['merchant']})" for row in found[: rules.suggestions])
        raise RadarError(f"several merchants may be meant by {asked}; name one of them, such as {several}")
    return found
