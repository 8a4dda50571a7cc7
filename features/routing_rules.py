"""The reviewed rules of routing (`routing.yml`), and the branches of the trees that they cover."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from warehouse.errors import RadarError
from warehouse.files import reference_yaml
from warehouse.strict import Name, Sentence, Strict

OURS, OUTSIDE = "ours", "outside"
PRODUCT, ISSUE, WORDS, DEFAULT = "product", "issue", "words", "default"
# A node that the trees could not judge, in conditions.
NONE = "none"

Share = Annotated[float, Field(gt=0, lt=1)]


class When(Strict):
    """What a rule asks for; see `routing.yml`. An empty list asks for nothing."""

    product: list[str] = []
    issue: list[str] = []
    words: list[str] = []
    at_least: Annotated[int, Field(ge=1)] = 1
    also: list[str] = []
    unless: list[str] = []
    online: bool | None = None
    kind: list[Literal["投诉", "举报", "咨询"]] = []

    @property
    def mentioned(self) -> list[str]:
        """Every word that it asks for or is taken back by."""
        return [*self.words, *self.also, *self.unless]

    @property
    def basis(self) -> str:
        """The most telling of what it asks for."""
        return WORDS if self.words else PRODUCT if self.product else ISSUE if self.issue else DEFAULT


class Example(Strict):
    """A matter that must reach the rule it stands with."""

    product: str | None = None
    issue: str | None = None
    words: list[str] = []
    online: bool = False
    kind: Literal["投诉", "举报", "咨询"] = "投诉"


class Rule(Strict):
    """See `routing.yml`."""

    id: Annotated[str, Field(pattern=r"^[A-Z-]+$")]
    zh: Sentence
    when: When
    evidence: Sentence
    source: Literal["statute", "unsourced"]
    confidence: Share
    examples: Annotated[list[Example], Field(min_length=1)]


class DutyRule(Rule):
    """Says whose duty a matter is."""

    duty: Literal["ours", "shared", "outside"]
    outside: list[Name] = []

    @model_validator(mode="after")
    def _names_who(self) -> DutyRule:
        if bool(self.outside) == (self.duty == OURS):
            raise ValueError(f"{self.id}: an authority where the duty is not ours, none where it is")
        return self


class UnitRule(Rule):
    """Says which unit handles what is ours."""

    unit: Name


class RoutingTable(Strict):
    """`routing.yml`; see there for what each part means."""

    version: int
    refusals: Name
    duty: list[DutyRule]
    unit: Annotated[list[UnitRule], Field(min_length=1)]

    @model_validator(mode="after")
    def _decides_everything(self) -> RoutingTable:
        ids = [rule.id for rule in (*self.duty, *self.unit)]
        if twice := sorted({rule for rule in ids if ids.count(rule) > 1}):
            raise ValueError(f"two rules are {', '.join(twice)}")
        if self.unit[-1].when != When():
            raise ValueError("the last rule of `unit` must hold for everything")
        return self


def lineage(tree: str, code: str | None) -> frozenset[str]:
    """A node and all above it, for rules that cover a whole branch: of products also `G` (goods) or `S` (services).

    Args:
        tree: `products` or `issues`.
        code: the node; `{none}` comes back for what the tree does not have.
    """
    return _lineages(tree).get(code or NONE, frozenset([NONE]))


@cache
def _lineages(tree: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}

    def add(node: dict[str, Any], above: frozenset[str]) -> None:
        found[node["code"]] = above | {node["code"]}
        for child in node.get("children", []):
            add(child, found[node["code"]])

    for root in reference_yaml(tree):
        # The first letter of a class of products tells goods from services.
        add(root, frozenset(root["code"][0]) if tree == "products" else frozenset())
    return found


@cache
def routing_table() -> RoutingTable:
    """The rules in force.

    Raises:
        RadarError: a rule names a node, a unit or an authority that there is not.
    """
    table, departments = RoutingTable.model_validate(reference_yaml("routing")), reference_yaml("departments")
    known = {NONE}.union(*_lineages("products").values()), {NONE}.union(*_lineages("issues").values())
    for rule in (*table.duty, *table.unit):
        for codes, allowed in zip((rule.when.product, rule.when.issue), known, strict=True):
            if strange := set(codes) - allowed:
                raise RadarError(f"routing.yml: {rule.id} names {', '.join(sorted(strange))}, which the trees do not have")
    if strange := {code for rule in table.duty for code in rule.outside} - {row["code"] for row in departments["authorities"]}:
        raise RadarError(f"routing.yml: departments.yml has no authority {', '.join(sorted(strange))}")
    if strange := {table.refusals, *(rule.unit for rule in table.unit)} - {row["code"] for row in departments["units"]}:
        raise RadarError(f"routing.yml: departments.yml has no unit {', '.join(sorted(strange))}")
    return table
